"""What a page tells search engines and social networks of itself; every page must.

Each page says in `.. meta:: :description:` what it is about. A build warns where that is
missing, is the same as on another page, or has a length with which nobody can show it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import urljoin

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

DESCRIPTION = "description"
"""Under this name Sphinx's environment keeps the description with a page's other metadata."""
SHORTEST, LONGEST = 50, 160
"""Characters: less says nothing, and what is longer is cut off where it is shown."""
WITHOUT_SOURCE = {
    "genindex": "All index entries of {}: commands, options, errors and words, from A to Z.",
    "search": "Search all pages of {}, by a word, a command, or the text of an error.",
}
"""Descriptions of the pages that Sphinx makes by itself."""
COLOURS = {"light": "#17324a", "dark": "#0e1a26"}
"""What a browser paints its own bars with: `--banner` in reader.css."""
BUILDERS = ("html", "dirhtml")
CARD_SIZE = 1200, 630

logger = logging.getLogger(__name__)


def keep_description(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what a page says of itself, also for builds that do not read it again."""
    found = [meta["content"] for meta in doctree.findall(nodes.meta) if is_description(meta)]
    if found:
        app.env.metadata[app.env.docname][DESCRIPTION] = " ".join(found[0].split())


def is_description(meta: nodes.Element) -> bool:
    """Tell a description from other metadata."""
    return bool(meta.get("name") == DESCRIPTION)


def check_descriptions(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of each description that is missing, too short or long, or that of another page."""
    before: dict[str, str] = {}
    for docname in sorted(env.found_docs):
        description = env.metadata[docname].get(DESCRIPTION, "")
        if problem := wrong(description, before):
            logger.warning("%s", problem, location=docname, type="page_head")
        before[description] = docname


def wrong(description: str, before: dict[str, str]) -> str:
    """Say what is wrong with a description, and what to do; nothing, if it is right."""
    if not description:
        return (
            f"the page has no description. Add '.. meta::' with a ':{DESCRIPTION}:' of "
            f"{SHORTEST} to {LONGEST} characters, which says what a reader finds here"
        )
    if not SHORTEST <= len(description) <= LONGEST:
        todo = "Say more" if len(description) < SHORTEST else "Shorten it"
        return (
            f"the description of the page has {len(description)} characters; expected "
            f"{SHORTEST} to {LONGEST}. {todo} under '.. meta::'"
        )
    if other := before.get(description):
        return f"the description of the page is that of {other} too. Say what is only found here"
    return ""


def add_tags(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Put the tags into a page's head; nobody looks for them in a book."""
    if app.builder.name not in BUILDERS:
        return
    written = "".join(f"\n  {tag}" for tag in tags(app, pagename, context))
    context["metatags"] = Markup(context.get("metatags", "")) + Markup(written)


def tags(app: Sphinx, pagename: str, context: dict[str, Any]) -> Iterator[str]:
    """Write the tags of one page."""
    description = app.env.metadata.get(pagename, {}).get(DESCRIPTION, "")
    if pagename in WITHOUT_SOURCE:
        description = WITHOUT_SOURCE[pagename].format(app.config.project)
        yield tag("name", DESCRIPTION, description)
    for scheme, colour in COLOURS.items():
        media = f"(prefers-color-scheme: {scheme})"
        yield f'<meta name="theme-color" media="{media}" content="{colour}" />'
    yield tag("property", "og:title", title(app, pagename, context))
    if description:
        yield tag("property", "og:description", description)
    yield tag("property", "og:type", "website" if pagename == app.config.root_doc else "article")
    yield tag("property", "og:site_name", app.config.project)
    yield tag("property", "og:locale", "en_GB")
    yield from picture(app, context.get("pageurl"))


def title(app: Sphinx, pagename: str, context: dict[str, Any]) -> str:
    """Return a page's title, without the number of its chapter."""
    if pagename in app.env.titles:
        return app.env.titles[pagename].astext()
    return Markup(context.get("title", "")).striptags()


def picture(app: Sphinx, address: str | None) -> Iterator[str]:
    """Write the page's address and its picture, which nobody can find without it."""
    card = app.config.page_head_card
    if not (address and card):
        yield tag("name", "twitter:card", "summary")
        return
    yield tag("property", "og:url", address)
    yield tag("property", "og:image", urljoin(app.config.html_baseurl, card))
    yield tag("property", "og:image:alt", app.config.page_head_card_alt)
    for side, length in zip(("width", "height"), CARD_SIZE, strict=True):
        yield tag("property", f"og:image:{side}", str(length))
    yield tag("name", "twitter:card", "summary_large_image")


def tag(kind: str, name: str, content: str) -> str:
    """Write one tag."""
    return f'<meta {kind}="{name}" content="{escape(content)}" />'


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the settings, and keep, check and write what pages say of themselves."""
    app.add_config_value("page_head_card", "", "html", str)
    app.add_config_value("page_head_card_alt", "", "html", str)
    app.connect("doctree-read", keep_description)
    app.connect("env-check-consistency", check_descriptions)
    app.connect("html-page-context", add_tags)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
