"""Read a site as its reader meets it, through Sphinx, which nothing else imports."""
