"""Writes a resolved page as Markdown, for readers that are programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from docutils import nodes
from plain_tables import row, rule
from sphinx import addnodes

Address = Callable[[str], str]
"""Turns an address that a page links to into the one to write."""

SUMMARY = re.compile(r"<summary>(.*?)</summary>", re.DOTALL)
"""What a reader sees of a fold that is written as HTML."""
FENCE = "```"
DOWNLOADS = "/_downloads"
"""Where Sphinx puts the files that pages offer, from the root of the site."""


def page_text(doctree: nodes.Element, address: Address) -> str:
    """Write a whole page; what a reader of the HTML does not see is left out."""
    blocks = Writer(address).blocks(doctree)
    return "\n\n".join(block for block in blocks if block.strip()) + "\n"


class Writer:
    """Yields a page's blocks: paragraphs, listings, tables, each without a last line break."""

    def __init__(self, address: Address) -> None:
        self.address = address

    def blocks(self, parent: nodes.Element) -> Iterator[str]:
        """Write what an element holds, one block after the other."""
        for node in parent.children:
            yield from self.block(node)

    def block(self, node: nodes.Node) -> Iterator[str]:
        """Write one block; an element that is not named here is what it holds."""
        match node:
            case nodes.Invisible() | nodes.system_message():
                return
            case nodes.title() if isinstance(node.parent, nodes.section):
                yield f"{'#' * level(node)} {self.inline(node)}"
            case nodes.title() | nodes.rubric():
                yield f"**{self.inline(node)}**"
            case nodes.Element() if node.tagname == "dropdown_title":
                yield f"**{self.inline(node)}**"
            case nodes.caption():
                yield f"{self.inline(node)}:"
            case nodes.literal_block() | nodes.doctest_block():
                yield listing(node)
            case nodes.Element() if node.tagname == "Listing":  # of gino_calls
                yield listing(node)
            case nodes.Element() if isinstance(node, (nodes.Admonition, nodes.block_quote)):
                yield self.quote(node)
            case nodes.bullet_list() | nodes.enumerated_list():
                yield self.items(node)
            case nodes.definition_list_item():
                yield self.definition(node)
            case nodes.Element() if node.tagname in ("diagram", "recording"):
                yield f"[{node.tagname.capitalize()}: {node['title']}. {node['alt']}]"
                yield from (self.inline(caption) for caption in parts(node))
            case nodes.table():
                yield from self.table(node)
            case nodes.raw():
                yield from (f"**{words}**" for words in SUMMARY.findall(node.astext()))
            case nodes.TextElement() if not has_blocks(node):
                yield self.inline(node)
            case nodes.container() if node.get("design_component") == "tab-set":
                yield self.tabs(node)
            case nodes.image():
                yield self.inline_node(node)
            case nodes.Element():
                yield from self.blocks(node)

    def quote(self, node: nodes.Element) -> str:
        """Write a box; an admonition without a title of its own is named by its kind."""
        named = isinstance(node, nodes.block_quote) or isinstance(node[0], nodes.title)
        label = "" if named else f"**{node.tagname.capitalize()}**\n\n"
        text = label + self.joined(node)
        return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))

    def joined(self, node: nodes.Element, between: str = "\n\n") -> str:
        """Write what an element holds as one block."""
        return between.join(self.blocks(node))

    def items(self, node: nodes.Element) -> str:
        """Write a list: close together where each item is one line."""
        is_counted = isinstance(node, nodes.enumerated_list)
        counted = enumerate(parts(node), node.get("start", 1))
        texts = [
            indented(self.joined(item), f"{number}." if is_counted else "-")
            for number, item in counted
        ]
        return ("\n" if all("\n\n" not in text for text in texts) else "\n\n").join(texts)

    def definition(self, node: nodes.Element) -> str:
        """Write the terms, and what they mean."""
        terms = ", ".join(self.inline(term) for term in node.findall(nodes.term))
        meaning = "\n\n".join(self.joined(part) for part in node.findall(nodes.definition))
        return indented(f"**{terms}**: {meaning}", "-")

    def tabs(self, node: nodes.Element) -> str:
        """Write each tab as the item of a list, so that it is seen where it ends."""
        labels = [self.inline(tab) for tab in parts(node) if tab.tagname == "sd_tab_label"]
        contents = [self.joined(tab) for tab in parts(node) if isinstance(tab, nodes.container)]
        pairs = zip(labels, contents, strict=True)
        return "\n\n".join(indented(f"Tab “{label}”:\n\n{text}", "-") for label, text in pairs)

    def table(self, node: nodes.Element) -> Iterator[str]:
        """Write a caption, and the rows."""
        if isinstance(node[0], nodes.title):
            yield f"**{self.inline(node[0])}**"
        rows = [
            [self.joined(cell, " ") for cell in parts(found)] for found in node.findall(nodes.row)
        ]
        yield "\n".join([row(rows[0]), rule(rows[0]), *map(row, rows[1:])])

    def inline(self, node: nodes.Element) -> str:
        """Write text on one line, with its marks and links."""
        return " ".join("".join(map(self.inline_node, node.children)).split())

    def inline_node(self, node: nodes.Node) -> str:
        """Write a part of a line."""
        match node:
            case nodes.Text():
                return node.astext()
            case nodes.Invisible() | nodes.raw():
                return ""
            case nodes.literal():
                return code(node.astext())
            case nodes.strong():
                return f"**{self.inline(node)}**"
            case nodes.emphasis():
                return f"*{self.inline(node)}*"
            case nodes.image():
                return f"[Picture: {node['alt']}]" if node.get("alt") else ""
            case addnodes.download_reference():
                return f"[{node.astext()}]({self.address(target(node))})"
            case nodes.reference():
                return f"[{self.inline(node)}]({self.address(target(node))})"
            case nodes.Element():
                return "".join(map(self.inline_node, node.children))
        return ""


def parts(node: nodes.Element) -> list[nodes.Element]:
    """Return what an element holds besides text."""
    return [child for child in node.children if isinstance(child, nodes.Element)]


def has_blocks(node: nodes.Element) -> bool:
    """Return whether an element for text is put around lists, as around those of a toctree."""
    return any(isinstance(child, nodes.Sequential) for child in node)


def level(title: nodes.Node) -> int:
    """Count the sections that a heading is in."""
    count, node = 0, title.parent
    while node is not None:
        count += isinstance(node, nodes.section)
        node = node.parent
    return count


def target(node: nodes.Element) -> str:
    """Return what a link leads to, as the page has it."""
    if "filename" in node:
        return f"{DOWNLOADS}/{node['filename']}"
    return str(node.get("refuri") or f"#{node.get('refid', '')}")


def listing(node: nodes.Element) -> str:
    """Write a listing between fences that are longer than any in it."""
    text = node.astext().rstrip("\n")
    runs = [len(run) for run in re.findall(r"^`{3,}", text, re.MULTILINE)]
    fence = "`" * max(len(FENCE), *(length + 1 for length in runs), 0)
    language = node.get("language", "")
    return f"{fence}{'' if language in ('none', 'default') else language}\n{text}\n{fence}"


def code(text: str) -> str:
    """Write words of a program, which may hold the mark that is put around them."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def indented(text: str, mark: str) -> str:
    """Put a mark before the first line, and the others below it."""
    space = " " * (len(mark) + 1)
    lines = [f"{space}{line}".rstrip() for line in text.split("\n")]
    return mark + " " + lines[0].lstrip() + "".join(f"\n{line}" for line in lines[1:])
