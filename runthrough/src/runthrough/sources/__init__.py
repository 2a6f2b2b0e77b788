"""A site's own files: which of them git has no copy of, and how they are replaced."""
