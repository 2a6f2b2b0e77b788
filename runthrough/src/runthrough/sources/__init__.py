"""A site's own files: what git does not hold of them, and how they are replaced."""
