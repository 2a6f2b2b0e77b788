"""Compare the lines that a page shows with the lines that were printed."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from runthrough.matching import comparison
from runthrough.matching.placeholders import Placeholders

ELLIPSIS = "..."
CONTEXT = 3
LONGEST_DIFF = 80
"""Lines of a difference that a report shows; more are counted."""
LONGEST_COMPARED = 2000
"""Lines of each side that a difference is sought in; it is quadratic at worst."""


@dataclass(frozen=True)
class Match:
    """Which printed line each line of the page is, by position."""

    pairs: tuple[tuple[int, int], ...]
    hidden: tuple[int, ...]
    """The printed lines that an ellipsis of the page leaves out."""


@dataclass(frozen=True)
class Mismatch:
    """The first place at which the page's lines and the printed ones differ."""

    shown: int | None
    """Position of the first line of the page that doesn't match; None if more was printed."""
    agreed: int
    """How many lines of the page match before that, up to the last ellipsis."""
    printed: int
    """Position from which the printed lines aren't accounted for."""


def is_ellipsis(line: str) -> bool:
    """Return whether a line is an ellipsis, in place of lines that the page leaves out."""
    return line.strip() == ELLIPSIS


def tidy(lines: Sequence[str]) -> list[str]:
    """Drop what a reader can't see: blanks at the ends of lines, blank lines at the end."""
    stripped = [line.rstrip() for line in lines]
    while stripped and not stripped[-1]:
        stripped.pop()
    return stripped


def match(shown: Sequence[str], printed: Sequence[str]) -> Match | Mismatch:
    """Match the page's lines with the printed ones, in time linear in their number.

    An ellipsis stands for any number of lines; what follows it is taken where it first fits.
    """
    pieces = split(shown)
    pairs: list[tuple[int, int]] = []
    hidden: list[int] = []
    reached = 0
    for number, (start, piece) in enumerate(pieces):
        first, last = number == 0, number == len(pieces) - 1
        if first:
            found, held = 0, comparison.prefix_length(piece, printed, 0)
        elif last:
            found = max(reached, len(printed) - len(piece))
            held = comparison.prefix_length(piece, printed, found)
        else:
            found, held = comparison.search(piece, printed, reached)
        if held < len(piece):
            return Mismatch(start + held, start, reached)
        hidden += range(reached, found)
        pairs += ((start + i, found + i) for i in range(len(piece)))
        reached = found + len(piece)
    if reached < len(printed):
        return Mismatch(None, pieces[-1][0], reached - len(pieces[-1][1]))
    return Match(tuple(pairs), tuple(hidden))


def split(shown: Sequence[str]) -> list[tuple[int, Sequence[str]]]:
    """Split the page's lines at its ellipses; each piece comes with its position."""
    pieces = []
    start = 0
    for position, line in enumerate(shown):
        if is_ellipsis(line):
            pieces.append((start, shown[start:position]))
            start = position + 1
    return [*pieces, (start, shown[start:])]


def difference(placeholders: Placeholders, shown: Sequence[str], found: Sequence[str]) -> list[str]:
    """Return the rows of a unified diff: `-` is on the page, `+` was found.

    A found line that's the same as one of the page is written as the page writes it.
    """
    left, right = placeholders.normalise(shown), placeholders.normalise(found)
    start = max(0, comparison.prefix_length(left, right, 0) - CONTEXT)
    end = start + LONGEST_COMPARED
    page = list(zip(left[start:end], shown[start:end], strict=True))
    written = [
        next((text for other, text in page if comparison.same_line(other, line)), as_found)
        for line, as_found in zip(right[start:end], found[start:end], strict=True)
    ]
    rows = list(difflib.unified_diff(shown[start:end], written, n=CONTEXT, lineterm=""))
    rows = [row for row in rows[2:] if not row.startswith("@@")]
    beyond = max(0, len(shown) - end) + max(0, len(found) - end)
    if len(rows) > LONGEST_DIFF:
        half = LONGEST_DIFF // 2
        beyond += len(rows) - 2 * half
        return [*rows[:half], f"... {beyond} lines left out ...", *rows[-half:]]
    return [*rows, f"... {beyond} lines left out ..."] if beyond else rows
