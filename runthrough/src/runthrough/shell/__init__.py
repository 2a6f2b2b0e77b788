"""One bash at a terminal, and what it says."""
