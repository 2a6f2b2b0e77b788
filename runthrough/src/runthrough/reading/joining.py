"""Attach each output to the command that prints it, wherever it is on the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from runthrough.model.places import Place
from runthrough.model.steps import (
    Console,
    FurtherOutput,
    Interrupt,
    Line,
    PageProblem,
    SideNote,
    Step,
)
from runthrough.model.suggestions import Suggestion


@dataclass(frozen=True)
class Output:
    """What the command right before it prints, or one that keeps running in a terminal."""

    place: Place
    lines: tuple[Line, ...]
    otherwise: Step | None = None
    """What the block is if no command right before it lacks an output; None if that's a mistake."""
    terminal: str = ""
    side_notes: tuple[SideNote, ...] = ()
    """What the side file says of the block."""


def join(found: Iterable[Step | Output]) -> Iterator[Step]:
    """Put each output under the last command of the console block right before it.

    Where a command keeps running in its terminal, it's a step of its own.
    """
    before: Step | None = None
    running: set[str] = set()
    """The names of the terminals in which a command runs."""
    for one in found:
        if isinstance(one, Output) and isinstance(before, Console) and prints(before, one):
            *others, last = before.commands
            printing = dataclasses.replace(last, output=one.lines)
            notes = (*before.side_notes, *one.side_notes)
            before = dataclasses.replace(before, commands=(*others, printing), side_notes=notes)
            continue
        if before is not None:
            yield before
        if not isinstance(one, Output):
            before = one
        elif one.otherwise is None and one.terminal in running:
            place = one.lines[0].place
            before = FurtherOutput(place, one.lines, one.terminal, side_notes=one.side_notes)
        else:
            before = one.otherwise or without_command(one, before)
        if isinstance(before, Console) and before.until:
            running.add(before.terminal)
        elif isinstance(before, Interrupt):
            running.discard(before.terminal)
    if before is not None:
        yield before


def prints(console: Console, output: Output) -> bool:
    """Return whether an output right after a console block is that of the block's last command."""
    return console.terminal == output.terminal and not console.commands[-1].output


def without_command(output: Output, before: Step | None) -> PageProblem:
    """Return the problem of an output that doesn't belong to a command."""
    if output.terminal:
        what = (
            f"nothing is running in the terminal {output.terminal!r} here, and this ':output:' "
            "doesn't come right after one of its commands"
        )
    elif isinstance(before, Console) and not before.terminal:
        shown = before.commands[-1].output[0].place.line
        what = f"the command before this ':output:' already has an output, at line {shown}"
    else:
        what = "there's no console block right before this ':output:'"
    return PageProblem(
        output.place,
        what,
        "Put the block right after the command that prints it, and show nothing under that "
        "command. It can only come later if the command keeps running, which needs ':until:'.",
        suggestions=(Suggestion("until", at="another block"),),
    )
