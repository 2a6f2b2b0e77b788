"""What `nox -s bench` runs."""
