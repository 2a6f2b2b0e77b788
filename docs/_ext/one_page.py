"""Fixes the links of the site on one page, which Read the Docs packs for download.

Sphinx writes a link to a section of another document with two fragments, #document-name#section,
which leads nowhere.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

TWICE = re.compile(r"^#document-[^#]+(?=#.)")


def lead_to_sections(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Leave the second fragment alone: a label is there once on the whole site."""
    if app.builder.name != "singlehtml":
        return
    for link in doctree.findall(nodes.reference):
        if "refuri" in link:
            link["refuri"] = TWICE.sub("", link["refuri"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Come after what resolves the links."""
    app.connect("doctree-resolved", lead_to_sections)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
