"""A tutorial on a database."""

project = "Stock"
extensions = ["runthrough"]
# The address as readers type it; each run gets an empty database of its own.
runthrough_database = "postgresql://ada:grey@localhost/shop"
