"""Lets the links of the page for a missing address work at every address.

That page is shown wherever nothing is found. sphinx-notfound-page writes the addresses of its menu
and its style sheets from the root of the server, but leaves the links in its text as they are.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


def lead_from_anywhere(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let links within the site begin at the root of the server."""
    if docname != app.config.notfound_pagename or app.builder.name != "html":
        return
    for link in doctree.findall(nodes.reference):
        if link.get("internal") and "refuri" in link:
            link["refuri"] = f"{app.config.notfound_urls_prefix or '/'}{link['refuri']}"


def setup(app: Sphinx) -> dict[str, Any]:
    """Come after what resolves the links; the settings are those of sphinx-notfound-page."""
    app.setup_extension("notfound.extension")
    app.connect("doctree-resolved", lead_from_anywhere)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
