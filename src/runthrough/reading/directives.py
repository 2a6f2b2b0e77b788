"""Sphinx's own block directives, with options that say what a block asks of the reader.

Each keeps on its node what the options say and the source place of every content line,
under the attribute `runthrough`: it survives pickling and is not written to the page.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.directives import code, patches
from sphinx.util.docutils import SphinxDirective

from runthrough.reading import answers
from runthrough.reading.numbered import line_numbers
from runthrough.steps import VERBS

MARK = "runthrough"
OUTPUT = "runthrough-output"
"""The class by which a style sheet, or a copy button, knows the block of an output."""
WAYS = ("create", "replace", "append")


def seconds(argument: str) -> float:
    """Read a time limit, in seconds."""
    value = float(directives.unchanged_required(argument))
    if not 0 < value < float("inf"):
        raise ValueError(f"{argument!r} is not a number of seconds above 0")
    return value


OPTIONS: dict[str, Callable[[str], Any]] = {
    "create": directives.flag,
    "replace": directives.flag,
    "append": directives.flag,
    "quotes": directives.flag,
    "output": directives.flag,
    "waive": directives.unchanged_required,
    "status": directives.nonnegative_int,
    "input": directives.unchanged_required,
    "timeout": seconds,
}
"""What the block directives accept besides their own options."""


def note(directive: SphinxDirective, text: str) -> nodes.paragraph:
    """Make the line under a block that tells the reader what its option says."""
    children, messages = directive.parse_inline(text)
    paragraph = nodes.paragraph("", "", *children, *messages, classes=["runthrough-note"])
    directive.set_source_info(paragraph)
    return paragraph


def notes(directive: SphinxDirective) -> list[nodes.Node]:
    """Make the lines that a block's options ask for."""
    said: list[nodes.Node] = []
    options = directive.options
    if options.get("status"):
        said.append(note(directive, f"The command ends with status {options['status']}."))
    if "input" in options:
        said.append(note(directive, f"{answers.to_read(options['input'])}."))
    if "waive" in options:
        said.append(note(directive, waived(options["waive"])))
    return said


def waived(reason: str) -> str:
    """Tell the reader that nobody performs this block, and why."""
    return f"Not performed by our tests: {' '.join(reason.split())}"


def way(options: dict[str, Any]) -> str:
    """Tell what the options ask the reader to do with a file."""
    return next((name for name in WAYS if name in options), "show")


def write_caption(options: dict[str, Any], language: str) -> None:
    """Say in the caption what the reader does with the file that it names."""
    if "caption" not in options or "waive" in options or "output" in options:
        return
    verb = "Change" if language == "diff" else VERBS[way(options)]  # type: ignore[index]
    options["caption"] = f"{verb} ``{options['caption'].strip('`')}``".strip()


def content_places(directive: SphinxDirective) -> list[tuple[str, int]]:
    """Find the file and line of each line of a directive's content."""
    if type(directive.state).__module__.startswith("myst_parser"):
        # MyST counts content lines from 0, whatever comes before them.
        source, _ = directive.get_source_info()
        first = directive.lineno + directive.content_offset + 1
        return [(os.path.abspath(source), first + i) for i in range(len(directive.content))]
    return [
        (os.path.abspath(source or "<unknown>"), (offset or 0) + 1)
        for source, offset in directive.content.items
    ]


def mark(
    directive: SphinxDirective,
    made: Sequence[nodes.Node],
    options: dict[str, Any],
    places: list[tuple[str, int]],
) -> None:
    """Keep on the block's node what its author said of it, and where."""
    source, line = directive.get_source_info()
    said = {name: value for name, value in options.items() if name in OPTIONS}
    for flag in (*WAYS, "quotes", "output"):
        if flag in said:
            said[flag] = True
    if "caption" in options:
        said["caption"] = options["caption"].strip("`")
    for top in made:
        for node in top.findall(nodes.literal_block):
            node[MARK] = {"at": (os.path.abspath(source), line), "places": places, **said}
            if "output" in said:
                node["classes"].append(OUTPUT)


class Performed(SphinxDirective):
    """The part that is common to all block directives."""

    def places(self) -> list[tuple[str, int]]:
        return content_places(self)

    def run(self) -> list[nodes.Node]:
        given = dict(self.options)
        language = self.arguments[0].strip().lower() if self.arguments else ""
        write_caption(self.options, self.options.get("language", language))
        made = super().run()
        if not any(top.next_node(nodes.literal_block, include_self=True) for top in made):
            # Sphinx only warns; a block that is not there must not be passed over.
            said = " ".join(child.astext() for top in made for child in top.children)
            raise self.error(f"{self.name}: {said}")
        mark(self, made, given, self.places())
        return [*made, *notes(self)]


class CodeBlock(Performed, code.CodeBlock):
    """`code-block` and `sourcecode`, with what they ask of the reader."""

    option_spec = {**(code.CodeBlock.option_spec or {}), **OPTIONS}


class Code(Performed, patches.Code):
    """`code`, with what it asks of the reader."""

    option_spec = {**(patches.Code.option_spec or {}), **OPTIONS}


class LiteralInclude(Performed, code.LiteralInclude):
    """`literalinclude`, with what it asks of the reader and the lines that it takes."""

    option_spec = {**(code.LiteralInclude.option_spec or {}), **OPTIONS}

    def places(self) -> list[tuple[str, int]]:
        _, filename = self.env.relfn2path(self.arguments[0])
        numbers = line_numbers(filename, self.options, self.config)
        return [(os.path.abspath(filename), number) for number in numbers]


class Waive(SphinxDirective):
    """`waive`: wraps blocks that have no options of their own, and says why nobody runs them."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        container = nodes.container(classes=["runthrough-waived"])
        self.state.nested_parse(self.content, self.content_offset, container)
        for kind in (nodes.literal_block, nodes.doctest_block):
            for node in container.findall(kind):
                node[MARK] = {**node.get(MARK, {}), "waive": self.arguments[0]}
        return [container, note(self, waived(self.arguments[0]))]


BLOCKS: dict[str, type[SphinxDirective]] = {
    "code-block": CodeBlock,
    "sourcecode": CodeBlock,
    "code": Code,
    "literalinclude": LiteralInclude,
}
"""The directives that runthrough puts in the place of Sphinx's."""
