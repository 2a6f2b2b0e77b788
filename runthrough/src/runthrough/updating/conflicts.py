"""Find corrections of lines that another step shows as well, and needs as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from runthrough.model.places import Place
from runthrough.model.results import Correction, Result
from runthrough.model.steps import Page
from runthrough.updating.rereading import places

Key = tuple[str, int]
"""A page's name, and the position of a step on it."""


def conflicts(
    pages: Sequence[Page], results: Mapping[Key, Result]
) -> Iterator[tuple[Key, Correction, Key]]:
    """Yield each correction that another step that was run does not agree with, and that step.

    An included file stands on several pages, or several times on one.
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
