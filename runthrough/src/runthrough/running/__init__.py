"""Run steps in reading order, and tell what became of each."""
