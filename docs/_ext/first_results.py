"""Let the search answer its readers' own words, and the errors they paste."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import shorten
from typing import Any

from docutils import nodes
from llms_text import describe
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

FOLDER = "troubleshooting/"
"""Where each heading is an error."""
SUGGESTIONS = "suggestions.js"
"""On every page; it has what the others call, too."""
SCRIPTS = ("first-results.js", "own-words.js", "pasted-errors.js", "search-results.js")
"""In their order: the first has what the others call, and what the last one finds is on top."""
DATA = "search-pages.js"
"""The sections and synonyms: the search loads them, and a page once its reader uses the field."""
LEADS = "_search"
"""Where the built site has, for each page, how its sections begin: a result loads its own."""
OF_A_RUN = re.compile(r"\d|[0-9a-f]{12}(?:_|$)")
"""What begins a word that only outputs have: a number, or the name of a migration's file."""
LONGEST = 150
"""Characters of such a beginning."""
SYNONYMS = Path(__file__).with_name("synonyms.json")


def setup(app: Sphinx) -> dict[str, bool]:
    """Put scripts and what they look through into the page of the search, and into no other."""
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", slim_index)
    app.add_css_file("search.css", priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_scripts(app: Sphinx, pagename: str, *_: Any) -> None:
    """Add the scripts, the sections and the synonyms to the page, if it is that of the search."""
    if app.builder.format != "html" or app.builder.name == "epub":
        return
    scripts: tuple[str, ...] = (SUGGESTIONS,)
    if pagename == "search":
        write_data(app)
        scripts = (DATA, SUGGESTIONS, *SCRIPTS)
    for script in scripts:
        app.add_js_file(script, loading_method="defer")


def write_data(app: Sphinx) -> None:
    """Write what the search looks through, and what it shows of each section it finds."""
    pages = []
    for docname in sorted(app.env.found_docs - {"404"}):
        doctree = app.env.get_doctree(docname)
        pages.append(page_of(app.env, docname, doctree))
        file = Path(app.outdir, LEADS, f"{docname}.js")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"document.currentScript.leads = {compact(leads_of(doctree))};\n")
    synonyms = json.loads(SYNONYMS.read_text())
    data = f"const PAGES = {compact(pages)};\nconst SYNONYMS = {compact(synonyms)};\n"
    static = Path(app.outdir, "_static")
    static.mkdir(parents=True, exist_ok=True)
    (static / DATA).write_text(data)


def compact(data: object) -> str:
    """Write data for a script, in as few characters as it takes."""
    return json.dumps(data, separators=(",", ":"))


def slim_index(app: Sphinx, exception: Exception | None) -> None:
    """Leave out of Sphinx's index what our data has too: headings, and entries in the index."""
    file = Path(app.outdir, "searchindex.js")
    if exception is not None or app.builder.name not in ("html", "dirhtml") or not file.exists():
        return
    before, after = "Search.setIndex(", ")"
    index = json.loads(file.read_text().removeprefix(before).removesuffix(after))
    # A query is in lower case; words in capitals are those that Sphinx ignores in lower case.
    terms = {
        word: files
        for word, files in index["terms"].items()
        if word == word.lower() and not OF_A_RUN.match(word)
    }
    slim = {**index, "alltitles": {}, "indexentries": {}, "titleterms": {}, "terms": terms}
    file.write_text(f"{before}{compact(slim)}{after}")


def leads_of(doctree: nodes.document) -> dict[str, str]:
    """Return how each section begins, by its anchor; the page itself has an empty one."""
    leads = {}
    for section in doctree.findall(nodes.section):
        paragraphs = (node for node in section.children if isinstance(node, nodes.paragraph))
        text = next((node.astext() for node in paragraphs if not is_note(node)), "")
        if text:
            anchor = "" if section.parent is doctree else section["ids"][0]
            leads[anchor] = shorten(" ".join(text.split()), LONGEST, placeholder=" …")
    return leads


def is_note(node: nodes.Element) -> bool:
    """Return whether a paragraph is a line that runthrough has put there."""
    return any(name.startswith("runthrough-") for name in node["classes"])


def page_of(env: BuildEnvironment, docname: str, doctree: nodes.document) -> dict[str, object]:
    """Return what the search has to know of a page; its first section is the page itself."""
    entries = entries_of(doctree)
    sections = list(doctree.findall(nodes.section))
    return {
        "page": docname,
        "title": sections[0][0].astext() if sections else "",
        "description": describe(env, docname),
        "headingsAreErrors": docname.startswith(FOLDER),
        "sections": [
            [
                anchor_of(section, doctree),
                section[0].astext(),
                [
                    f"!{text}" if main else text
                    for text, main in entries.get(section["ids"][0], ())
                    if main or text.lower() not in section[0].astext().lower()
                ],
            ]
            for section in sections
        ],
    }


def anchor_of(section: nodes.section, doctree: nodes.document) -> str | int:
    """Return the anchor of a section, or 1 where the script can make it of the heading."""
    if section.parent is doctree:
        return ""
    made = re.sub("[^a-z0-9]+", "-", section[0].astext().lower()).strip("-")
    return 1 if section["ids"][0] == made else str(section["ids"][0])


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
