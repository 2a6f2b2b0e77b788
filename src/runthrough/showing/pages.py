"""The marks of pages while Sphinx builds them."""

from __future__ import annotations

from dataclasses import dataclass, field

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from runthrough.reading.pages import page_and_blocks, resolved
from runthrough.reading.starting import NOTE, settings_of
from runthrough.showing import html
from runthrough.showing.digests import keys_after
from runthrough.showing.marks import marks_of
from runthrough.showing.receipts import Pages


@dataclass
class Showing:
    """Puts marks on the pages of one build."""

    app: Sphinx
    receipts: Pages
    ends: dict[str, str] = field(default_factory=dict)
    """What all steps up to the end of a page are named by, for pages that continue from it."""
    is_reading: bool = False
    """Whether a page is resolved to be read, and not to be shown."""

    def show(self, doctree: nodes.document, docname: str) -> None:
        """Mark every block of a resolved page that is a step."""
        names = sorted(self.app.env.found_docs)
        page, blocks = page_and_blocks(self.app, docname, doctree, names, settings_of(self.app))
        keys, self.ends[docname] = keys_after(self.before(page.continues, (docname,)), page)
        marks = marks_of(page, keys, self.receipts.get(docname, ()))
        for number, node in blocks.items():
            put_after(node, html.of_block(marks[number], number))
        if head := html.of_page(marks, blocks):
            put_at_head(doctree, head)

    def before(self, docname: str | None, passed: tuple[str, ...] = ()) -> str:
        """Name all steps up to the end of a page; pages that go round in a circle have none."""
        if docname is None or docname in passed:
            return ""
        if docname not in self.ends:
            doctree = self.read(docname)
            names = sorted(self.app.env.found_docs)
            page, _ = page_and_blocks(self.app, docname, doctree, names, settings_of(self.app))
            start = self.before(page.continues, (*passed, docname))
            self.ends[docname] = keys_after(start, page)[1]
        return self.ends[docname]

    def read(self, docname: str) -> nodes.document:
        """Resolve a page without marks."""
        self.is_reading = True
        try:
            return resolved(self.app, docname)
        finally:
            self.is_reading = False


def put_after(node: nodes.Element, text: str) -> None:
    """Put HTML under a block, its caption and the lines that explain its options."""
    while node.parent.tagname in ("definition_list_item", "definition_list") or (
        "literal-block-wrapper" in node.parent.get("classes", [])
    ):
        node = node.parent
    position = node.parent.index(node) + 1
    node.parent.insert(after_notes(node.parent, position), Shown(html=text))


def put_at_head(doctree: nodes.document, text: str) -> None:
    """Put HTML under the title of a page, and what is said there of its beginning."""
    title = doctree.next_node(nodes.title)
    if title is None:
        doctree.insert(0, Shown(html=text))
    else:
        position = title.parent.index(title) + 1
        title.parent.insert(after_notes(title.parent, position), Shown(html=text))


def after_notes(parent: nodes.Element, position: int) -> int:
    """Pass over the lines that we have put there for the reader."""
    while position < len(parent) and NOTE in getattr(parent[position], "attributes", {}).get(
        "classes", []
    ):
        position += 1
    return position


class Shown(nodes.General, nodes.Element):
    """HTML that stands on a page and is no text of it: a search does not find it."""


def visit_shown(translator: HTML5Translator, node: Shown) -> None:
    """Write the HTML as it is."""
    translator.body.append(node["html"])
    raise nodes.SkipNode
