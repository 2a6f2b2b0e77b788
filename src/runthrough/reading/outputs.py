"""Outputs that stand in a block of their own, under the command that prints them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from runthrough.places import Place
from runthrough.steps import Console, Line, Mistake, Step


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


def without_command(output: Output, before: Step | None) -> Mistake:
    """Say that an output belongs to no command."""
    if isinstance(before, Console):
        shown = before.commands[-1].output[0].place.line
        what = f"the command before this ':output:' has an output already, at line {shown}"
    else:
        what = "there is no console block right before this ':output:'"
    return Mistake(
        output.place,
        what,
        "Put the block right after the command that prints it, and nothing under that command.",
    )
