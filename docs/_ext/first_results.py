"""Let the search put first what is called as its reader calls it, and the errors they paste."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

FOLDER = "troubleshooting/"
SCRIPTS = ("first-results.js", "titles-first.js", "pasted-errors.js")
"""In their order: the first has what the others call, and what the last one finds is on top."""


def setup(app: Sphinx) -> dict[str, bool]:
    """Put scripts and what they look through into the page of the search, and into no other."""
    app.connect("html-page-context", add_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_scripts(app: Sphinx, pagename: str, *_: Any) -> None:
    """Add the scripts and the errors to the page, if it is the page of the search."""
    if pagename != "search":
        return
    found = [one for docname in sorted(app.env.found_docs) for one in errors_of(app, docname)]
    # In a page, "<" could begin the end of a script.
    data = json.dumps(found).replace("<", r"\u003c")
    app.add_js_file(None, body=f"const ERRORS = {data};")
    for script in SCRIPTS:
        app.add_js_file(script, loading_method="defer")


def errors_of(app: Sphinx, docname: str) -> Iterator[dict[str, object]]:
    """Yield the sections of a page that answer an error, each with its main entries in the index.

    On a troubleshooting page that's every section, because its heading is an error. On any other
    page it's a section with a main entry.
    """
    doctree = app.env.get_doctree(docname)
    entries = main_entries(doctree)
    is_list_of_errors = docname.startswith(FOLDER)
    for section in doctree.findall(nodes.section):
        texts = [text for target, text in entries if target in section["ids"]]
        if section.parent is doctree or not (texts or is_list_of_errors):
            continue
        yield {
            "page": docname,
            "anchor": section["ids"][0],
            "heading": section[0].astext(),
            "headingIsError": is_list_of_errors,
            "entries": texts,
        }


def main_entries(doctree: nodes.document) -> list[tuple[str, str]]:
    """List what `! single: ...` before a heading says, and the id that the heading has from it."""
    return [
        (target, text)
        for index in doctree.findall(addnodes.index)
        for _, text, target, main, _ in index["entries"]
        if main
    ]
