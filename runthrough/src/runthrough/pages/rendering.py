"""The badges of pages while Sphinx builds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from runthrough.model.digests import Key, beginning, keys_after
from runthrough.model.paths import ReadingPath
from runthrough.model.settings import Settings
from runthrough.model.steps import Page
from runthrough.pages import closing, html, whole_files
from runthrough.pages.badges import Badge, badges_of, on_all_paths
from runthrough.pages.page_cache import pages_of
from runthrough.pages.results_file import Pages
from runthrough.reading.choosing import order_of
from runthrough.reading.continuing import PageOrder
from runthrough.reading.pages import page_and_blocks, page_of
from runthrough.reading.paths import PathPages
from runthrough.reading.starting import NOTE, settings_of

LISTINGS = (nodes.literal_block, nodes.doctest_block)
BLOCK_END = "</div>"


@dataclass
class BadgeRenderer:
    """Puts badges on the pages of one build."""

    app: Sphinx
    recorded_results: Pages
    about: str | None = None
    """The page that explains what is shown."""
    keys: dict[str, tuple[tuple[Key, ...], str]] = field(default_factory=dict)
    """By page: the names of its steps, and the name of all steps up to its end. A page on a path
    has a name of its own."""
    is_reading: bool = False
    """Whether a page is resolved to be read, and not to be shown."""

    @cached_property
    def order(self) -> PageOrder:
        """How pages follow each other; Sphinx has read them before the first one is shown."""
        return order_of(self.app, self.settings)

    @cached_property
    def settings(self) -> Settings:
        """What conf.py says about runs."""
        return settings_of(self.app)

    def show(self, doctree: nodes.document, docname: str) -> None:
        """Put a badge on every block of a resolved page that is a step, and sum the page up."""
        _, blocks = page_and_blocks(self.app, docname, doctree, self.order, self.settings)
        badges = self.badges(docname)
        files = {} if self.app.builder.name == "epub" else whole_files.of_page(badges)
        script = whole_files.write(self.app, docname, files) if files else ""
        for number, node in blocks.items():
            tick = html.tick(badges[number])
            if tick and isinstance(node, LISTINGS):
                put_on(node, tick)
            elif text := html.of_block(badges[number], number):
                put_after(node, text)
            if number in files:
                put_after(node, html.copy_whole(script, number))
        if head := html.of_head(badges, blocks):
            put_at_head(doctree, head)
        if last := closing.of_page(badges, self.explanation(docname)):
            doctree.append(RawHtml(html=last))

    def explanation(self, docname: str) -> str:
        """Link to the page that explains what is shown, unless this is that page."""
        if self.about is None or self.about == docname:
            return ""
        title = self.app.env.titles.get(self.about)
        if title is None:
            return ""
        address = self.app.builder.get_relative_uri(docname, self.about)
        return f' <a href="{escape(address)}">{escape(title.astext())}</a>.'

    def sum_up(self) -> str:
        """Return what is known about the whole site."""
        return closing.of_site([self.badges(name) for name in sorted(self.app.env.found_docs)])

    def badges(self, docname: str) -> tuple[Badge, ...]:
        """Return what is known about each step of a page, on all paths that it's run on."""
        pages = [self.paths.ordinary(docname)]
        for path in self.settings.paths:
            if docname in (on_path := self.paths.on(path)):
                pages.append(on_path[docname])
        return on_all_paths([self.badges_on(page) for page in pages])

    def badges_on(self, page: Page) -> tuple[Badge, ...]:
        """Return what is known about each step of a page on its path."""
        keys, _ = self.named(page)
        return badges_of(page, keys, self.recorded_results.get(page.docname, ()))

    def named(self, page: Page, passed: tuple[str, ...] = ()) -> tuple[tuple[Key, ...], str]:
        """Name the steps of a page, and all steps up to its end."""
        if page.docname not in self.keys:
            before = self.before(page.continues, (*passed, page.docname))
            self.keys[page.docname] = keys_after(before, page)
        return self.keys[page.docname]

    def before(self, name: str | None, passed: tuple[str, ...]) -> str:
        """Name all steps up to the end of a page; pages that go round in a circle have none."""
        if name is None or name in passed:
            return beginning(self.settings)
        return self.named(self.paths.named(name), passed)[1]

    @cached_property
    def paths(self) -> PathPages:
        """The pages as values; each is read where it is not known."""
        return PathPages(
            self.app,
            self.settings,
            sorted(self.app.env.found_docs),
            self.read,
            pages_of(self.app.env),
        )

    def read(self, docname: str, path: ReadingPath) -> Page:
        """Read a page as a reader on a path meets it."""
        self.is_reading = True
        try:
            return page_of(self.app, docname, self.order, self.settings, path)
        finally:
            self.is_reading = False


def put_on(node: nodes.Element, tick: str) -> None:
    """Put a tick into a block's caption, or into its corner if it has none."""
    wrapper = node.parent
    caption = wrapper.next_node(nodes.caption) if is_wrapper(wrapper) else None
    if caption is None:
        wrapper.insert(wrapper.index(node) + 1, CornerHtml(html=tick))
    else:
        caption.append(RawHtml(html=tick))


def is_wrapper(node: nodes.Node) -> bool:
    """Return whether a node contains a block together with its caption."""
    return "literal-block-wrapper" in getattr(node, "attributes", {}).get("classes", [])


def put_after(node: nodes.Element, text: str) -> None:
    """Put HTML under a block, its caption and the lines that explain its options."""
    while (
        isinstance(node.parent, nodes.TextElement)
        or node.parent.tagname in ("definition_list_item", "definition_list")
        or is_wrapper(node.parent)
    ):
        node = node.parent
    position = node.parent.index(node) + 1
    position = after_notes(node.parent, position)
    while position < len(node.parent) and isinstance(node.parent[position], RawHtml):
        position += 1  # of an earlier step: what the prose says may come after a block
    node.parent.insert(position, RawHtml(html=text))


def put_at_head(doctree: nodes.document, text: str) -> None:
    """Put HTML under the title of a page, and what is said there of its beginning."""
    title = doctree.next_node(nodes.title)
    if title is None:
        doctree.insert(0, RawHtml(html=text))
    else:
        position = title.parent.index(title) + 1
        title.parent.insert(after_notes(title.parent, position), RawHtml(html=text))


def after_notes(parent: nodes.Element, position: int) -> int:
    """Skip a block's tick, and the lines that we have put there for the reader."""
    while position < len(parent) and (
        isinstance(parent[position], CornerHtml)
        or NOTE in getattr(parent[position], "attributes", {}).get("classes", [])
    ):
        position += 1
    return position


class RawHtml(nodes.General, nodes.Element):
    """HTML that appears on a page but isn't part of its text, so a search doesn't find it."""


def visit_raw_html(translator: HTML5Translator, node: RawHtml) -> None:
    """Write the HTML as it is."""
    translator.body.append(node["html"])
    raise nodes.SkipNode


class CornerHtml(nodes.General, nodes.Element):
    """HTML that belongs inside the block before it, which Sphinx writes in one piece."""


def visit_corner_html(translator: HTML5Translator, node: CornerHtml) -> None:
    """Write the HTML before the tag that ends the block; after it where a theme has another end."""
    block = translator.body.pop() if translator.body else ""
    inside, end, after = block.rpartition(BLOCK_END)
    is_block = bool(end) and not after.strip()
    translator.body.append(
        f"{inside}{node['html']}{end}{after}" if is_block else block + node["html"]
    )
    raise nodes.SkipNode
