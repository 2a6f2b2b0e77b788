"""What it costs to lay a page's lines on printed ones."""

from __future__ import annotations

from bench.figures import Figure, compare
from runthrough.matching.alignment import ELLIPSIS, Match, match

ELLIPSES = 50


def lines(number: int) -> list[str]:
    """Make lines of which many are alike, the worst case for a search."""
    return [f"line {n}" if n % 100 == 0 else "the same line" for n in range(number)]


def page(printed: list[str]) -> list[str]:
    """Leave a tenth of the lines out, in as many places as there are ellipses."""
    size = len(printed) // ELLIPSES
    shown: list[str] = []
    for start in range(0, len(printed), size):
        shown += [*printed[start : start + size * 9 // 10], ELLIPSIS]
    return shown


def matched(shown: list[str], printed: list[str]) -> None:
    """Match, and make sure that it is the right thing that was measured."""
    if not isinstance(match(shown, printed), Match):
        raise AssertionError("these lines match")


def growth() -> Figure:
    """Compare ten times as many lines."""
    large, small = lines(100_000), lines(10_000)
    shown_large, shown_small = page(large), page(small)
    return compare(lambda: matched(shown_large, large), lambda: matched(shown_small, small))


def against_lists() -> Figure:
    """Compare with the least that can be done with as many lines."""
    large = lines(100_000)
    shown, copy = page(large), [line + "" for line in large]
    return compare(
        lambda: matched(shown, large), lambda: all(a == b for a, b in zip(large, copy, strict=True))
    )
