"""The rule by which a line of the page and a line that was found are the same.

Everything that compares the two asks `same_line`: outputs, listings, diffs, excerpts, exports and
updates. Call it as `comparison.same_line`, so that a changed rule is one edit, here.
"""

from __future__ import annotations

from collections.abc import Sequence


def same_line(shown: str, found: str) -> bool:
    """Return whether a line that was found is the one that the page shows.

    Both come as they are seen, without blanks at their ends, and with placeholders for values
    that differ in every run. The rule may be any: what uses it takes nothing for granted, neither
    that it's symmetric nor that two lines which are the same as a third are the same.
    """
    return shown == found


def same_lines(shown: Sequence[str], found: Sequence[str]) -> bool:
    """Return whether lines are the same, one by one, and as many."""
    return len(shown) == len(found) == prefix_length(shown, found, 0)


def prefix_length(piece: Sequence[str], found: Sequence[str], at: int) -> int:
    """Count the first lines of a piece that are the same as those found at a position."""
    length = 0
    while (
        length < len(piece)
        and at + length < len(found)
        and same_line(piece[length], found[at + length])
    ):
        length += 1
    return length


def count_same(piece: Sequence[str], found: Sequence[str], at: int) -> int:
    """Count all lines of a piece that are the same as those found at a position."""
    there = found[at : at + len(piece)]
    return sum(same_line(line, other) for line, other in zip(piece, there, strict=False))


def is_part(shown: str, found: str) -> bool:
    """Return whether a part of a found line is the same as a line of the page."""
    length = len(shown)
    starts = range(len(found) - length + 1)
    return any(same_line(shown, found[start : start + length]) for start in starts)


def search(piece: Sequence[str], found: Sequence[str], start: int) -> tuple[int, int]:
    """Return where a piece comes first, and how many of its lines are the same there.

    Where it doesn't come as a whole, that's `start`, and the most of its first lines that come
    anywhere. No two lines are compared twice, so the time is linear in the number of lines found
    (Baeza-Yates and Gonnet, "A new approach to text searching", 1992).
    """
    if not piece:
        return start, 0
    compared: dict[str, tuple[int, int]] = {}
    """By found line, as bits: the piece's lines compared with it, and those that are the same."""
    held = best = 0
    """Bit i of `held`: the first i + 1 lines of the piece are the last found ones."""
    for position in range(start, len(found)):
        line = found[position]
        asked, same = compared.get(line, (0, 0))
        wanted = (held << 1 | 1) & ~(1 << len(piece))
        rest = wanted & ~asked
        while rest:
            bit = rest & -rest
            if same_line(piece[bit.bit_length() - 1], line):
                same |= bit
            rest ^= bit
        compared[line] = asked | wanted, same
        held = wanted & same
        best = max(best, held.bit_length())
        if best == len(piece):
            return position - best + 1, best
    return start, best
