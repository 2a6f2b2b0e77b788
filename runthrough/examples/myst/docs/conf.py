"""A site in Markdown."""

project = "Tea"
extensions = ["myst_parser", "runthrough"]
