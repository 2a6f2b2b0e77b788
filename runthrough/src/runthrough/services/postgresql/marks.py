"""Marks that say which run made a database, so that what a killed run left can be swept."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

import psutil

NO_INCARNATION = "0" * 8
"""In a mark whose run wasn't seen holding its lock: such a database is never swept."""
NEW = "rt_new_"
COMMENT = re.compile(
    r"runthrough 2 ([0-9a-f]{16}) ([0-9a-f]{16}) (\d{1,9}) (\d{1,18}) (\d{1,10}) ([0-9a-f]{8})"
)
NAME = re.compile(rf"{NEW}([0-9a-f]{{16}})_(\d{{1,10}})_([0-9a-f]{{8}})_[0-9a-f]{{8}}")
OTHER_VERSION = re.compile(r"runthrough ([0-9a-f]{8} \d+ \d+ [0-9a-f]{8}|\d+ .*)")
"""The comment that another version of runthrough leaves."""


@dataclass(frozen=True)
class Mark:
    """A run: its random id, its process, and where on the server its lock is.

    Whether a run is over is decided by the lock (`locks`). Its process is asked too, where that
    was on this machine: no database is dropped as long as it may be alive.
    """

    run: str
    host: str = ""
    """Identifies the machine and the container; empty if the mark is a name."""
    pid: int = 0
    started: int = 0
    """When the process started, in clock ticks since boot; 0 where that isn't known."""
    lock: int = 0
    """The oid of the database in which the run holds its lock."""
    incarnation: str = NO_INCARNATION
    """Identifies the time between two starts of the server, in which locks are still held."""

    @classmethod
    def new(cls) -> Mark:
        """Return a new mark of the process that asks."""
        return cls(secrets.token_hex(8), _host(), os.getpid(), started(os.getpid()))

    @classmethod
    def read(cls, text: str | None) -> Mark | None:
        """Find the mark in a database's comment or name; None if the database isn't ours."""
        if found := COMMENT.fullmatch(text or ""):
            run, host, pid, started, lock, incarnation = found.groups()
            return cls(run, host, int(pid), int(started), int(lock), incarnation)
        if found := NAME.fullmatch(text or ""):
            return cls(run=found[1], lock=int(found[2]), incarnation=found[3])
        if OTHER_VERSION.fullmatch(text or ""):
            return cls(run="")
        return None

    @property
    def key(self) -> int:
        """The key of the run's advisory lock: the run's id as a signed number of 64 bits."""
        return int.from_bytes(bytes.fromhex(self.run), signed=True)

    @property
    def comment(self) -> str:
        """The mark as the comment of a database."""
        process = f"{self.host} {self.pid} {self.started}"
        return f"runthrough 2 {self.run} {process} {self.lock} {self.incarnation}"

    def first_name(self) -> str:
        """Return a name that contains the mark, for a database that has no comment yet."""
        return f"{NEW}{self.run}_{self.lock}_{self.incarnation}_{secrets.token_hex(4)}"

    def is_here(self) -> bool:
        """Return whether the run's process has, or had, its number on this machine."""
        return self.host == _host()

    def is_dead(self) -> bool:
        """Return whether the process is known to be gone; False if that can't be known.

        Where /proc hides the processes of other users, a process can only be sent no signal.
        """
        if not self.is_here():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            pass  # it is there, and another user's
        found = started(self.pid)
        reused = 0 not in (found, self.started) and found != self.started
        return reused or _is_zombie(self.pid)


def started(pid: int) -> int:
    """Return when a process started, in clock ticks since boot, which no change of clock moves.

    Return 0 where the system doesn't say, or not to us.
    """
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    # proc_pid_stat(5): the name, in brackets, is the second field and can hold anything.
    return int(status.rpartition(")")[2].split()[19])


def _is_zombie(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _host() -> str:
    """Identify the machine, boot and container in which a process number is valid.

    That is not the host name alone: containers share names, and numbers start again at a boot.
    """
    parts = [platform.node()]
    boot, namespace = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
    if boot.exists():
        parts += [boot.read_text().strip(), str(namespace.readlink())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
