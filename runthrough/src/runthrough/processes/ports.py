"""Ports of this machine: no two runs use the same one at the same time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import socket
import stat
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

LOWEST, HIGHEST = 1024, 32767
"""Ports that any user may open, and that the system gives to no client (Linux)."""
REFUSED = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670)}
    | {6679, 6697, 10080}
)
"""Ports that browsers refuse to open."""
HELD: set[int] = set()
"""The ports that this process has claimed and not released."""
TRIES = 500
PAUSE = 0.1
"""Seconds between two looks at whether another run is done with a port."""


class PortError(Exception):
    """There's no port that can be used."""


@dataclass(frozen=True)
class ClaimedPort:
    """A port that no other run uses, until it's released or our process ends."""

    number: int
    file: Path
    lock: int

    def release(self) -> None:
        """Let others use the port."""
        HELD.discard(self.number)
        self.file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # others have claimed a port
            self.file.parent.rmdir()
        os.close(self.lock)


def claim_free(like: int) -> ClaimedPort:
    """Claim a port on which nothing listens, with as many digits as another one if possible.

    Raises PortError if there's none.
    """
    digits = len(str(like))
    lowest = max(LOWEST, 10 ** (digits - 1))
    highest = min(HIGHEST, 10**digits - 1)
    if lowest > highest:
        lowest, highest = LOWEST, HIGHEST
    generator = random.SystemRandom()
    for _ in range(TRIES):
        number = generator.randint(lowest, highest)
        port = None if number in REFUSED else try_to_claim(number)
        if port is None:
            continue
        if is_free(port.number):
            return port
        port.release()
    raise PortError(f"there's no free port from {lowest} to {highest}")


def claim(number: int, patience: float) -> ClaimedPort:
    """Claim one port, and wait some seconds if another run uses it; raises PortError."""
    deadline = time.monotonic() + patience
    while (port := try_to_claim(number)) is None:
        if time.monotonic() >= deadline:
            raise PortError(f"another run has used port {number} for {patience:g} s")
        time.sleep(PAUSE)
    return port


def try_to_claim(number: int) -> ClaimedPort | None:
    """Claim a port; None if another run has done so."""
    folder = Path(tempfile.gettempdir()) / f"runthrough-ports-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise PortError(f"{folder} belongs to another user")
    file = folder / str(number)
    try:
        lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except FileNotFoundError:  # the folder was removed a moment ago
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    if os.fstat(lock).st_nlink == 0:  # it was released while we opened it
        os.close(lock)
        return None
    HELD.add(number)
    return ClaimedPort(number, file, lock)


def is_free(number: int) -> bool:
    """Return whether nothing listens on a port, on either version of the protocol."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with contextlib.suppress(OSError), socket.socket(family) as probe:
            probe.settimeout(1)
            if probe.connect_ex((host, number)) == 0:
                return False
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True
