"""Marks that say which process made a database, so that what it left behind can be swept."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

import psutil

MARK = re.compile(
    r"(?:runthrough |rt_new_)([0-9a-f]{8})[ _](\d+)[ _](\d+)[ _]([0-9a-f]{8})(?:_[0-9a-f]{8})?"
)
TOLERANCE = 60.0
"""Seconds by which two readings of one process's start may differ (the clock gets set)."""


@dataclass(frozen=True)
class Mark:
    """A run: its machine, its process and the start of that in seconds since 1970, and itself."""

    host: str
    pid: int
    started: int
    run: str

    @classmethod
    def new(cls) -> Mark:
        """Return a new mark of the process that asks."""
        started = int(psutil.Process().create_time())
        return cls(_host(), os.getpid(), started, secrets.token_hex(4))

    @classmethod
    def read(cls, text: str | None) -> Mark | None:
        """Find the mark in a database's comment or name; None where the database is not ours."""
        found = MARK.fullmatch(text or "")
        return cls(found[1], int(found[2]), int(found[3]), found[4]) if found else None

    @property
    def comment(self) -> str:
        """The mark as the comment of a database."""
        return f"runthrough {self.host} {self.pid} {self.started} {self.run}"

    def first_name(self) -> str:
        """Return a name that holds the mark, for a database that has no comment yet."""
        own = f"{self.host}_{self.pid}_{self.started}_{self.run}"
        return f"rt_new_{own}_{secrets.token_hex(4)}"

    def is_dead(self) -> bool:
        """Say whether the process is known to be gone; False where that cannot be known."""
        if self.host != _host():
            return False
        try:
            process = psutil.Process(self.pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
            return abs(process.create_time() - self.started) > TOLERANCE
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False


def _host() -> str:
    """Identify what a process number means something in.

    That is not the host name alone: containers share names, and numbers start again at a boot.
    """
    parts = [platform.node()]
    boot, namespace = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
    if boot.exists():
        parts += [boot.read_text().strip(), str(namespace.readlink())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
