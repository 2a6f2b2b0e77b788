"""Find what the side file refers to on a resolved page, and make the steps that it adds there."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from textwrap import shorten
from typing import Literal

from docutils import nodes

from runthrough.model.dialects import SHELL_LANGUAGES, STRICT, Dialect
from runthrough.model.places import Place
from runthrough.model.report import counted, listed
from runthrough.model.steps import Console, Line, PageProblem, SideNote, Skip, Step
from runthrough.reading.classify import Block, step_of
from runthrough.reading.custom import STEP
from runthrough.reading.directives import NOTE
from runthrough.reading.joining import Output, prints
from runthrough.reading.options import OPTIONS, given_in
from runthrough.reading.side_file import (
    Addition,
    Anchor,
    BlockEntry,
    PageEntry,
    SideFile,
)
from runthrough.reading.starting import START
from runthrough.reading.visible import seen

WRAPPER = "literal-block-wrapper"
"""Sphinx's class of a node with a block and its caption."""
REPEATING = ("toctree-wrapper", "contents", NOTE, START)
"""Classes of what shows texts that are on the page, or on others, once more."""
SMART = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e", '"'),
        **dict.fromkeys("\u2018\u2019\u201a", "'"),
        "\u2013": "--",
        "\u2014": "---",
        "\u2026": "...",
        "`": "",
    }
)
"""What Sphinx makes of plain quotes and dashes, and what a source has around literals."""
SCRIPTS = dataclasses.replace(STRICT, scripts=("bash",))
"""How commands without prompts are read."""
SESSIONS = dataclasses.replace(STRICT, sessions=(*STRICT.sessions, "pycon"))
"""How those with prompts are read, of a shell or of Python."""

Found = tuple[nodes.Element | None, Step | Output]
PlaceOf = Callable[[nodes.Element], Place]


def sought(text: str) -> str:
    """Return the text of an entry as it's compared: a source may end it with two colons."""
    return re.sub("::$", ":", folded(text))


def folded(text: str) -> str:
    """Return a text as it's compared: typographic signs are plain, blanks are single."""
    return " ".join(text.translate(SMART).split())


def fitting(text: str, parts: Sequence[str]) -> list[int]:
    """Return the positions of the parts that an entry's text means.

    A part that's this text as a whole comes before those that hold it among others.
    """
    text = sought(text)
    holding = [number for number, part in enumerate(parts) if text in part]
    return [number for number in holding if parts[number] == text] or holding


def finding(own: int, text: str, whole: str, parts: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the text by which an entry finds one of the parts, and its 'nth' if it needs one.

    The part has the text. If another one is this text as a whole, it takes all of its own.
    """
    if own not in fitting(text, parts):
        text = whole
    alike = fitting(text, parts)
    return text, [f"nth = {alike.index(own) + 1}"] if len(alike) > 1 else []


@dataclass(frozen=True)
class Part:
    """What a reader sees as one: a block with its caption, a paragraph, a heading."""

    node: nodes.Element
    text: str
    kind: Literal["block", "command", "text"]
    """A command is what looks like one outside of a block."""


def parts_of(doctree: nodes.document) -> Iterator[Part]:
    """Yield the parts of a page in reading order."""
    inside: set[int] = set()
    for node in doctree.findall(nodes.Element):
        if id(node) in inside:
            continue
        classes: list[str] = node.get("classes", [])
        is_block = isinstance(node, (nodes.literal_block, nodes.doctest_block))
        if any(name in classes for name in REPEATING):
            inside |= {id(one) for one in node.findall()}
        elif is_block or WRAPPER in classes or STEP in node:
            inside |= {id(one) for one in node.findall()}
            yield Part(node, folded("\n".join(texts_in(node))), "block")
        else:
            for one in seen(node):
                yield Part(one.node, folded("\n".join(one.texts)), "command")
            if has_text(node) and not isinstance(node, (nodes.Inline, nodes.Invisible)):
                yield Part(node, folded(node.astext()), "text")


def has_text(node: nodes.Node) -> bool:
    """Return whether a node is a part of the page's text, and not raw HTML or an extension's."""
    return isinstance(node, nodes.TextElement) and not isinstance(node, nodes.raw)


def texts_in(node: nodes.Element) -> Iterator[str]:
    """Yield the caption and the text of a block."""
    if WRAPPER in node.get("classes", []):
        yield from (child.astext() for child in node.children)
    else:
        yield node.astext()


def block_in(node: nodes.Element) -> nodes.Element:
    """Return the literal block in a part; the part itself if it isn't one of Sphinx's."""
    return node.next_node(nodes.literal_block, include_self=True) or node


@dataclass
class SidePage:
    """What the side file says of one page, found there."""

    docname: str
    entries: Sequence[PageEntry]
    place_of: PlaceOf
    dialect: Dialect = STRICT
    """Of the page."""
    title: nodes.Element | None = None
    blocks: dict[int, BlockEntry] = field(default_factory=dict)
    """By the identity of the node that an entry is about."""
    additions: list[tuple[nodes.Element | None, Addition]] = field(default_factory=list)
    """With the node after which each comes; None at the beginning of the page."""
    continues: Line | None = None
    """The page that it continues from, where the file says so and the page doesn't."""
    shown: tuple[Line, ...] = ()
    """The text and the place of each block, if there's a side file."""
    problems: list[PageProblem] = field(default_factory=list)
    """The entries whose text the page doesn't have, or has more than once."""

    def texts(self, parts: Sequence[Part]) -> Iterator[Line]:
        """Yield the text and the place of each block in the parts of the page."""
        for part in parts:
            if part.kind == "block":
                yield Line(part.text, self.place_of(part.node))

    def read_head(self, side_file: SideFile, *, has_own: bool) -> None:
        """Take note of the page that this one continues from; its own head may say so, too."""
        line = side_file.continues(self.docname)
        if not has_own:
            self.continues = line
        elif line is not None and not any(one.is_pattern for one in self.entries[:1]):
            what = f"the head of the page {self.docname!r} already says ':continues:'"
            self.problems.append(
                PageProblem(line.place, what, "Remove one of them.", at_start=True)
            )

    def find_all(self, parts: Sequence[Part]) -> None:
        """Find the texts of all entries in the parts of the page."""
        blocks = [part for part in parts if part.kind == "block"]
        commands = [part for part in parts if part.kind == "command"]
        shown = [part for part in parts if part.kind != "command" or not has_text(part.node)]
        for entry in self.entries:
            for block in entry.blocks:
                holding = [part for part in blocks if folded(block.anchor.text) in part.text]
                part = self.find(block.anchor, holding or commands, "blocks", blocks)
                if part is not None:
                    self.give(block_in(part.node), block)
            for addition in entry.additions:
                if addition.anchor is None:
                    self.additions.append((None, addition))
                elif part := self.find(addition.anchor, shown, "places", shown):
                    self.additions.append((part.node, addition))

    def find(
        self, anchor: Anchor, parts: Sequence[Part], noun: str, known: Sequence[Part]
    ) -> Part | None:
        """Return the part that a text means; what keeps it from being found becomes a problem."""
        found = [parts[number] for number in fitting(anchor.text, [part.text for part in parts])]
        if anchor.nth is None and len(found) == 1:
            return found[0]
        if anchor.nth is not None and anchor.nth <= len(found):
            return found[anchor.nth - 1]
        self.problems.append(self.unclear(anchor, found, noun, known))
        return None

    def unclear(
        self, anchor: Anchor, found: Sequence[Part], noun: str, known: Sequence[Part]
    ) -> PageProblem:
        """Return the problem of a text that is nowhere on the page, or in several places.

        Nothing of the page is run then: the entry may be there to skip a command.
        """
        one = noun.removesuffix("s")
        if not found:
            what = f"no {one} of the page {self.docname!r} has the text {anchor.text!r}"
            advice = "Copy text from the page as a reader sees it, without markup."
            near = get_close_matches(sought(anchor.text), [part.text for part in known], n=1)
            like = next((part for part in known if [part.text] == near), None)
            if like is not None:
                at = self.place_of(like.node)
                advice += f" Did you mean {shorten(like.text, 60)!r}, at {at}?"
            return PageProblem(anchor.place, what, advice, at_start=True)
        where = listed([str(self.place_of(part.node)) for part in found])
        verb = "has" if len(found) == 1 else "have"
        what = (
            f"{counted(len(found), noun)} of the page {self.docname!r} {verb} the text "
            f"{anchor.text!r}: {where}"
        )
        advice = "Copy more of the text that you mean, or add 'nth = 1' for the first place."
        if anchor.nth is not None:
            what, advice = f"{what}. There's no number {anchor.nth}", "Fix 'nth'."
        return PageProblem(anchor.place, what, advice, at_start=True)

    def give(self, node: nodes.Element, entry: BlockEntry) -> None:
        """Take note of what is said of a block, unless another entry is about it."""
        other = self.blocks.setdefault(id(node), entry)
        if other is not entry:
            self.problems.append(
                PageProblem(
                    entry.place,
                    f"two entries are about the same block, at {self.place_of(node)}: this one "
                    f"and the one at {other.place}",
                    "Put everything about the block into one of them.",
                )
            )

    def entry(self, node: nodes.Node) -> BlockEntry | None:
        """Return what's said of a block: by an entry of its own, or else of all on the page."""
        if (entry := self.blocks.get(id(node))) is not None:
            return entry
        reason = next((one.skip for one in self.entries if one.skip), None)
        if reason is None:
            return None
        note = SideNote(f"skip: {reason.text}", reason.place)
        anchor = Anchor("", reason.place)
        options, places = {"skip": reason.text}, {"skip": reason.place}
        return BlockEntry(reason.place, anchor, options, places, (note,), is_general=True)

    def step(self, node: nodes.Element, block: Block) -> Step | Output:
        """Return what a block asks, with what is said of it."""
        entry = self.entry(node)
        asked = step_of(block) if entry is None else told(block, entry)
        if not isinstance(asked, PageProblem):
            return asked
        lines = (line.text.strip() for line in block.lines)
        return dataclasses.replace(asked, text=next(filter(None, lines), ""))

    def skipped(self, node: nodes.Element, asked: Step) -> Step:
        """Return a step that isn't from a block of Sphinx's: it can only be skipped."""
        entry = self.entry(node)
        if entry is None or isinstance(asked, Skip):
            return asked
        if "skip" in entry.options:
            first_line = node.astext().strip().split("\n")[0]
            return Skip(asked.place, entry.options["skip"], first_line, side_notes=entry.notes)
        what = (
            f"what is at {asked.place} isn't one of Sphinx's own blocks, so it can only be skipped"
        )
        return PageProblem(entry.place, what, "Give it 'skip' with a reason, and nothing else.")

    @property
    def starts_with(self) -> tuple[Line, ...]:
        """What the reader has before the page begins, seen from the folder of the file."""
        return next((one.starts_with for one in self.entries if one.starts_with), ())

    @property
    def timeout(self) -> Line | None:
        """How long each command may take that has no limit of its own."""
        return next((one.timeout for one in self.entries if one.timeout), None)

    @property
    def varying(self) -> tuple[Line, ...]:
        """Regular expressions of what only has to keep its form, in each output of the page."""
        return next((one.varying for one in self.entries if one.varying), ())

    def limited(self, step: Step) -> Step:
        """Give a session what is said of all outputs and commands of the page."""
        if not isinstance(step, Console):
            return step
        varying = (*step.leniency.varying, *(line.text for line in self.varying))
        step = dataclasses.replace(
            step, leniency=dataclasses.replace(step.leniency, varying=varying)
        )
        if self.timeout is None or step.timeout is not None:
            return step
        return dataclasses.replace(step, timeout=float(self.timeout.text))

    def noted(self, steps: Sequence[Step]) -> list[Step]:
        """Let the first step that is run carry what is said of the page as a whole."""
        first = next((number for number, step in enumerate(steps) if step.asks), None)
        notes = [
            SideNote(f"{name}: {line.text}", line.place)
            for name, lines in (
                ("continues", [self.continues]),
                ("starts-with", self.starts_with),
                ("timeout", [self.timeout]),
                ("varying", self.varying),
            )
            for line in lines
            if line is not None
        ]
        if first is None or not notes:
            return list(steps)
        step = dataclasses.replace(steps[first], side_notes=(*notes, *steps[first].side_notes))
        return [*steps[:first], step, *steps[first + 1 :]]

    def merged(self, found: Sequence[Found], doctree: nodes.document) -> list[Found]:
        """Put the steps that the file adds between those of the page's blocks.

        What follows a command comes after the block of its output, too.
        """
        if not self.additions and not self.problems:
            return list(found)
        numbers = {id(node): number for number, node in enumerate(doctree.findall())}
        after: dict[int, list[Found]] = {0: [(None, problem) for problem in self.problems]}
        for node, addition in self.additions:
            position = 0
            if node is not None:
                last = max(numbers[id(one)] for one in node.findall())
                position = sum(numbers[id(one)] <= last for one, _ in found if one is not None)
                while follows_its_command(found, position):
                    position += 1
            after.setdefault(position, []).append(
                (node or self.title, added(addition, self.dialect))
            )
        merged = list(after[0])
        for position, (node, asked) in enumerate(found):
            if after.get(position) and isinstance(asked, Output) and asked.otherwise is not None:
                asked = asked.otherwise  # the file, not the page, has the command right before it
            merged += [(node, asked), *after.get(position + 1, [])]
        return merged


def follows_its_command(found: Sequence[Found], position: int) -> bool:
    """Return whether a block is an output; one that only may be is, after a command without one."""
    asked = found[position][1] if position < len(found) else None
    if not isinstance(asked, Output):
        return False
    before = found[position - 1][1] if position else None
    return asked.otherwise is None or (isinstance(before, Console) and prints(before, asked))


def told(block: Block, entry: BlockEntry) -> Step | Output:
    """Return what a block asks for which the side file has an entry."""
    options, said = dict(block.options), dict(entry.options)
    if entry.is_general and "skip" in options:
        return step_of(block)
    own = [name for name in given_in(options) if name in said]
    if own:
        what = f"the block at {block.head_place} already has :{own[0]}: on the page"
        return PageProblem(entry.places[own[0]], what, "Remove one of them.")
    if "skip" in said:  # it isn't run, whatever else the page says of it
        options = {name: value for name, value in options.items() if name not in OPTIONS}
    language = str(said.pop("language", block.language)).lower()
    if "language" in entry.options and language in SHELL_LANGUAGES:  # typed, whatever others are
        scripts = (*block.dialect.scripts, language)
        block = dataclasses.replace(
            block, dialect=dataclasses.replace(block.dialect, scripts=scripts)
        )
    caption_place = entry.places.get("caption", block.caption_place)
    if "caption" in said:  # it's a path, whatever the page's own captions are
        named = dataclasses.replace(block.dialect, files=("caption", *block.dialect.files))
        block = dataclasses.replace(block, dialect=named, names=())
    asked = step_of(
        dataclasses.replace(
            block, language=language, options={**options, **said}, caption_place=caption_place
        )
    )
    if isinstance(asked, PageProblem) and asked.place == block.head_place:
        what = f"the block at {block.head_place}: {asked.what}"
        asked = dataclasses.replace(asked, place=entry.place, what=what)
    return dataclasses.replace(asked, side_notes=entry.notes)


def added(addition: Addition, dialect: Dialect) -> Step:
    """Return the step that the side file adds to a page of a dialect."""
    options = dict(addition.options)
    if addition.path is not None:
        options["caption"] = addition.path.text
    if addition.action in ("create", "replace", "append"):
        options[addition.action] = True
    language = {"diff": "diff", "run": "bash", "session": "console"}.get(addition.action, "text")
    path_place = addition.path.place if addition.path else addition.place
    strict = SCRIPTS if addition.action == "run" else SESSIONS
    block = Block(
        language,
        addition.lines,
        addition.lines[0].place,
        options,
        addition.place,
        path_place,
        dialect=dataclasses.replace(strict, paths=dialect.paths),
    )
    step = step_of(block)
    assert not isinstance(step, Output)
    return dataclasses.replace(step, side_notes=(SideNote(step.title, addition.place),))
