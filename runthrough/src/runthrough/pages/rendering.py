"""The badges of pages while Sphinx builds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from runthrough.model.digests import Key, beginning, keys_after
from runthrough.model.settings import Settings
from runthrough.model.steps import Page
from runthrough.pages import closing, html
from runthrough.pages.badges import Badge, badges_of
from runthrough.pages.page_cache import pages_of
from runthrough.pages.results_file import Pages
from runthrough.reading.pages import page_and_blocks, page_of
from runthrough.reading.starting import NOTE, settings_of


@dataclass
class BadgeRenderer:
    """Puts badges on the pages of one build."""

    app: Sphinx
    recorded_results: Pages
    about: str | None = None
    """The page that explains what is shown."""
    keys: dict[str, tuple[tuple[Key, ...], str]] = field(default_factory=dict)
    """By page: the names of its steps, and the name of all steps up to its end."""
    is_reading: bool = False
    """Whether a page is resolved to be read, and not to be shown."""

    @cached_property
    def names(self) -> list[str]:
        """The names of all pages; Sphinx has found them before the first one is shown."""
        return sorted(self.app.env.found_docs)

    @cached_property
    def settings(self) -> Settings:
        """What conf.py says about runs."""
        return settings_of(self.app)

    def show(self, doctree: nodes.document, docname: str) -> None:
        """Mark every block of a resolved page that is a step, and sum the page up."""
        _, blocks = page_and_blocks(self.app, docname, doctree, self.names, self.settings)
        badges = self.badges(docname)
        for number, node in blocks.items():
            if text := html.of_block(badges[number], number):
                put_after(node, text)
        if head := html.of_head(badges, blocks):
            put_at_head(doctree, head)
        if last := closing.of_page(badges, self.explanation(docname)):
            doctree.append(RawHtml(html=last))

    def explanation(self, docname: str) -> str:
        """Lead to the page that explains what is shown, unless this is that page."""
        if self.about is None or self.about == docname:
            return ""
        title = self.app.env.titles.get(self.about)
        if title is None:
            return ""
        address = self.app.builder.get_relative_uri(docname, self.about)
        return f' <a href="{escape(address)}">{escape(title.astext())}</a>.'

    def sum_up(self) -> str:
        """Say what is known of the whole site."""
        return closing.of_site([self.badges(name) for name in sorted(self.app.env.found_docs)])

    def badges(self, docname: str) -> tuple[Badge, ...]:
        """Return what is known of each step of a page."""
        keys, _ = self.named(docname)
        return badges_of(self.page(docname), keys, self.recorded_results.get(docname, ()))

    def named(self, docname: str, passed: tuple[str, ...] = ()) -> tuple[tuple[Key, ...], str]:
        """Name the steps of a page, and all steps up to its end."""
        if docname not in self.keys:
            page = self.page(docname)
            before = self.before(page.continues, (*passed, docname))
            self.keys[docname] = keys_after(before, page)
        return self.keys[docname]

    def before(self, docname: str | None, passed: tuple[str, ...]) -> str:
        """Name all steps up to the end of a page; pages that go round in a circle have none."""
        if docname is None or docname in passed:
            return beginning(self.settings)
        return self.named(docname, passed)[1]

    def page(self, docname: str) -> Page:
        """Return a page as a value; it is read where it is not known."""
        known = pages_of(self.app.env)
        if docname not in known:
            self.is_reading = True
            try:
                known[docname] = page_of(self.app, docname, self.names, self.settings)
            finally:
                self.is_reading = False
        return known[docname]


def put_after(node: nodes.Element, text: str) -> None:
    """Put HTML under a block, its caption and the lines that explain its options."""
    while (
        isinstance(node.parent, nodes.TextElement)
        or node.parent.tagname in ("definition_list_item", "definition_list")
        or "literal-block-wrapper" in node.parent.get("classes", [])
    ):
        node = node.parent
    position = node.parent.index(node) + 1
    node.parent.insert(after_notes(node.parent, position), RawHtml(html=text))


def put_at_head(doctree: nodes.document, text: str) -> None:
    """Put HTML under the title of a page, and what is said there of its beginning."""
    title = doctree.next_node(nodes.title)
    if title is None:
        doctree.insert(0, RawHtml(html=text))
    else:
        position = title.parent.index(title) + 1
        title.parent.insert(after_notes(title.parent, position), RawHtml(html=text))


def after_notes(parent: nodes.Element, position: int) -> int:
    """Pass over the lines that we have put there for the reader."""
    while position < len(parent) and NOTE in getattr(parent[position], "attributes", {}).get(
        "classes", []
    ):
        position += 1
    return position


class RawHtml(nodes.General, nodes.Element):
    """HTML that stands on a page and is no text of it: a search does not find it."""


def visit_raw_html(translator: HTML5Translator, node: RawHtml) -> None:
    """Write the HTML as it is."""
    translator.body.append(node["html"])
    raise nodes.SkipNode
