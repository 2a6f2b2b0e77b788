"""End a run so that everything is cleaned up and reported, whatever signals come, and how often."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest

from runthrough.plugin import _compat
from runthrough.processes import leftovers

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

LEFT = "runthrough_left"
"""Where a worker hands over what it couldn't clean up."""
ENDING = (signal.SIGTERM, signal.SIGHUP)
"""Signals that would end us without a report, and without an end of our own."""

REPORTING = 10.0
"""Seconds after a signal in which another changes nothing."""


class Ended(KeyboardInterrupt):
    """A signal asks the run to end; pytest reports what it knows, as after Ctrl-C."""


class Signals:
    """Handles the signals that ask a run to end: the first ends it, and the rest don't
    interrupt."""

    def __init__(self) -> None:
        self.replaced: dict[int, Any] = {}
        self.first: float | None = None

    def heed(self) -> None:
        """Handle those that aren't handled yet; one that our caller ignores stays ignored."""
        if not can_set_handlers():
            return
        for number in (signal.SIGINT, *ENDING):
            before = signal.getsignal(number)
            if before in (signal.SIG_DFL, signal.default_int_handler):
                self.replaced[number] = before
                signal.signal(number, self.handle)

    def handle(self, number: int, frame: FrameType | None) -> None:
        """End the run, unless it is ending already: a second Ctrl-C would cut its report off."""
        now = time.monotonic()
        if self.first is not None and now - self.first < REPORTING:
            return
        self.first = now
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise Ended(f"the run was ended by {signal.Signals(number).name}")

    def unheed(self) -> None:
        """Restore the earlier signal handlers."""
        for number, before in self.replaced.items():
            if signal.getsignal(number) == self.handle:
                signal.signal(number, before)
        self.replaced = {}


def can_set_handlers() -> bool:
    """Return whether Python lets us handle signals: only its main thread may."""
    return threading.current_thread() is threading.main_thread()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Clean up to the end, though Ctrl-C is pressed again: it takes seconds and has limits."""
    if not can_set_handlers():
        yield
        return
    numbers = (signal.SIGINT, *ENDING)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:  # None: it was set by a library that isn't Python
                signal.signal(number, handler)


def hand_over(config: pytest.Config) -> list[str]:
    """Return what this process couldn't clean up; a worker gives it to its controller."""
    left = leftovers.take()
    _compat.worker_output(config)[LEFT] = left
    return left


def left_by(node: WorkerController) -> list[str]:
    """Return what a worker couldn't clean up; nothing if it has died."""
    left: list[str] = _compat.worker_output(node).get(LEFT, [])
    return left
