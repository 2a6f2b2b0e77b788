"""What is left at the end of a page, kept so that other pages can begin with it."""
