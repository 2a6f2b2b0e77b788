"""Let the search put first what is called as the reader calls it."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

SCRIPT = "titles-first.js"


def setup(app: Sphinx) -> dict[str, bool]:
    """Put a script into the page of the search, and into no other."""
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_script(app: Sphinx, pagename: str, *_: Any) -> None:
    """Add the script to the page, if it is the page of the search."""
    if pagename == "search":
        app.add_js_file(SCRIPT, loading_method="defer")
