"""The site of a command-line tool."""

project = "teatime"
extensions = ["runthrough"]
# Where the pages find the command. A tool that's installed is found in ../.venv/bin.
runthrough_path = ["../bin"]
