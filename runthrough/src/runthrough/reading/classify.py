"""Turn each block of a resolved page into the step that it asks for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, assert_never

from runthrough.matching.hunks import PatchError, read_hunks
from runthrough.model.places import Place
from runthrough.model.prompts import has_prompt, looks_like_session
from runthrough.model.steps import (
    Console,
    Excerpt,
    Line,
    Listing,
    PageProblem,
    Patch,
    Skip,
    Step,
    Unchecked,
)
from runthrough.reading.captions import path_of
from runthrough.reading.options import DIFFS, OPTIONS, Kind, decided, file_action, given_in
from runthrough.reading.session import SessionError, read_session

CONSOLE = {"console", "shell-session"}
PLAIN = {"", "default", "none", "text", "guess", "bash", "sh", "shell", "zsh", "ksh"}
"""Languages of blocks that may be sessions whose author has not said so."""


@dataclass(frozen=True)
class Block:
    """A literal block that the reader sees."""

    language: str
    lines: tuple[Line, ...]
    place: Place
    """Of its first content line."""
    options: Mapping[str, Any]
    head_place: Place
    """Of the line that makes it a block, and names its language."""
    caption_place: Place
    tabs: frozenset[Place] = frozenset()
    """Of lines with a tab in the source that the built page shows as blanks."""
    gaps: tuple[int, ...] = ()
    """Positions of lines before which an option such as `:lines:` leaves lines out."""

    @property
    def kind(self) -> Kind:
        """What the block is: as its options say, or else its language, prompt and caption."""
        if (kind := decided(self.options)) is not None:
            return kind
        if self.language in CONSOLE:
            return "session"
        if self.language in DIFFS:
            return "diff"
        if not self.is_asked_for_file and self.language in PLAIN:
            first = next((line.text for line in self.lines if line.text.strip()), "")
            if looks_like_session(first):
                return "session"
        return "other" if path_of(self.options) is None else "listing"

    @property
    def is_asked_for_file(self) -> bool:
        """Whether an option says what the reader does with a file."""
        return file_action(self.options) != "show"


class Unfit(Exception):
    """The options of a block do not fit it, or each other."""


class Untyped(Exception):
    """A line isn't shown as its author wrote it."""

    def __init__(self, place: Place, what: str, advice: str) -> None:
        super().__init__(what)
        self.place, self.what, self.advice = place, what, advice


def step_of(block: Block, unclassified: str) -> Step | Output:
    """Tell what a block asks of the reader; a Problem where nobody could tell."""
    try:
        check_options(block)
        return classify(block, unclassified)
    except SessionError as error:
        return PageProblem(error.line.place, error.what, error.advice)
    except (PatchError, Untyped) as error:
        return PageProblem(error.place, error.what, error.advice)
    except Unfit as error:
        return PageProblem(block.head_place, error.args[0], error.args[1])


def classify(block: Block, unclassified: str) -> Step | Output:
    """Read a block whose options fit it as the step that it asks for."""
    options, kind = block.options, block.kind
    first_line = block.lines[0].text if block.lines else ""
    if kind == "skipped":
        return Skip(block.place, options["skip"], first_line)
    if not block.lines:
        raise Unfit("this block is empty", "Write what it shows, or remove it.")
    counted = Unchecked(block.place, first_line)
    path = path_of(options)
    match kind:
        case "session":
            if unclassified == "count" and is_unprompted(block):
                return counted
            return console(block)
        case "output":
            return Output(block.head_place, block.lines)
        case "excerpt":
            return Excerpt(block.place, block.lines)
        case "diff" if path is not None:
            return patch(block, path)
        case "listing" if path is not None:
            return listing(block, path)
        case "diff" | "listing" | "other":
            if unclassified == "count" and not block.is_asked_for_file:
                return counted
            raise not_told(block)
        case _:
            assert_never(kind)


def not_told(block: Block) -> Unfit:
    """Say that a block may be anything, and how its author says what it is."""
    known = get_close_matches(block.language, [*CONSOLE, "diff"], n=1)
    return Unfit(
        f"can't tell what this {block.language or 'unnamed'!r} block asks of the reader",
        (f"Did you mean {known[0]!r}? " if known else "")
        + "If it is typed, make it a 'console' block with '$ ' before each command. If it is a "
        "file, give it ':caption: path', and ':create:' where the reader makes it. If it is "
        "something printed before, add ':quotes:'. Otherwise add ':skip: reason', or put the "
        "directive 'skip' around it." + about_caption(block.options),
    )


def about_caption(options: Mapping[str, Any]) -> str:
    """Say why a caption isn't taken for a path, if there's one."""
    if not options.get("caption"):
        return ""
    return (
        f" The caption {options['caption']!r} isn't taken for a file's path, because it has "
        "blanks or markup."
    )


def patch(block: Block, path: str) -> Patch:
    """Read a diff."""
    hunks = read_hunks(block.lines)
    refuse_tabs(block, [one for hunk in hunks for one in hunk if one.text.startswith("+")])
    return Patch(block.place, path, block.caption_place, hunks)


def listing(block: Block, path: str) -> Listing:
    """Read the listing of a file."""
    action = file_action(block.options)
    if action == "show":
        return Listing(block.place, path, block.caption_place, block.lines, gaps=block.gaps)
    refuse_tabs(block, block.lines)
    return Listing(block.place, path, block.caption_place, block.lines, action)


def is_unprompted(block: Block) -> bool:
    """Return whether no line of a console block has a prompt, and no option speaks of commands."""
    asked = any("session" in OPTIONS[name].kinds for name in given_in(block.options))
    return not asked and not any(has_prompt(line.text) for line in block.lines)


def refuse_tabs(block: Block, lines: Iterable[Line]) -> None:
    """Refuse lines that a reader would copy with blanks where the author wrote a tab.

    Raises Untyped at the first of them.
    """
    for line in lines:
        if line.place in block.tabs:
            raise Untyped(
                line.place,
                "this line has a tab, which the built page shows as blanks: a reader who copies "
                "it gets blanks",
                "Keep the text in a file of its own and show it with literalinclude, which keeps "
                "tabs (without ':tab-width:'), or write it without tabs. A command can make one: "
                "printf 'a\\tb\\n'.",
            )


def console(block: Block) -> Console:
    """Read a console block and its options."""
    start = next((i for i, line in enumerate(block.lines) if line.text.strip()), 0)
    commands = read_session(block.lines[start:])
    typed_at = {
        one.place.down(number) for one in commands for number in range(one.text.count("\n") + 1)
    }
    refuse_tabs(block, [line for line in block.lines if line.place in typed_at])
    options = block.options
    for name in ("status", "input"):
        if name in options and len(commands) > 1:
            raise Unfit(
                f":{name}: stands on a block of {len(commands)} commands, and fits one alone",
                "Put the command that it belongs to into a block of its own.",
            )
    return Console(
        block.place,
        commands,
        options.get("status", 0),
        options.get("input", ()),
        options.get("timeout"),
    )


def check_options(block: Block) -> None:
    """Raise Unfit where options contradict each other, or don't fit the kind of their block."""
    given = given_in(block.options)
    for name in given:
        for other in given:
            if other != name and (why := OPTIONS[name].alone):
                raise Unfit(f":{name}: can't go with :{other}:, and {why}", "Drop one.")
    for name in given:
        for other in given:
            if other != name and other in OPTIONS[name].excludes:
                raise Unfit(f":{name}: and :{other}: exclude each other", "Keep the one you mean.")
    kind = block.kind
    for name in given:
        if kind not in OPTIONS[name].kinds:
            raise (
                without_file(name, block)
                if is_listing_but_for_path(name, kind)
                else Unfit(f":{name}: does not fit {kind_in_words(block)}", "Remove the option.")
            )


def is_listing_but_for_path(name: str, kind: Kind) -> bool:
    """Return whether an option would fit its block if the block's caption were a path."""
    return kind == "other" and "listing" in OPTIONS[name].kinds


def without_file(name: str, block: Block) -> Unfit:
    """Say that an option is about a file, and that its block names none."""
    if "caption" not in block.options:
        return Unfit(f":{name}: names no file", "Say which: add ':caption: path'.")
    return Unfit(
        f":{name}: needs a file, and the caption {block.options['caption']!r} isn't a path",
        "Write the path alone as the caption, and what else there is to say above the block.",
    )


def kind_in_words(block: Block) -> str:
    """Name what a block is, as its author sees it."""
    match block.kind:
        case "session":
            return "a console block"
        case "diff":
            return "a diff, which changes a file"
        case "listing" | "excerpt" | "output" | "skipped" | "other":
            return f"a {block.language!r} block" if block.language else "a block of no language"
        case other:
            assert_never(other)


@dataclass(frozen=True)
class Output:
    """What the command right before it prints: a block that asks nothing by itself."""

    place: Place
    lines: tuple[Line, ...]


def join(found: Iterable[Step | Output]) -> Iterator[Step]:
    """Put each output under the last command of the console block right before it."""
    before: Step | None = None
    for one in found:
        if isinstance(one, Output) and isinstance(before, Console):
            *others, last = before.commands
            if not last.output:
                printing = dataclasses.replace(last, output=one.lines)
                before = dataclasses.replace(before, commands=(*others, printing))
                continue
        if before is not None:
            yield before
        before = without_command(one, before) if isinstance(one, Output) else one
    if before is not None:
        yield before


def without_command(output: Output, before: Step | None) -> PageProblem:
    """Say that an output belongs to no command."""
    if isinstance(before, Console):
        shown = before.commands[-1].output[0].place.line
        what = f"the command before this ':output:' has an output already, at line {shown}"
    else:
        what = "there is no console block right before this ':output:'"
    return PageProblem(
        output.place,
        what,
        "Put the block right after the command that prints it, and nothing under that command.",
    )
