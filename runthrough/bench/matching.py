"""What it costs to compare a long output with what the page shows of it."""

from __future__ import annotations

import subprocess

from bench.figures import Figure, compare
from bench.pages import command, page, run
from runthrough import Page

ELLIPSIS = "..."
ELLIPSES = 50
PRINT = """awk 'BEGIN { for (n = 0; n < %d; n++) print n %% 100 ? "the same line" : "line " n }'"""


def lines(number: int) -> list[str]:
    """Make lines of which many are alike, the worst case for a search."""
    return [f"line {n}" if n % 100 == 0 else "the same line" for n in range(number)]


def shortened(printed: list[str]) -> list[str]:
    """Leave a tenth of the lines out, in as many places as there are ellipses."""
    size = len(printed) // ELLIPSES
    shown: list[str] = []
    for start in range(0, len(printed), size):
        shown += [*printed[start : start + size * 9 // 10], ELLIPSIS]
    return shown


def printing(number: int) -> Page:
    """Make a page with a command that prints so many lines."""
    return page(command(PRINT % number, shortened(lines(number))))


def growth() -> Figure:
    """Compare ten times as many lines."""
    large, small = printing(100_000), printing(10_000)
    return compare(lambda: run(large), lambda: run(small))


def against_bash() -> Figure:
    """Compare with bash that prints them for nobody."""
    large, bare = printing(100_000), ["bash", "-c", PRINT % 100_000]
    return compare(
        lambda: run(large), lambda: subprocess.run(bare, stdout=subprocess.DEVNULL, check=True)
    )
