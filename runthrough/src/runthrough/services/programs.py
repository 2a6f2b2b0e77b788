"""What services share: run a program that lives as long as a run, on a free port."""

from __future__ import annotations

import errno
import os
import random
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from runthrough.processes.supervised import Supervised, SupervisionError
from runthrough.services import Launch, ServiceError

LOOPBACK = "127.0.0.1"
RANGES = {4: range(6000, 10000), 5: range(20000, 32768)}
"""Ports by their digits: none looks like a year, or is given to clients by Linux (32768 and up)."""
PATIENCE = 60.0
"""Seconds that a program has to become ready."""
LINES = 12
"""Lines of a program's log that an error shows."""


@contextmanager
def run_program(
    launch: Launch,
    argv: Sequence[str],
    is_ready: Callable[[], bool],
    environment: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run a program in the service's folder for the block, which starts when `is_ready` says so.

    It's ended with SIGTERM, together with everything that it has started, even if the run is
    killed. From pytest's environment it gets only PATH, and `environment` is added to that.

    Raises ServiceError, with the end of the program's log, if it doesn't become ready.
    """
    log = launch.folder / "log"
    log.unlink(missing_ok=True)
    try:
        process = Supervised.start(
            argv,
            env={"PATH": launch.environ.get("PATH", os.defpath), **(environment or {})},
            cwd=launch.folder,
            log=log,
            end_signal="SIGTERM",
            orphaned=[launch.run.path],
            keep_open=[launch.run.lock],
        )
    except SupervisionError as error:
        raise ServiceError(f"{argv[0]} wasn't started: {error}") from error
    try:
        deadline = time.monotonic() + PATIENCE
        while not is_ready():
            status = process.poll()
            if status is not None or time.monotonic() > deadline:
                state = f"isn't ready after {PATIENCE:g} s"
                state = state if status is None else f"ended with status {status}"
                end = log.read_text(errors="replace").splitlines()[-LINES:]
                shown = "".join(f"\n  {line}" for line in end)
                raise ServiceError(f"{argv[0]} {state}; its log ends with{shown}")
            time.sleep(0.01)
        yield
    finally:
        process.end()


def port_for(launch: Launch, shown: int) -> int:
    """Choose a free port with as many digits as the one that the page shows, and not that one.

    If the service's folder was kept, it's the same port as last time, because files name it.
    """
    remembered = launch.folder / "port"
    if remembered.exists() and is_free(port := int(remembered.read_text())):
        return port
    for port in candidates(shown):
        remembered.write_text(str(port))
        return port
    raise ServiceError(f"no free port was found on {LOOPBACK}")


def candidates(shown: int | None) -> Iterator[int]:
    """Yield free ports with as many digits as the one that the page shows, and not that one."""
    choices = RANGES.get(len(str(shown)), RANGES[4])
    for port in random.sample(choices, 100):
        if port != shown and is_free(port):
            yield port


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Return whether nothing listens on a port of this machine."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            # As servers do: connections that have just ended don't block the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        # Without IPv6, nothing listens on it.
        return error.errno != errno.EADDRINUSE
    return True
