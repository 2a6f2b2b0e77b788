"""Read a site through Sphinx, as its reader sees it."""
