"""The settings of the sample pages in Markdown."""

project = "Samples in Markdown"
extensions = ["myst_parser"]

runthrough_timeout = 60
