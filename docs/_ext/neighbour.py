"""Links to runthrough's own site, which is built beside this one.

A page writes `its settings <runthrough:settings>`__, where `settings` is a page of that site. The
setting `neighbour_address` says where the site is: an address, or a path from the folder of this
site's HTML. Without one, as in a book that's read somewhere else, the words aren't a link.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx

SCHEME = "runthrough:"
NEAR = ("html", "dirhtml", "singlehtml")
"""Builders whose result lies where the path of a neighbour starts."""


def link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give the links of a page their addresses."""
    for reference in list(doctree.findall(nodes.reference)):
        name = reference.get("refuri", "")
        if name.startswith(SCHEME):
            if address := address_of(app, docname, name.removeprefix(SCHEME)):
                reference["refuri"] = address
            else:
                reference.replace_self(reference.children)


def address_of(app: Sphinx, docname: str, name: str) -> str:
    """Return where a page of the neighbour is, seen from one of ours; "" where that isn't known."""
    base: str = app.config.neighbour_address
    page, hash_mark, fragment = name.partition("#")
    if not base or not (urlsplit(base).scheme or app.builder.name in NEAR):
        return ""
    if not urlsplit(base).scheme and app.builder.name != "singlehtml":
        here = app.builder.get_target_uri(docname)
        base = "../" * here.count("/") + base
    return f"{base.rstrip('/')}/{page}.html{hash_mark}{fragment}"


def setup(app: Sphinx) -> dict[str, Any]:
    """Find the addresses when the pages are written."""
    app.add_config_value("neighbour_address", "", "env", str)
    app.connect("doctree-resolved", link)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
