"""Lay lines that do not hold on those that were found, so that most of them stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from runthrough.matching.alignment import prefix_length

INSERTED, DELETED = 65, 110
"""What a found line costs that the page does not show, and a line of the page to remove."""
CHANGED, ALIKE = 100, 30
"""What a changed line costs, and how much less if its two forms differ in next to nothing."""
NEVER = 1000
"""What a blank line costs that becomes another, or the reverse."""
LARGEST = 300_000
"""Pairs of a shown and a found line that are looked at; it takes about a second."""

IsGap = Callable[[str], bool]
"""Tells whether a line of the page stands for lines that it leaves out."""


@dataclass(frozen=True)
class Hunk:
    """Lines of the page, from `start` up to `end`, and the positions of the found lines for them.

    Where both positions are the same, the found lines belong above the line there.
    """

    start: int
    end: int
    found: tuple[int, ...]


@dataclass(frozen=True)
class Step:
    """One line of the page, or of what was found, or one of each for each other."""

    shown: int | None
    found: int | None
    kept: bool = False


@dataclass(frozen=True)
class Alignment:
    """How the page's lines lie on the found ones."""

    kept: tuple[tuple[int, int], ...]
    """Positions of lines that hold: on the page, and among the found ones."""
    hunks: tuple[Hunk, ...]
    cost: int


def align(
    shown: Sequence[str], found: Sequence[str], is_gap: IsGap, *, part: bool
) -> Alignment | None:
    """Find the cheapest way to turn the page's lines into the found ones; None: too many lines.

    With `part`, the page shows a part of what was found. This is the alignment of Needleman and
    Wunsch; a gap of the page takes any lines and costs nothing.
    """
    if len(shown) * len(found) > LARGEST:
        return None
    rows = [[0 if part else INSERTED * position for position in range(len(found) + 1)]]
    for line in shown:
        rows.append(next_row(rows[-1], line, found, gap=is_gap(line)))
    end = rows[-1].index(min(rows[-1])) if part else len(found)
    steps = list(back(rows, shown, found, is_gap, end, part))[::-1]
    pairs = ((one.shown, one.found) for one in steps if one.kept)
    kept = tuple((i, j) for i, j in pairs if i is not None and j is not None)
    return Alignment(kept, tuple(hunks(steps)), rows[-1][end])


def is_sure(shown: Sequence[str], found: Sequence[str], is_gap: IsGap, *, part: bool) -> bool:
    """Tell whether the page becomes the same when all lines are read from their ends."""
    forwards = align(shown, found, is_gap, part=part)
    backwards = align(shown[::-1], found[::-1], is_gap, part=part)
    if forwards is None or backwards is None:
        return False
    first = replaced(shown, found, forwards.hunks)
    return first == replaced(shown[::-1], found[::-1], backwards.hunks)[::-1]


def replaced(shown: Sequence[str], found: Sequence[str], hunks: Sequence[Hunk]) -> list[str]:
    """Return the page's lines with the found ones in their places."""
    lines = list(shown)
    for hunk in reversed(hunks):
        lines[hunk.start : hunk.end] = [found[position] for position in hunk.found]
    return lines


def next_row(above: list[int], line: str, found: Sequence[str], *, gap: bool) -> list[int]:
    """Compute what one more line of the page costs, for each number of found lines."""
    row = [above[0] if gap else above[0] + DELETED]
    for j, one in enumerate(found):
        if gap:
            row.append(min(above[j + 1], row[j]))
        else:
            changed = above[j] + changing(line, one)
            row.append(min(changed, above[j + 1] + DELETED, row[j] + INSERTED))
    return row


def changing(line: str, other: str) -> int:
    """Tell what it costs to turn one line into another."""
    if line == other:
        return 0
    if not line or not other:
        return NEVER
    before = prefix_length(line, other, 0)
    after = prefix_length(line[before:][::-1], other[before:][::-1], 0)
    return CHANGED - ALIKE * (before + after) // max(len(line), len(other))


def back(
    rows: list[list[int]],
    shown: Sequence[str],
    found: Sequence[str],
    is_gap: IsGap,
    end: int,
    part: bool,
) -> Iterator[Step]:
    """Yield the steps of the cheapest way, from its end on."""
    i, j = len(shown), end
    while i or (j and not part):
        here = rows[i][j]
        if i and is_gap(shown[i - 1]):
            if here == rows[i - 1][j]:
                i -= 1
                yield Step(i, None, kept=True)
            else:
                j -= 1
        elif i and j and here == rows[i - 1][j - 1] + changing(shown[i - 1], found[j - 1]):
            i, j = i - 1, j - 1
            yield Step(i, j, kept=shown[i] == found[j])
        elif i and here == rows[i - 1][j] + DELETED:
            i -= 1
            yield Step(i, None)
        else:
            j -= 1
            yield Step(None, j)


def hunks(steps: Sequence[Step]) -> Iterator[Hunk]:
    """Yield the runs of steps at which the page changes."""
    start = end = 0
    taken: list[int] = []
    for step in [*steps, Step(end, None, kept=True)]:
        if step.kept:
            if start < end or taken:
                yield Hunk(start, end, tuple(taken))
            start = end = (step.shown or 0) + 1
            taken = []
        else:
            end = end if step.shown is None else step.shown + 1
            taken += [] if step.found is None else [step.found]
