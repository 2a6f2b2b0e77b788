"""See that a process waits for somebody to type, where the system can tell."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from pathlib import Path

READ = {"x86_64": 0, "aarch64": 63}.get(platform.machine())
"""The number of the system call read(2) (Linux, arch/*/syscalls)."""


def reads_terminal(pid: int) -> bool:
    """Tell whether a process is inside read(2) on a terminal; False where nobody can tell."""
    process = Path("/proc") / str(pid)
    try:
        fields = (process / "syscall").read_text().split()
        if not fields or not fields[0].isdigit() or int(fields[0]) != READ:
            return False
        return (process / "fd" / str(int(fields[1], 16))).readlink().match("/dev/pts/*")
    except OSError:
        return False


def awaits_input(pids: Iterable[int]) -> int | None:
    """Return the first of these processes that waits for input at a terminal."""
    return next((pid for pid in pids if reads_terminal(pid)), None)
