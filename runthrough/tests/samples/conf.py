"""The settings of the sample pages: one small page for each behaviour."""

project = "Samples"
extensions = ["sphinx_design"]
exclude_patterns = ["included/*"]

runthrough_timeout = 60
runthrough_captures = {"revision": r"[0-9a-f]{12}"}
runthrough_patterns = {"date": r"\d{4}-\d\d-\d\d", "duration": r"\d+\.\d+s"}
runthrough_must_have_steps = ["tutorial/*"]
runthrough_dialects = {
    "python-session": {"sessions": ["console", "pycon"]},
    "files-shown": {
        "files": ["cat"],
        "tabs": ["*.tsv"],
        "blanks": "folded",
    },
    "files-*": {
        "like": "common",
        "files": ["caption", "first line", "sentence", "command", "literalinclude"],
        "listings": "replace",
    },
    "paths-from-start": {"listings": "create", "paths": "start"},
}
runthrough_ports = {8765: "", 5050: "TEA_PORT"}
