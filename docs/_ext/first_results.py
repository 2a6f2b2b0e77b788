"""Let the search answer its readers' own words, and the errors they paste."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from llms_text import describe
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

FOLDER = "troubleshooting/"
"""Where each heading is an error."""
SCRIPTS = ("first-results.js", "own-words.js", "pasted-errors.js")
"""In their order: the first has what the others call, and what the last one finds is on top."""
SYNONYMS = Path(__file__).with_name("synonyms.json")


def setup(app: Sphinx) -> dict[str, bool]:
    """Put scripts and what they look through into the page of the search, and into no other."""
    app.connect("html-page-context", add_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_scripts(app: Sphinx, pagename: str, *_: Any) -> None:
    """Add the scripts, the sections and the synonyms to the page, if it is that of the search."""
    if pagename != "search":
        return
    docnames = sorted(app.env.found_docs - {"404"})
    pages = [page_of(app.env, docname) for docname in docnames]
    synonyms = json.loads(SYNONYMS.read_text())
    app.add_js_file(None, body=f"const PAGES = {in_a_page(pages)};")
    app.add_js_file(None, body=f"const SYNONYMS = {in_a_page(synonyms)};")
    for script in SCRIPTS:
        app.add_js_file(script, loading_method="defer")


def in_a_page(data: object) -> str:
    """Write data for a script within a page, where "<" could begin the end of the script."""
    return json.dumps(data, separators=(",", ":")).replace("<", r"\u003c")


def page_of(env: BuildEnvironment, docname: str) -> dict[str, object]:
    """Return what the search has to know of a page; its first section is the page itself."""
    doctree = env.get_doctree(docname)
    entries = entries_of(doctree)
    sections = list(doctree.findall(nodes.section))
    return {
        "page": docname,
        "title": sections[0][0].astext() if sections else "",
        "description": describe(env, docname),
        "headingsAreErrors": docname.startswith(FOLDER),
        "sections": [
            {
                "anchor": "" if section.parent is doctree else section["ids"][0],
                "heading": section[0].astext(),
                "entries": [text for text, _ in entries.get(section["ids"][0], ())],
                "main": [text for text, main in entries.get(section["ids"][0], ()) if main],
            }
            for section in sections
        ],
    }


def entries_of(doctree: nodes.document) -> dict[str, list[tuple[str, bool]]]:
    """List the entries in the index by the first id of the section that they are in or above.

    With each entry comes whether it is a main one, such as `! single: ...`.
    """
    sections = {name: one for one in doctree.findall(nodes.section) for name in one["ids"]}
    found: dict[str, list[tuple[str, bool]]] = {}
    for index in doctree.findall(addnodes.index):
        for _, text, target, main, _ in index["entries"]:
            section = sections.get(target) or section_around(index) or next(iter(sections.values()))
            found.setdefault(section["ids"][0], []).append((text, bool(main)))
    return found


def section_around(node: nodes.Node) -> nodes.Element | None:
    """Return the section that a node is in."""
    parent = node.parent
    while parent is not None and not isinstance(parent, nodes.section):
        parent = parent.parent
    return parent
