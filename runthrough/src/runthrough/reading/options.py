"""The options that say what a block asks of the reader: one table, used everywhere.

Directives, comments and Markdown accept the options in `OPTIONS`. The checks of a block, the lines
under it on the built page, and the reference are made from the same table. To add an option, add an
entry, and the code that acts on its value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from docutils.parsers.rst import directives

from runthrough.model.steps import VERBS, FileAction

Kind = Literal[
    "session",
    "script",
    "listing",
    "diff",
    "excerpt",
    "output",
    "interrupt",
    "answer",
    "skipped",
    "other",
]
"""What a block can be; "other" is a block whose purpose isn't clear."""

ENTER = "<Enter>"
"""Stands for the Enter key alone; an empty line would end a directive's options."""
FILE_ACTIONS: tuple[FileAction, ...] = tuple(name for name in VERBS if name != "show")
"""What a reader may do with the file of a listing, besides looking at it."""
DIFFS = frozenset({"diff", "udiff"})
"""Languages of blocks that change lines of a file."""


@dataclass(frozen=True)
class Option:
    """An option of a block."""

    read: Callable[[str], Any]
    """Checks and converts its value; raises ValueError or TypeError."""
    kinds: tuple[Kind, ...]
    """The kinds of block it fits."""
    description: str
    """What it says, for the reference; in reStructuredText."""
    value: str = ""
    """What is written after it, for the reference; empty if nothing is."""
    decides: bool = False
    """Whether a block with it is of its (only) kind, whatever the block's language is."""
    excludes: Collection[str] = ()
    """Options that contradict it."""
    alone: str = ""
    """Why it can't be combined with any other option; empty if it can."""
    beside: Collection[str] = ()
    """Options that it can be combined with all the same."""
    note: Callable[[Any], str] | None = None
    """Makes the line that a reader sees under the block; an empty one isn't shown."""


def flag(argument: str | None) -> bool:
    """Read an option without a value."""
    directives.flag(argument)
    return True


def seconds(argument: str) -> float:
    """Read a time limit, in seconds."""
    value = float(directives.unchanged_required(argument))
    if not 0 < value < float("inf"):
        raise ValueError(f"{argument!r} isn't a number of seconds above 0")
    return value


def answers(argument: str) -> tuple[str, ...]:
    """Read the lines that a reader types when a program asks, without their line ends."""
    lines = directives.unchanged_required(argument).splitlines()
    return tuple("" if line.strip() == ENTER else line for line in lines)


def reason(argument: str) -> str:
    """Read a reason, as one line."""
    return " ".join(directives.unchanged_required(argument).split())


def one_line(argument: str) -> str:
    """Read a text that has to be on one line."""
    text = directives.unchanged_required(argument).strip()
    if not text or "\n" in text:
        raise ValueError("it has to be text on one line")
    return text


def expressions(argument: str) -> tuple[str, ...]:
    """Read regular expressions, one on each line, each of which needs a character."""
    lines = [one.strip() for one in directives.unchanged_required(argument).splitlines()]
    for line in filter(None, lines):
        try:
            matches_nothing = re.fullmatch(line, "") is not None
        except re.error as error:
            raise ValueError(f"{line!r} isn't a regular expression ({error})") from error
        if matches_nothing:
            raise ValueError(f"{line!r} matches an empty string")
    return tuple(filter(None, lines))


def texts_with_reasons(argument: str) -> tuple[tuple[str, str], ...]:
    """Read lines with a text of a command, a colon, and the reason why it isn't typed."""
    pairs = []
    for line in filter(str.strip, directives.unchanged_required(argument).splitlines()):
        text, _, why = (part.strip() for part in line.rpartition(": "))
        if not text or not why:
            raise ValueError(f"{line.strip()!r} isn't some text of a command, a colon and a reason")
        pairs.append((text, why))
    return tuple(pairs)


def not_typed(pairs: tuple[tuple[str, str], ...]) -> str:
    """Return which commands of a block aren't run, and why."""
    return "Not tested: " + "; ".join(f"``{text}`` ({why})" for text, why in pairs)


def statuses(argument: str) -> tuple[int, ...]:
    """Read exit statuses, one for each command of a block."""
    numbers = directives.unchanged_required(argument).split()
    for number in numbers:
        if not (number.isascii() and number.isdecimal()):
            raise ValueError(f"{number!r} isn't a status, which is a number from 0 up, such as 2")
    return tuple(map(int, numbers))


def ends_with(numbers: tuple[int, ...]) -> str:
    """Return what a reader has to know of the exit statuses of a block's commands."""
    if not any(numbers):
        return ""
    if len(numbers) == 1:
        return f"The command ends with status {numbers[0]}."
    return f"The commands end with status {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}."


def answers_with(numbers: tuple[int, ...]) -> str:
    """Return what a reader has to know of the status of an answer."""
    return f"The server answers with status {' '.join(map(str, numbers))}."


def runs_until(text: str) -> str:
    """Return what a reader has to know of a command that doesn't end."""
    return f"This keeps running. Go on once it prints ``{text}``."


def typed_in(name: str) -> str:
    """Return which terminal a reader uses."""
    return f"In the terminal ``{name}``."


def answered_with(lines: tuple[str, ...]) -> str:
    """Return what to answer, in a markup that reStructuredText and Markdown share."""
    typed = (line.strip() for line in lines)
    return f"Answer with {', '.join(f'``{line}``' if line else 'Enter' for line in typed)}."


OPTIONS: dict[str, Option] = {
    "create": Option(
        flag,
        ("listing",),
        "The reader creates this file. It must not exist yet, but its folder must.",
        excludes=FILE_ACTIONS,
    ),
    "replace": Option(
        flag,
        ("listing",),
        "The reader replaces the contents of an existing file with these.",
        excludes=FILE_ACTIONS,
    ),
    "append": Option(
        flag,
        ("listing",),
        "The reader adds these lines to the end of a file.",
        excludes=FILE_ACTIONS,
    ),
    "at-end": Option(
        flag,
        ("listing",),
        "The file has these lines at the end of the page, and is compared then. So a page can "
        "begin with what its readers came for.",
        excludes=FILE_ACTIONS,
    ),
    "status": Option(
        statuses,
        ("session", "script", "answer"),
        "The command ends with this exit status instead of 0; in a block of several commands, one "
        "number for each. With ``:get:``, the server answers with this HTTP status instead of one "
        "from 200 to 299. Readers see it under the block.",
        value="number",
        note=ends_with,
    ),
    "unordered": Option(
        flag,
        ("session", "script"),
        "The lines that each command prints may come in any order.",
    ),
    "leave-out": Option(
        texts_with_reasons,
        ("session", "script"),
        "Commands of the block that aren't typed: on each line, some text of the command, a "
        "colon and the reason. Readers see it under the block.",
        value="text: reason",
        note=not_typed,
    ),
    "varying": Option(
        expressions,
        ("session", "script"),
        "Regular expressions, one on each line, for text that differs in every run and only has "
        "to keep its form.",
        value="expressions",
    ),
    "input": Option(
        answers,
        ("session", "script"),
        "What the reader types when the last command asks: one line for each question, and "
        "``<Enter>`` for an empty one. Readers see it under the block.",
        value="lines",
        note=answered_with,
    ),
    "timeout": Option(
        seconds,
        ("session", "script", "interrupt"),
        "How long each command of the block may take, instead of ``runthrough_timeout``.",
        value="seconds",
    ),
    "terminal": Option(
        one_line,
        ("session", "script", "output", "interrupt"),
        "The commands are typed in another terminal with this name. Readers see it under the "
        "block.",
        value="name",
        note=typed_in,
    ),
    "until": Option(
        one_line,
        ("session", "script"),
        "The last command keeps running; the reader goes on once it has printed a line with this "
        "text. Readers see it under the block.",
        value="text",
        excludes=("status",),
        note=runs_until,
    ),
    "interrupt": Option(
        flag,
        ("interrupt",),
        "The reader presses Ctrl-C, and then sees this. Readers are told so under the block.",
        decides=True,
        note=lambda _: "Press Ctrl-C.",
    ),
    "get": Option(
        one_line,
        ("answer",),
        "The reader opens this URL, and a server on the same machine answers with these lines. "
        "Readers see the URL under the block.",
        value="URL",
        decides=True,
        note=lambda url: f"``{url}`` answers this.",
    ),
    "quotes": Option(
        flag,
        ("excerpt",),
        "These lines were printed before.",
        decides=True,
        excludes=FILE_ACTIONS,
    ),
    "output": Option(
        flag,
        ("output",),
        "This is what the command right before the block prints.",
        decides=True,
        alone="the block is what a command prints",
        beside=("terminal",),
    ),
    "skip": Option(
        reason,
        ("skipped",),
        "The block isn't run. Readers see the reason under it.",
        value="reason",
        decides=True,
        alone="the block isn't run",
        note=lambda why: f"Not tested: {why}",
    ),
}
"""What the block directives accept besides their own options, by name."""


def given_in(options: Mapping[str, Any]) -> list[str]:
    """Return the names of our options among those of a block, in the table's order."""
    return [name for name in OPTIONS if name in options]


def decided(options: Mapping[str, Any]) -> Kind | None:
    """Return the kind of block that its options say it is; None if they don't."""
    return next(
        (OPTIONS[name].kinds[0] for name in given_in(options) if OPTIONS[name].decides), None
    )


def file_action(options: Mapping[str, Any]) -> FileAction:
    """Return what a reader does with the file of a listing that has these options."""
    return next((name for name in FILE_ACTIONS if name in options), "show")


def notes_on(options: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that tell a block's reader what its options say."""
    for name in given_in(options):
        note = OPTIONS[name].note
        if name == "status" and "get" in options:
            note = answers_with
        if note is not None and (text := note(options[name])):
            yield text
