"""Processes that a test looks at, each of which may end while it's being looked at."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil

PATIENCE = 120.0
"""Seconds after which a test waits no longer, on however slow a machine."""


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, and fail if it doesn't come."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it hasn't come true"
        time.sleep(0.01)


def is_alive(process: psutil.Process) -> bool:
    """Return whether a process goes on, which one that waits to be reaped doesn't."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def words_of(process: psutil.Process) -> list[str]:
    """Return the command line of a process, and nothing for one that has ended meanwhile."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def below(pid: int, part: str = "") -> list[psutil.Process]:
    """Return what a process has started, directly or not, and has a text in its command line."""
    try:
        started = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [one for one in started if part in " ".join(words_of(one))]


def living(knows: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
    """Return the living processes of this machine of which something is true.

    One that ends meanwhile, or that another user hides, isn't among them.
    """
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and knows(process):
                found.append(process)
        except psutil.Error:
            continue
    return found
