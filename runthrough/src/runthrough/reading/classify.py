"""Turn each block of a resolved page into the step that it asks for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

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
from runthrough.reading import answers
from runthrough.reading.captions import path_of
from runthrough.reading.options import COMMAND_ONLY, DIFFS, FILE_ONLY, OPTIONS
from runthrough.reading.session import SessionError, read_session

CONSOLE = {"console", "shell-session"}
PLAIN = {"", "default", "none", "text", "guess", "bash", "sh", "shell", "zsh", "ksh"}
"""Languages of blocks that may be sessions whose author has not said so."""
ALONE = {"skip": "nobody runs the block", "output": "the block is what a command prints"}
"""Options beside which no other makes sense, and why."""


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
    def is_session(self) -> bool:
        if self.options.keys() & {"output", "quotes"}:
            return False
        if self.language in CONSOLE:
            return True
        if self.options.keys() & set(FILE_ONLY):
            return False
        first = next((line.text for line in self.lines if line.text.strip()), "")
        return self.language in PLAIN and looks_like_session(first)


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
    """Tell what a block asks of the reader."""
    options = block.options
    first_line = block.lines[0].text if block.lines else ""
    if "skip" in options:
        return Skip(block.place, " ".join(options["skip"].split()), first_line)
    if not block.lines:
        raise Unfit("this block is empty", "Write what it shows, or remove it.")
    if block.is_session:
        if unclassified == "count" and is_unprompted(block):
            return Unchecked(block.place, first_line)
        return console(block)
    if "output" in options:
        return Output(block.head_place, block.lines)
    if options.get("quotes"):
        return Excerpt(block.place, block.lines)
    path = path_of(options)
    if path is not None:
        return file_step(block, path)
    if unclassified == "count" and not options.keys() & set(FILE_ONLY):
        return Unchecked(block.place, first_line)
    known = get_close_matches(block.language, [*CONSOLE, "diff"], n=1)
    raise Unfit(
        f"can't tell what this {block.language or 'unnamed'!r} block asks of the reader",
        (f"Did you mean {known[0]!r}? " if known else "")
        + "If it is typed, make it a 'console' block with '$ ' before each command. If it is a "
        "file, give it ':caption: path', and ':create:' where the reader makes it. If it is "
        "something printed before, add ':quotes:'. Otherwise add ':skip: reason', or put the "
        "directive 'skip' around it." + about_caption(options),
    )


def about_caption(options: Mapping[str, Any]) -> str:
    """Say why a caption isn't taken for a path, if there's one."""
    if not options.get("caption"):
        return ""
    return (
        f" The caption {options['caption']!r} isn't taken for a file's path, because it has "
        "blanks or markup."
    )


def file_step(block: Block, path: str) -> Listing | Patch:
    """Read a listing or a diff."""
    if block.language in DIFFS:
        hunks = read_hunks(block.lines)
        refuse_tabs(block, [one for hunk in hunks for one in hunk if one.text.startswith("+")])
        return Patch(block.place, path, block.caption_place, hunks)
    file_action = next((name for name in FILE_ONLY if block.options.get(name)), "show")
    if file_action == "show":
        return Listing(block.place, path, block.caption_place, block.lines, gaps=block.gaps)
    refuse_tabs(block, block.lines)
    return Listing(block.place, path, block.caption_place, block.lines, file_action)  # type: ignore[arg-type]


def is_unprompted(block: Block) -> bool:
    """Return whether no line of a console block has a prompt, and no option speaks of commands."""
    asked = block.options.keys() & set(COMMAND_ONLY)
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
    typed = answers.to_type(options["input"]) if "input" in options else ()
    return Console(block.place, commands, options.get("status", 0), typed, options.get("timeout"))


def check_options(block: Block) -> None:
    """Find options that contradict each other, or the kind of block they stand on."""
    given = [name for name in OPTIONS if name in block.options]
    file_actions = [name for name in given if name in FILE_ONLY]
    for name in given:
        if name in ALONE and len(given) > 1:
            other = next(one for one in given if one != name)
            raise Unfit(f":{name}: can't go with :{other}:, and {ALONE[name]}", "Drop one.")
    if len(file_actions) > 1:
        raise Unfit(
            f":{file_actions[0]}: and :{file_actions[1]}: exclude each other",
            "Keep the one you mean.",
        )
    if file_actions and "quotes" in given:
        raise Unfit(
            f":quotes: and :{file_actions[0]}: exclude each other", "Keep the one you mean."
        )
    if file_actions and block.language in DIFFS:
        raise Unfit(
            f":{file_actions[0]}: does not fit a diff, which changes a file", "Remove the option."
        )
    if file_actions and "caption" not in block.options:
        raise Unfit(f":{file_actions[0]}: names no file", "Say which: add ':caption: path'.")
    if file_actions and path_of(block.options) is None:
        raise Unfit(
            f":{file_actions[0]}: needs a file, and the caption {block.options['caption']!r} "
            "isn't a path",
            "Write the path alone as the caption, and what else there is to say above the block.",
        )
    wrong = FILE_ONLY if block.is_session else COMMAND_ONLY
    for name in given:
        if name in wrong:
            kind = "a console block" if block.is_session else f"a {block.language!r} block"
            raise Unfit(f":{name}: does not fit {kind}", "Remove the option.")


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
