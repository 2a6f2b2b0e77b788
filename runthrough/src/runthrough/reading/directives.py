"""Sphinx's own block directives, with options that say what a block asks of the reader.

Each stores its options, and the source place of every content line, in its node's attribute
`runthrough`, which survives pickling and isn't written to the page.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from sphinx.directives import code, patches
from sphinx.util.docutils import SphinxDirective

from runthrough.model.places import Place
from runthrough.model.steps import Screenshot, why_not_local
from runthrough.reading._compat import is_in_markdown, line_numbers
from runthrough.reading.captions import announced
from runthrough.reading.custom import STEP, place_of
from runthrough.reading.options import OPTIONS, Option, given_in, notes_on, one_line

NOTE = "runthrough-note"
MARK = "runthrough"
OUTPUT = "runthrough-output"
"""The class by which a style sheet, or a copy button, knows the block of an output."""


def notes(directive: Directive, given: Mapping[str, Any]) -> list[nodes.Node]:
    """Make the lines under a block that tell the reader what its options say."""
    said: list[nodes.Node] = []
    for text in notes_on(given):
        children, messages = directive.state.inline_text(text, directive.lineno)
        paragraph = nodes.paragraph("", "", *children, *messages, classes=[NOTE])
        source, line = directive.state_machine.get_source_and_line(directive.lineno)
        paragraph.source, paragraph.line = source, line
        said.append(paragraph)
    return said


def content_places(directive: Directive) -> list[tuple[str, int]]:
    """Find the file and line of each line of a directive's content."""
    if is_in_markdown(directive):
        source, _ = written_at(directive)
        first = directive.lineno + directive.content_offset + 1
        return [(source, first + i) for i in range(len(directive.content))]
    return [
        (os.path.abspath(source or "<unknown>"), (offset or 0) + 1)
        for source, offset in directive.content.items
    ]


def written_at(directive: Directive) -> tuple[str, int]:
    """Find the file and line of a directive, as a node's attribute holds them."""
    place = place_of(directive)
    return str(place.file), place.line or directive.lineno


def mark(
    directive: SphinxDirective,
    made: Sequence[nodes.Node],
    options: dict[str, Any],
    places: list[tuple[str, int]],
    *,
    exact: bool = False,
    included: str | None = None,
) -> None:
    """Keep on the block's node what its author said of it, and where."""
    said = {name: options[name] for name in given_in(options)}
    if "caption" in options:
        said["caption"] = options["caption"]
    for top in made:
        for node in top.findall(nodes.literal_block):
            node[MARK] = {"at": written_at(directive), "places": places, **said}
            if exact:
                node[MARK]["exact"] = True
            if included is not None:
                node[MARK]["included"] = included
            if "output" in said:
                node["classes"].append(OUTPUT)


class RunnableBlock(SphinxDirective):
    """The part that is common to all block directives."""

    exact = False
    """Whether the lines are counted by ourselves, so that they need no second look."""

    def asked(self) -> dict[str, Any]:
        """Return the options as the author gave them."""
        return dict(self.options)

    def places(self) -> list[tuple[str, int]]:
        return content_places(self)

    def included(self) -> str | None:
        """Return the path of the project's file that the block shows."""
        return None

    def run(self) -> list[nodes.Node]:
        given = self.asked()
        language = self.arguments[0].strip().lower() if self.arguments else ""
        if caption := announced(given, self.options.get("language", language)):
            self.options["caption"] = caption
        made = super().run()
        if not any(top.next_node(nodes.literal_block, include_self=True) for top in made):
            # Sphinx only warns, but a missing block must not be ignored.
            said = " ".join(child.astext() for top in made for child in top.children)
            raise self.error(f"{self.name}: {said}")
        mark(self, made, given, self.places(), exact=self.exact, included=self.included())
        return [*made, *notes(self, given)]


class RunnableInclude(RunnableBlock):
    """`literalinclude`, with the lines that it takes."""

    exact = True

    def asked(self) -> dict[str, Any]:
        given = dict(self.options)
        if given.get("caption") == "":
            given["caption"] = self.arguments[0]  # as Sphinx does
        if given.get("append"):
            del given["append"]  # Sphinx's own option, which has a text to add
        elif "append" in given:
            given["append"] = True
        return given

    def included(self) -> str | None:
        if "diff" in self.options:
            return None  # it's made of two files
        return os.path.abspath(self.env.relfn2path(self.arguments[0])[1])

    def places(self) -> list[tuple[str, int]]:
        here = written_at(self)
        if "diff" in self.options:
            return [here]  # made of two files, so no line of it is in either
        _, filename = self.env.relfn2path(self.arguments[0])
        numbers = line_numbers(filename, self.options, self.config)
        return [here if one is None else (os.path.abspath(filename), one) for one in numbers]


class Skippable(Directive):
    """The part that is common to directives of which a block can only be skipped."""

    def run(self) -> list[nodes.Node]:
        given = {name: self.options.pop(name) for name in ("skip",) if name in self.options}
        made = list(super().run())
        for top in made if given else ():
            if isinstance(top, nodes.Element):
                top[MARK] = {**top.get(MARK, {}), **given}
        return [*made, *notes(self, given)]


class RunnablePrompt(Directive):
    """`prompt` of sphinx-prompt: draws prompts before its lines, in HTML of its own."""

    def run(self) -> list[nodes.Node]:
        given = {name: self.options.pop(name) for name in given_in(self.options)}
        said = dict(zip(("language", "prompts", "modifiers"), self.arguments, strict=False))
        said.update(self.options)
        made = list(super().run())
        places = content_places(self)
        for top in made[:1]:
            if isinstance(top, nodes.Element):
                shown = {"prompted": said, "text": list(self.content)}
                top[MARK] = {"at": written_at(self), "places": places, **shown, **given}
        return [*made, *notes(self, given)]


class SkipDirective(SphinxDirective):
    """`skip`: wraps blocks that have no options of their own, and says why they aren't run."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        given = {"skip": OPTIONS["skip"].read(self.arguments[0])}
        container = nodes.container(classes=["runthrough-skipped"])
        container[MARK] = given
        self.set_source_info(container)
        self.state.nested_parse(self.content, self.content_offset, container)
        return [container, *notes(self, given)]


class Picture(SphinxDirective):
    """`image` and `figure`: a picture may be that of a URL."""

    def run(self) -> list[nodes.Node]:
        url = self.options.pop("screenshot", None)
        made = list(super().run())
        if url is None:
            return made
        if (why := why_not_local(url)) is not None:
            raise self.error(f":screenshot: can't open {url!r}, because {why}")
        _, file = self.env.relfn2path(self.arguments[0])
        step = Screenshot(place_of(self), url, Place(Path(file), None))
        for top in made:
            for image in top.findall(nodes.image):
                image[STEP] = step
        return made


PICTURES = ("image", "figure")
"""The directives that may show a URL."""
BLOCKS: dict[str, type[Directive]] = {
    "code-block": code.CodeBlock,
    "sourcecode": code.CodeBlock,
    "code": patches.Code,
    "literalinclude": code.LiteralInclude,
}
"""The directives whose blocks ask something, and what Sphinx has for each."""
SKIPPABLE = ("doctest", "testcode", "testoutput", "parsed-literal", "prompt", "program-output")
"""Directives of other extensions whose blocks may be skipped by an option."""
OURS = (RunnableBlock, RunnablePrompt, Skippable, Picture)


def is_for_sessions(option: Option) -> bool:
    """Return whether an option fits a session, or any block."""
    return bool({"session", "skipped"} & {*option.kinds})


def extended(name: str, base: type[Directive]) -> type[Directive]:
    """Make a directive that does what another one does, and takes our options too."""
    parent: type[Directive] = Skippable
    more: dict[str, Callable[[str], Any]] = {"skip": OPTIONS["skip"].read}
    if name in PICTURES:
        parent, more = Picture, {"screenshot": one_line}
    if name in BLOCKS:
        parent = RunnableInclude if issubclass(base, code.LiteralInclude) else RunnableBlock
        more = {option: one.read for option, one in OPTIONS.items()}
    if name == "prompt":
        parent = RunnablePrompt
        more = {option: one.read for option, one in OPTIONS.items() if is_for_sessions(one)}
    if name == "literalinclude":
        more["append"] = directives.unchanged
    options = {**(base.option_spec or {}), **more}
    return type(base.__name__, (parent, base), {"option_spec": options, "__doc__": base.__doc__})
