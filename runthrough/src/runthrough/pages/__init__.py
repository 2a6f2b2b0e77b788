"""Show on the pages what became of their blocks: outcomes file -> marks -> HTML."""
