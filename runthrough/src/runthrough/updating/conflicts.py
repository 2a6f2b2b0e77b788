"""What rules a correction out: another step on the same lines, or a page then read wrongly."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from runthrough.model.digests import without_places
from runthrough.model.places import Place
from runthrough.model.results import Correction, Result
from runthrough.model.steps import Command, Line, Page

Key = tuple[str, int]
"""A page's name, and the position of a step on it."""
Corrections = Mapping[Place, Correction]
"""By the place of each old line; those without old lines by their own place."""


def conflicts(
    pages: Sequence[Page], results: Mapping[Key, Result]
) -> Iterator[tuple[Key, Correction, Key]]:
    """Yield each correction that another step that was run does not agree with, and that step.

    The lines of an included file are on several pages, or several times on one.
    """
    shown_by: dict[Place, set[Key]] = defaultdict(set)
    for page in pages:
        for position, step in enumerate(page.steps):
            for place in step.shown:
                shown_by[place].add((page.docname, position))
    for key, result in results.items():
        for correction in result.corrections:
            for other in sorted(set().union(*(shown_by[one] for one in places(correction)))):
                if other != key and not agrees(results.get(other), correction):
                    yield key, correction, other
                    break


def agrees(result: Result | None, correction: Correction) -> bool:
    """Return whether a step makes the same correction, or was not run as far as that."""
    if result is None or (result.verdict != "passed" and not result.corrections):
        return True
    return any(
        (one.place, one.old, one.new) == (correction.place, correction.old, correction.new)
        for one in result.corrections
    )


def by_place(corrections: Sequence[Correction]) -> dict[Place, Correction]:
    """Return the correction of each place."""
    return {place: one for one in corrections for place in places(one)}


def places(correction: Correction) -> tuple[Place, ...]:
    """Return the places of the old lines, or that of the line above the new ones."""
    first = correction.place
    return tuple(first.down(i) for i in range(len(correction.old))) or (first.down(-1),)


def misread(
    before: Sequence[Page], after: Sequence[Page], corrections: Sequence[Correction]
) -> Iterator[tuple[str, int]]:
    """Yield, for each page that has not become what it should, the first wrong step."""
    made = by_place(corrections)
    found = {
        page.docname: [without_places(step, ends=False) for step in page.steps] for page in after
    }
    for page in before:
        steps = found.get(page.docname, [])
        for position, step in enumerate(page.steps):
            if steps[position : position + 1] != [without_places(meant(step, made), ends=False)]:
                yield page.docname, position
                break
        else:
            if len(steps) > len(page.steps):
                yield page.docname, len(page.steps) - 1


def meant(value: Any, made: Corrections) -> Any:
    """Return a step, or a part of it, with the lines that its corrections write."""
    if isinstance(value, tuple) and value and all(isinstance(one, Line) for one in value):
        return tuple(rewritten(value, made))
    if isinstance(value, tuple):
        return tuple(meant(one, made) for one in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, (Place, Line, type)):
        return value
    changed = {
        field.name: meant(getattr(value, field.name), made)
        for field in dataclasses.fields(value)
        if field.init
    }
    if isinstance(value, Command):
        last = value.place.down(value.text.count("\n"))
        changed["output"] = (*inserted(last, made), *changed["output"])
    return dataclasses.replace(value, **changed)


def rewritten(lines: Sequence[Line], made: Corrections) -> Iterator[Line]:
    """Yield the lines as their corrections write them."""
    for line in lines:
        correction = made.get(line.place)
        if correction is None or not correction.old:
            yield line
            yield from inserted(line.place, made)
        elif line.place == correction.place:
            yield from (Line(text, line.place) for text in correction.new)


def inserted(above: Place, made: Corrections) -> Iterator[Line]:
    """Yield what a correction adds below a line."""
    correction = made.get(above)
    if correction is not None and not correction.old:
        yield from (Line(text, above) for text in correction.new)
