"""Leads from the addresses that pages once had to where they are now.

The pages about runthrough have a site of their own. What links to them here is led there, wherever
that site has an address of its own, as it has on Read the Docs.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

TO_RUNTHROUGH = {
    "runthrough/blocks": "blocks",
    "runthrough/check-the-checks": "check-the-checks",
    "runthrough/ci": "ci",
    "runthrough/index": "index",
    "runthrough/limits": "limits",
    "runthrough/matching": "matching",
    "runthrough/running": "running",
    "runthrough/server": "server",
    "runthrough/settings": "settings",
    "runthrough/stand-ins": "placeholders",
    "runthrough/start": "start",
}
"""Pages that this site had, and what they are called on the site of runthrough."""
MOVED: dict[str, str] = {}
"""Pages of this site that have another name now, such as {"how-to/old": "how-to/new"}."""


def lead_on(app: Sphinx, config: Config) -> None:
    """Give sphinx-reredirects the old addresses, where they lead anywhere."""
    base: str = config.neighbour_address
    redirects = {old: "../" * old.count("/") + f"{new}.html" for old, new in MOVED.items()}
    if urlsplit(base).scheme in ("http", "https"):
        redirects |= {old: f"{base.rstrip('/')}/{new}.html" for old, new in TO_RUNTHROUGH.items()}
    if redirects:
        app.setup_extension("sphinx_reredirects")
        config.redirects = redirects


def setup(app: Sphinx) -> dict[str, Any]:
    """Come after `neighbour`, which has the address of the other site."""
    app.setup_extension("neighbour")
    app.connect("config-inited", lead_on)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
