"""End a run so that all is cleaned up and reported, whatever signal comes and however often."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import pytest

from runthrough.processes import leftovers

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

LEFT = "runthrough_left"
"""Where a worker hands over what it could not clean up."""
ENDING = (signal.SIGTERM, signal.SIGHUP)
"""Signals that would end us without a report, and without an end of our own."""


class Ended(KeyboardInterrupt):
    """A signal asks the run to end; pytest reports what it knows, as after Ctrl-C."""


def raise_ended(number: int, frame: FrameType | None) -> None:
    """Handle a signal that asks us to end."""
    raise Ended(f"the run was ended by {signal.Signals(number).name}")


def can_set_handlers() -> bool:
    """Return whether Python lets us handle signals: only its main thread may."""
    return threading.current_thread() is threading.main_thread()


def heed_signals() -> None:
    """Report and clean up after a signal that ends us; one that is ignored or handled stays so."""
    for number in ENDING if can_set_handlers() else ():
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, raise_ended)


def unheed_signals() -> None:
    """Let the signals do again what they did before."""
    for number in ENDING if can_set_handlers() else ():
        if signal.getsignal(number) is raise_ended:
            signal.signal(number, signal.SIG_DFL)


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
    """Return what this process could not clean up; a worker gives it to its controller."""
    left = leftovers.take()
    output: dict[str, object] | None = getattr(config, "workeroutput", None)
    if output is not None:
        output[LEFT] = left
    return left


def left_by(node: WorkerController) -> list[str]:
    """Return what a worker could not clean up; nothing where it has died."""
    output: dict[str, list[str]] = getattr(node, "workeroutput", None) or {}
    return output.get(LEFT, [])
