"""See that a process waits for somebody to type, where the system can tell."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from pathlib import Path

READ = {"x86_64": 0, "aarch64": 63}.get(platform.machine())
"""The number of the system call read(2) (Linux, arch/*/syscalls)."""
SELECTS = {"x86_64": (23, 270), "aarch64": (72,)}.get(platform.machine(), ())
"""The numbers of select(2) and pselect6(2)."""
CONTROLLING = Path("/dev/tty")
"""The name by which every process reaches the terminal that it was started at."""


def reads_terminal(pid: int, terminal: Path) -> bool:
    """Tell whether a process does nothing but wait for a terminal; False where nobody can tell.

    Another terminal is no concern of the reader's: whoever has opened it types there.
    """
    process = Path("/proc") / str(pid)
    try:
        call = (process / "syscall").read_text().split()
        descriptor = awaited(call)
        if descriptor is None:
            return False
        target = (process / "fd" / str(descriptor)).readlink()
        if target != CONTROLLING:
            return target == terminal
        return started_at(process) == terminal.stat().st_rdev
    except OSError:
        return False


def started_at(process: Path) -> int:
    """Return the device number of a process's terminal, after proc(5): `tty_nr` of its stat."""
    # The name before it, in brackets, may hold anything.
    return int((process / "stat").read_text().rpartition(")")[2].split()[4])


def awaited(call: Sequence[str]) -> int | None:
    """Return the one descriptor for whose data a system call waits, None for any other call.

    A prompt with line editing (readline) sits in a select of the first descriptor alone, for
    ever: the highest descriptor plus 1 is 1, and there is no time limit.
    """
    if not call or not call[0].isdigit():
        return None
    number, arguments = int(call[0]), call[1:]
    if number == READ:
        return int(arguments[0], 16)
    if number in SELECTS and int(arguments[0], 16) == 1 and int(arguments[4], 16) == 0:
        return 0
    return None


def awaits_input(pids: Iterable[int], terminal: Path) -> int | None:
    """Return the first of these processes that waits for input at a terminal."""
    return next((pid for pid in pids if reads_terminal(pid, terminal)), None)
