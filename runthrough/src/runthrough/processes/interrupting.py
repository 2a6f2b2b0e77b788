"""Let signals end a program as Ctrl-C does, together with the run that it has started."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""Signals that would end a program before it has cleaned up; Windows has no SIGHUP."""
RUN_ENDS = 25.0
"""Seconds for a run that is interrupted: it ends a database and removes what it has made."""


@contextmanager
def interrupted_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP do what Ctrl-C does; what our caller ignores stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread can handle signals
        return
    numbers = [number for number in ENDING if signal.getsignal(number) == signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def started_run(
    command: Sequence[str], stderr: int | IO[str] = subprocess.STDOUT
) -> Iterator[subprocess.Popen[str]]:
    """Start a run, whose output can be read; if the block is interrupted, the run ends first.

    Ctrl-C reaches the run through us alone: twice would cut its ending off.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            yield process
        except BaseException:
            end(process)
            raise


def end(process: subprocess.Popen[str]) -> None:
    """Interrupt a run, and wait until it has cleaned up."""
    process.send_signal(signal.SIGINT)
    try:
        process.communicate(timeout=RUN_ENDS)
    except subprocess.TimeoutExpired:
        process.kill()
