"""Say in the terms of the side file what an advice says in those of a page."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from runthrough.model.results import Failure
from runthrough.model.steps import SIDE_FILE, Command, Console, PageProblem, Step
from runthrough.reading.options import OPTIONS
from runthrough.reading.side_file import head, quoted

OPTION = re.compile(r"':(?P<name>[a-z-]+):(?: (?P<value>[^']*))?'")
"""An option of a block, as an advice writes it."""
TYPED = "make it a 'console' block"
SKIPPED = "in a 'skip' directive"
NOT_TO_ADD = ("emove ", "from ", "correct ", ". ", "of its own with ':output:'")
"""What comes before an option that the block has already, or can't have, in an advice."""
ANOTHER = ("block with ", "block that has ", "which needs ")
"""What comes before an option of another block."""
UNKNOWN = "text of the block"
"""What an author replaces by some text of a block."""

Where = Literal["here", "another", "after"]
"""An entry of the block itself, of another one, or of what a reader does after some text."""


def with_entry(failure: Failure, step: Step, docname: str) -> Failure:
    """Return a failure of a step with the lines of the side file that do what its advice says."""
    parts = [*changed(failure, step), *entries(failure, step, docname)]
    return dataclasses.replace(failure, entry=tuple("\n\n".join(parts).splitlines()))


def changed(failure: Failure, step: Step) -> Iterator[str]:
    """Yield a comment for each line that already gives an option which the advice names."""
    named = {found["name"] for found in OPTION.finditer(failure.advice)}
    for note in step.side_notes:
        if note.what.partition(":")[0] in named:
            yield f"# change line {note.place.line}, which has {note.what}"


def entries(failure: Failure, step: Step, docname: str) -> Iterator[str]:
    """Yield each entry to write, or to add to."""
    given = {note.what.partition(":")[0] for note in step.side_notes}
    keys: dict[Where, list[str]] = {}
    for where, name, value in options_in(failure.advice):
        if name not in given and (line := key(failure, step, name, value)):
            keys.setdefault(where, []).append(line)
    for where, lines in keys.items():
        yield "\n".join([*head_of(where, failure, step, docname), *lines])


def options_in(advice: str) -> Iterator[tuple[Where, str, str]]:
    """Yield the options that an advice has an author add: of which entry, name and value."""
    where: Where = "here"
    if TYPED in advice:
        yield where, "language", "bash"
    for found in OPTION.finditer(advice):
        name, before = found["name"], advice[: found.start()]
        if name not in (*OPTIONS, "caption"):
            continue
        if before.endswith(NOT_TO_ADD) or f"{before}{found[0]}".endswith(NOT_TO_ADD):
            continue
        if not before.endswith("and "):
            where = "another" if before.endswith(ANOTHER) else "here"
        if name == "interrupt":
            where = "after"
        yield where, name, found["value"] or ""
    if SKIPPED in advice and "':skip:" not in advice:
        yield "here", "skip", ""


def key(failure: Failure, step: Step, name: str, value: str) -> str:
    """Return the line of an entry that gives an option; empty if its value isn't known."""
    several = isinstance(step, Console) and len(step.commands) > 1
    if name == "status":
        return f"status = {statuses(failure, step, value)}" if value else ""
    command = command_of(failure, step)
    if name == "skip" and several and command is not None:  # the others can still be typed
        return f"leave-out = {quoted(f'{command.first_line}: {value}')}"
    written = OPTIONS[name].value if name in OPTIONS else "text"
    if not written:
        return f"{name} = true"
    if written == "seconds":
        return f"{name} = 300"
    if written == "lines":
        return f"{name} = [{quoted('answer')}]"
    return f"{name} = {quoted(value or written)}"


def statuses(failure: Failure, step: Step, value: str) -> str:
    """Return the status of a command, or the list of those of all commands of its block."""
    if not isinstance(step, Console) or len(step.commands) == 1:
        return value
    failed = command_of(failure, step)
    return f"[{', '.join(value if one is failed else str(one.status) for one in step.commands)}]"


def command_of(failure: Failure, step: Step) -> Command | None:
    """Return the command that a failure is about."""
    if not isinstance(step, Console):
        return None
    at = (failure.command_place, failure.place)
    return next((one for one in step.commands if one.place in at), None)


def head_of(where: Where, failure: Failure, step: Step, docname: str) -> Sequence[str]:
    """Return the lines with which an entry begins; a comment, if it's there already."""
    if where == "after":
        return head(docname, "after", "text right before it")
    if where == "another":
        return head(docname, "block", UNKNOWN)
    if failure.place.file.name == SIDE_FILE:
        return (f"# in the entry at line {failure.place.line}",)
    return head(docname, "block", text_of(failure, step))


def text_of(failure: Failure, step: Step) -> str:
    """Return some text of the block of a step."""
    if (command := command_of(failure, step)) is not None:
        return command.first_line
    if isinstance(step, PageProblem):
        return step.text or UNKNOWN
    lines = (line.text.strip() for line in getattr(step, "lines", ()))
    return next(filter(None, lines), UNKNOWN)
