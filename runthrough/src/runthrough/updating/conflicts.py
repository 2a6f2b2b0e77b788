"""Find corrections of lines that another step shows as well, and needs as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from runthrough.model.places import Place
from runthrough.model.results import Correction, Outcome
from runthrough.model.steps import (
    Console,
    Ending,
    Excerpt,
    Export,
    Line,
    Listing,
    Mentions,
    Mistake,
    Page,
    Patch,
    Step,
    Unchecked,
    Waiver,
)
from runthrough.updating.rereading import places

Key = tuple[str, int]
"""A page's name, and the position of a step on it."""


def conflicts(
    pages: Sequence[Page], outcomes: Mapping[Key, Outcome]
) -> Iterator[tuple[Key, Correction, Key]]:
    """Yield each correction that another performed step does not agree with, and that step.

    An included file stands on several pages, or several times on one.
    """
    shown_by: dict[Place, set[Key]] = defaultdict(set)
    for page in pages:
        for position, step in enumerate(page.steps):
            for place in shown(step):
                shown_by[place].add((page.docname, position))
    for key, outcome in outcomes.items():
        for correction in outcome.corrections:
            for other in sorted(set().union(*(shown_by[one] for one in places(correction)))):
                if other != key and not agrees(outcomes.get(other), correction):
                    yield key, correction, other
                    break


def agrees(outcome: Outcome | None, correction: Correction) -> bool:
    """Tell whether a step makes the same correction, or was not performed as far as that."""
    if outcome is None or (outcome.verdict != "passed" and not outcome.corrections):
        return True
    return any(
        (one.place, one.old, one.new) == (correction.place, correction.old, correction.new)
        for one in outcome.corrections
    )


def shown(step: Step) -> Iterator[Place]:
    """Yield the places of the lines that a step shows and relies on."""
    lines: tuple[Line, ...] = ()
    match step:
        case Console():
            for command in step.commands:
                count = command.text.count("\n") + 1
                yield from (command.place.down(i) for i in range(count))
                lines += command.output
        case Listing() | Excerpt():
            lines = step.lines
        case Patch():
            lines = tuple(line for hunk in step.hunks for line in hunk)
        case Mentions() | Export() | Ending() | Waiver() | Unchecked() | Mistake():
            pass
        case _:
            assert_never(step)
    yield from (line.place for line in lines)
