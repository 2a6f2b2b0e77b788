"""A figure: two things timed in turn, so that a change of the machine's speed hits both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 7


@dataclass(frozen=True)
class Figure:
    """Median seconds of two things, and the median of their ratios, round by round."""

    seconds: float
    against: float
    ratio: float


def compare(measured: Callable[[], object], against: Callable[[], object]) -> Figure:
    """Time two things in turn, after one round that does not count."""
    rounds = [(seconds(measured), seconds(against)) for _ in range(ROUNDS + 1)][1:]
    return Figure(
        statistics.median(one for one, _ in rounds),
        statistics.median(other for _, other in rounds),
        statistics.median(one / other for one, other in rounds),
    )


def seconds(run: Callable[[], object]) -> float:
    """Time one call."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began
