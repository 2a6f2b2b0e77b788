"""A figure: two things measured in turn, so that a change of the machine's speed hits both."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 7


@dataclass(frozen=True)
class Figure:
    """Medians of two things in seconds, and the median of their ratios, round by round."""

    seconds: float
    against: float
    ratio: float


def compare(
    measured: Callable[[], object],
    against: Callable[[], object],
    *,
    rounds: int = ROUNDS,
    unit: Callable[[Callable[[], object]], float] | None = None,
) -> Figure:
    """Measure two things in turn, after one round that does not count; `unit` says how."""
    measure = unit or seconds
    pairs = [(measure(measured), measure(against)) for _ in range(rounds + 1)][1:]
    return Figure(
        statistics.median(one for one, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(one / other for one, other in pairs),
    )


def seconds(run: Callable[[], object]) -> float:
    """Time one call."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def cpu_seconds(run: Callable[[], object]) -> float:
    """Count the processor's time of one call, that of all processes that end in it included."""
    before = used()
    run()
    return used() - before


def used() -> float:
    """Return the processor's seconds of this process and those that it has waited for."""
    parts = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in parts)
