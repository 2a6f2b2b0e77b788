"""Find commands that a reader sees outside of literal blocks.

A block that has lost its markup becomes a paragraph, a comment or an inline literal, and other
extensions show commands in nodes of their own. None of these may be left out without a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from docutils import nodes

from runthrough.model.prompts import ESCAPED, IN_TEXT, PROMPT, looks_like_session
from runthrough.model.suggestions import Suggestion
from runthrough.reading._compat import is_directive
from runthrough.reading.directives import MARK

PREFORMATTED = re.compile(r"<(?:pre|textarea|samp|kbd)\b", re.IGNORECASE)
TAG = re.compile(r"<(?:style|script)\b.*?</(?:style|script)>|<!--.*?-->|<[^>]*>", re.DOTALL)
COMMENTED = re.compile(
    r"(?P<name>[\w-]+)(?P<colons> ?::?(?!:)| )(?: *(?P<argument>\S+))?[ ]*(?:\n|$)"
)
"""What a comment looks like that was meant to be a directive."""
SHOWS_CODE = {"code", "code-block", "sourcecode", "literalinclude", "prompt", "parsed-literal"}
"""Directives of which a comment with one colon is certainly a slip."""
SLIPPED = (
    "If it's a console block, put '.. code-block:: console' and a blank line before it, and "
    "indent all of it. If it isn't a command, write '\\$' for the dollar, or put it in a 'skip' "
    "directive with a reason."
)
MADE = (
    "Show it in a console block, or put it in a 'skip' directive with a reason. With "
    'runthrough_unclassified = "count", such blocks are only counted.'
)


HIDING = frozenset({"d-none", "sd-d-none"})
"""Classes by which the style sheets of Bootstrap and of sphinx-design hide what has them."""


@dataclass(frozen=True)
class Seen:
    """Something outside of literal blocks that looks like a command to a reader."""

    node: nodes.Element
    texts: tuple[str, ...]
    """Its lines, as they may be in the source."""
    line: int
    """Which of them is the command."""
    what: str
    advice: str
    suggestions: tuple[Suggestion, ...] = (Suggestion("skip"),)
    """The options that `advice` names."""
    weight: str = "error"
    """'error': always a problem; 'block': as conf.py says of blocks; 'count': only counted."""


def seen(node: nodes.Node, prompt: re.Pattern[str] = PROMPT) -> Iterator[Seen]:
    """Yield what a node shows that looks like a command: a line that `prompt` matches."""
    if isinstance(node, nodes.raw):
        yield from in_html(node, prompt)
    elif isinstance(node, nodes.comment):
        yield from in_comment(node)
    elif isinstance(node, (nodes.literal, nodes.title_reference)):
        yield from in_literal(node)
    elif isinstance(node, (nodes.strong, nodes.emphasis)):
        yield from in_emphasis(node)
    elif isinstance(node, nodes.line_block):
        if not isinstance(node.parent, nodes.line_block):
            yield from in_line_block(node, prompt)
    elif isinstance(node, nodes.TextElement) and not passed_over(node):
        yield from in_text(node, prompt)
    elif isinstance(node, nodes.Element) and is_foreign(node):
        yield from in_attributes(node, prompt)


def passed_over(node: nodes.Element) -> bool:
    """Return whether a text is seen elsewhere, or isn't seen at all."""
    return isinstance(
        node,
        (
            nodes.Inline,
            nodes.Invisible,
            nodes.literal_block,
            nodes.doctest_block,
            nodes.line,
            nodes.math_block,
            nodes.system_message,
        ),
    )


def in_text(node: nodes.Element, prompt: re.Pattern[str]) -> Iterator[Seen]:
    """Yield a line of a paragraph, or of another text, that begins with a prompt.

    Not if the prompt is in an inline literal: the paragraph then speaks of it.
    """
    raw, shown = node.rawsource.split("\n"), own_text(node).split("\n")
    has_source = node.rawsource and len(raw) == len(shown)
    lines = raw if has_source else node.astext().split("\n")
    for number, text in enumerate(shown):
        if looks_like_session(text.lstrip(), prompt) and not ESCAPED.match(lines[number]):
            heading = isinstance(node, (nodes.title, nodes.caption))
            begins = "begins with a prompt" if number == 0 else "has a line with a prompt"
            what = f"this paragraph {begins}: {text.strip()!r}"
            weight = "count" if heading else "error"
            yield Seen(node, tuple(lines), number, what, SLIPPED, weight=weight)
            return


def own_text(node: nodes.Element) -> str:
    """Return the text of an element; what is in inline markup doesn't count as a prompt."""
    return "".join(
        child.astext() if isinstance(child, nodes.Text) else child.astext().replace("$", "\0")
        for child in node.children
    )


def in_line_block(node: nodes.line_block, prompt: re.Pattern[str]) -> Iterator[Seen]:
    """Yield the first line of a line block that begins with a prompt."""
    for line in node.findall(nodes.line):
        text = own_text(line)
        if looks_like_session(text, prompt) and not ESCAPED.match(line.rawsource):
            what = f"this line of a line block begins with a prompt: {text!r}"
            yield Seen(line, (line.astext(),), 0, what, SLIPPED)
            return


def in_literal(node: nodes.Element) -> Iterator[Seen]:
    """Yield an inline literal with a prompt: a session that lost its block, or a mention.

    It's a session if it has several lines, or if it's all that its paragraph says. A command in
    the middle of a sentence is counted.
    """
    text = node.astext()
    found = IN_TEXT.search(text)
    if found is None or isinstance(node.parent, nodes.literal_block):
        return
    lines = text.strip().split("\n")
    if len(lines) == 1:
        lines = [text[found.start() :].strip()]
    alone = node.parent.astext().strip(" .:;\n") == text.strip(" .:;\n")
    number = next((i for i, line in enumerate(lines) if IN_TEXT.search(line)), 0)
    is_session = len(lines) > 1 or found.start() > 0 or alone
    is_session = is_session and not isinstance(node.parent, (nodes.title, nodes.caption))
    what = f"a command in an inline literal isn't run: {lines[number].strip()!r}"
    yield Seen(node, tuple(lines), number, what, SLIPPED, weight="error" if is_session else "count")


def in_emphasis(node: nodes.Element) -> Iterator[Seen]:
    """Yield a command in bold or italics, with a prompt, that is all that its paragraph says."""
    text = node.astext()
    alone = isinstance(node.parent, nodes.paragraph) and node.parent.astext() == text
    if alone and looks_like_session(text):
        what = f"this paragraph begins with a prompt: {text!r}"
        yield Seen(node.parent, tuple(text.split("\n")), 0, what, SLIPPED)


def in_html(node: nodes.raw, prompt: re.Pattern[str]) -> Iterator[Seen]:
    """Yield raw HTML that shows preformatted text, or a line with a prompt."""
    if "html" not in str(node.get("format", "")).split():
        return
    html = node.astext()
    lines = unescape(TAG.sub("", html)).strip("\n").split("\n")
    at = next((i for i, one in enumerate(lines) if looks_like_session(one.strip(), prompt)), None)
    if at is None and not PREFORMATTED.search(html):
        return
    first = next((i for i, one in enumerate(lines) if one.strip()), 0)
    number = first if at is None else at
    what = f"this block is made of raw HTML, so it isn't run: {lines[number].strip()!r}"
    yield Seen(node, tuple(lines), number, what, MADE, weight="block")


def is_foreign(node: nodes.Element) -> bool:
    """Return whether a node is of another extension's making."""
    return not type(node).__module__.startswith(("docutils", "sphinx.", "runthrough"))


def in_attributes(node: nodes.Element, prompt: re.Pattern[str]) -> Iterator[Seen]:
    """Yield a text with a prompt that an extension keeps outside of its node's children."""
    values: list[Any] = [*node.attributes.values(), node.rawsource]
    for value in values:
        lines = value.strip("\n").split("\n") if isinstance(value, str) else []
        for number, text in enumerate(lines):
            if looks_like_session(text.strip(), prompt):
                what = f"this block of an extension isn't run: {text.strip()!r}"
                yield Seen(node, tuple(lines), number, what, MADE, weight="block")
                return


def in_comment(node: nodes.comment) -> Iterator[Seen]:
    """Yield a comment that was meant to be a directive: a colon is missing, or a blank."""
    text = node.astext()
    found = COMMENTED.match(text)
    if found is None or node.get("testnodetype"):
        return
    name, colons = found["name"].lower(), found["colons"].strip()
    body = text[found.end() :]
    known = name in SHOWS_CODE
    has_prompt = any(looks_like_session(line.strip()) for line in body.split("\n"))
    if colons:
        meant = known or has_prompt
    else:
        meant = known and bool(body.strip()) and found["argument"] is not None
    if not meant and not (colons and is_directive(name) and "::" in body):
        return
    first = text.split("\n", 1)[0]
    what = f"this is a comment, so no reader sees it, but it looks like a directive: '.. {first}'"
    advice = (
        f"Write '.. {name}::' with two colons and a space after them. If it's meant to be a "
        "comment, begin it with two dots on a line of their own."
    )
    yield Seen(node, (first,), 0, what, advice, suggestions=())


def skip_reason(node: nodes.Node) -> str | None:
    """Return why a node isn't run: an option, the directive `skip` or a class says so."""
    for one in and_around(node):
        said: dict[str, Any] = one.get(MARK, {})
        if "skip" in said:
            return str(said["skip"])
    name = hiding_class(node)
    return None if name is None else f"no reader sees it, because of the class {name!r}"


def hiding_class(node: nodes.Node) -> str | None:
    """Return the class that hides a node, if it or what is around it has one."""
    for one in and_around(node):
        classes: list[str] = one.get("classes", [])
        for name in classes:
            if name in HIDING:
                return name
    return None


def and_around(node: nodes.Node) -> Iterator[nodes.Element]:
    """Yield a node, if it's an element, and each element around it."""
    found = node if isinstance(node, nodes.Element) else node.parent
    while found is not None:
        yield found
        found = found.parent
