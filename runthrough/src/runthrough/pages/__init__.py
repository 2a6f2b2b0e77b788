"""Show on the pages what became of their blocks: result file -> marks -> HTML."""
