"""Show the results of blocks on their pages: result file -> marks -> HTML."""
