"""The tutorial of a web application."""

project = "Tea shop"
extensions = ["runthrough"]
# Each run gets a free port in the place of this one.
runthrough_ports = {8000: ""}
runthrough_patterns = {"moment": r"\d\d/\w{3}/\d{4} \d\d:\d\d:\d\d"}
