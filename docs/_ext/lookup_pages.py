"""Leaves out where a page begins, on pages that people look things up in.

Such a page needs the tutorial's project to be run, but not to be read. Without the line that says
so, runthrough doesn't offer the project there either.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

FOLDERS = ("reference/", "explanation/")
NOTE = "runthrough-note"
"""The class of the line, in runthrough."""
BEFORE_THE_OFFER = 400


def leave_out_where_it_begins(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Remove the line that names the page before, from a page in one of the folders."""
    if docname.startswith(FOLDERS):
        for line in list(doctree.findall(nodes.paragraph)):
            if NOTE in line["classes"] and line.astext().startswith("Continues from"):
                line.parent.remove(line)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("doctree-resolved", leave_out_where_it_begins, priority=BEFORE_THE_OFFER)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
