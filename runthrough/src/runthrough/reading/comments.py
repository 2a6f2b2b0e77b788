"""Block options in a comment before the block, for files that are also shown without Sphinx.

PyPI and GitHub don't know runthrough's options, and refuse or hide a block that has one. A comment
is invisible there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives as registry
from sphinx.transforms import SphinxTransform

from runthrough.model.steps import VERBS
from runthrough.reading.directives import MARK, NOTE
from runthrough.reading.options import OPTIONS, file_action, notes_on

COMMENT = re.compile(
    r"(?:<!--)?\s*runthrough:?\s*(?P<options>:[\w-]+:.*?)\s*(?:-->)?\s*", re.DOTALL
)
MEANT = re.compile(r"(?:<!--)?\s*runthrough(?::|\s+[\w-]+:)")
"""The beginning of a comment that can only be meant for us."""
NO_OPTION = "gives no option, which is written ':name: value', as in ':status: 2'"
OPTION = re.compile(
    r"^\s*:(?P<name>[\w-]+):[ \t]*(?P<value>.*(?:\n(?!\s*:[\w-]+:).*)*)", re.MULTILINE
)


class ReadOptions(SphinxTransform):
    """Gives a block the options in the comment right before it."""

    default_priority = 5  # before translations and anything else that moves nodes

    def apply(self, **kwargs: Any) -> None:
        for node in [one for one in self.document.findall(nodes.Element) if is_comment(one)]:
            found = COMMENT.fullmatch(node.astext())
            if found is None and not MEANT.match(node.astext()):
                continue
            try:
                if found is None:
                    raise ValueError(f"the comment {first_line(node)!r} {NO_OPTION}")
                give(node, dict(read(found["options"])))
            except ValueError as error:
                message = self.document.reporter.error(
                    f"runthrough: {error}", base_node=node, line=node.line
                )
                node.parent.insert(node.parent.index(node) + 1, message)


def is_comment(node: nodes.Node) -> bool:
    """Return whether a node is a comment, of reStructuredText or of HTML."""
    return isinstance(node, nodes.comment) or (
        isinstance(node, nodes.raw) and node.astext().startswith("<!--")
    )


def first_line(comment: nodes.Node) -> str:
    """Return the first line of a comment, without the marks around it in HTML."""
    text = comment.astext().strip().removeprefix("<!--").removesuffix("-->")
    return text.strip().split("\n")[0]


def read(text: str) -> Iterator[tuple[str, Any]]:
    """Yield the options in a comment; raises ValueError if one isn't right."""
    for name, value in OPTION.findall(text):
        given = "\n".join(line.strip() for line in value.strip().split("\n"))
        if name == "caption":
            yield name, registry.unchanged_required(given)
            continue
        if name not in OPTIONS:
            raise ValueError(f"there's no option {name!r}; the options are {', '.join(OPTIONS)}")
        try:
            yield name, OPTIONS[name].read(given)
        except (ValueError, TypeError) as error:
            raise ValueError(f"the option {name!r} can't be {given!r}: {error}") from error


def give(comment: nodes.Element, options: dict[str, Any]) -> None:
    """Give options to the block after a comment; raises ValueError if there's none."""
    after = comment.next_node(descend=False, siblings=True)
    block = None
    if isinstance(after, (nodes.literal_block, nodes.doctest_block)):
        block = after
    elif isinstance(after, nodes.container):
        block = after.next_node(nodes.literal_block)
    if after is None or block is None:
        raise ValueError("no block follows this comment with options")
    block[MARK] = {**block.get(MARK, {}), **options}
    position = after.parent.index(after) + 1
    lines = [*notes_on(options)]
    if caption := options.get("caption"):
        lines.insert(0, f"{VERBS[file_action(options)] or 'The file'} ``{caption}``.")
    for text in reversed(lines):
        after.parent.insert(position, noted(text, block))


def noted(text: str, block: nodes.Element) -> nodes.paragraph:
    """Make a line under a block; what is between double backquotes is a literal."""
    paragraph = nodes.paragraph("", "", classes=[NOTE])
    paragraph.source, paragraph.line = block.source, block.line
    for number, part in enumerate(text.split("``")):
        paragraph += nodes.literal("", part) if number % 2 else nodes.Text(part)
    return paragraph
