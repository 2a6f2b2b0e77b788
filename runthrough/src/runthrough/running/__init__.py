"""Run steps in reading order, and report the result of each."""
