"""Compare texts of the page with texts of the run, whose values differ on every run."""
