"""Find and end the processes of a page whose supervisors were killed.

Such a process can't be found by its ancestors any more. It's recognised by the home in its
environment, whose name is random, or because it was seen while its supervisor lived; so are its
descendants. Any other process isn't touched, whatever it looks like.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

KILLING = 5.0
"""Seconds after which a process that was killed, and is still there, is reported."""


def end(homes: Iterable[Path], seen: Iterable[psutil.Process] = ()) -> list[str]:
    """Kill what runs in these homes or was seen; return a sentence for what can't be ended."""
    names, known = {str(home) for home in homes}, list(seen)
    refused: dict[int, str] = {}
    deadline = time.monotonic() + KILLING
    while alive := list(living(names, known)):
        if time.monotonic() >= deadline:
            why = "it was killed, but hasn't ended"
            return [
                f"couldn't end process {one.pid} ({named(one)}): {refused.get(one.pid, why)}"
                for one in alive
            ]
        for process in alive:
            try:
                process.kill()  # psutil looks first whether the number is another process's by now
            except psutil.AccessDenied:
                refused[process.pid] = "operation not permitted"
            except psutil.Error:
                pass
        time.sleep(0.01)
    return []


def living(homes: set[str], seen: Iterable[psutil.Process]) -> Iterator[psutil.Process]:
    """Yield each living process with one of the homes, those seen, and all their descendants."""
    found: dict[int, psutil.Process] = {}
    running = [one for one in seen if one.is_running()]
    for process in [*running, *(psutil.process_iter() if homes else ())]:
        with contextlib.suppress(psutil.Error):
            if process in running or process.environ().get("HOME") in homes:
                found[process.pid] = process
                found.update({one.pid: one for one in process.children(recursive=True)})
    for process in found.values():
        with contextlib.suppress(psutil.Error):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                yield process


def named(process: psutil.Process) -> str:
    """Write a process's command line, or its name."""
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline()) or process.name()
    return "?"
