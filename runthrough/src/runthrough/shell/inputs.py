"""See which process waits for someone to type, if the system shows it (Linux)."""

from __future__ import annotations

import platform
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CALLS: dict[str, dict[int, str]] = {
    "x86_64": {
        **{0: "read", 19: "read", 23: "select", 270: "select", 7: "poll", 271: "ppoll"},
        **{232: "epoll", 281: "epoll", 441: "epoll"},
    },
    "aarch64": {
        **{63: "read", 65: "read", 72: "select", 73: "ppoll", 22: "epoll", 441: "epoll"},
    },
}
"""The system calls that wait for data, by machine and number (Linux, arch/*/syscalls)."""
NUMBERS = CALLS.get(platform.machine(), {})
IS_KNOWN = bool(NUMBERS) and Path("/proc/self/syscall").exists()
"""Whether this system shows what a process waits for."""
CONTROLLING = Path("/dev/tty")
"""The name by which every process reaches the terminal that it was started at."""
POLLIN = 1
FOR_EVER = (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
"""How a time limit of -1 looks, for poll and epoll_wait."""


@dataclass(frozen=True)
class Call:
    """A system call in which a thread of a process waits."""

    pid: int
    thread: int
    number: int
    arguments: tuple[int, ...]

    @property
    def kind(self) -> str | None:
        """What the call waits for data with, if it does."""
        return NUMBERS.get(self.number)


@dataclass(frozen=True)
class Waiting:
    """A thread that waits for a terminal."""

    call: Call
    only: bool
    """Whether it waits for nothing else, and without a time limit."""
    switches: int
    """How often the thread has gone to sleep. This changes once it has read something."""


def calls_of(pid: int) -> Iterator[Call]:
    """Yield the system call that each thread of a process is in; none for a thread that runs.

    Raises PermissionError for a process whose state we may not see.
    """
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            words = (task / "syscall").read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if words and words[0].isdigit():
            yield Call(pid, int(task.name), int(words[0]), tuple(int(w, 16) for w in words[1:7]))


def waiting(pid: int, terminal: Path) -> Waiting | None:
    """Return the thread of a process that waits for the terminal, if one does.

    Only the reader's own terminal counts, not one that a program has opened for itself. Raises
    PermissionError for a process whose state we may not see.
    """
    try:
        for call in calls_of(pid):
            descriptors, endless = awaited(call)
            ours = [one for one in descriptors if is_terminal(pid, one, terminal)]
            if ours:
                only = endless and len(ours) == len(descriptors)
                return Waiting(call, only, switches(call))
    except PermissionError:
        raise
    except (OSError, ValueError, struct.error):  # it has ended, or gone on, while we looked
        pass
    return None


def awaited(call: Call) -> tuple[Sequence[int], bool]:
    """Return the descriptors for whose data a call waits, and whether it has no time limit."""
    arguments = call.arguments
    if call.kind == "read":
        return [arguments[0]], True
    if call.kind == "select":
        count = arguments[0]
        bits = int.from_bytes(memory(call.pid, arguments[1], (count + 63) // 64 * 8), "little")
        return [one for one in range(count) if bits >> one & 1], arguments[4] == 0
    if call.kind in ("poll", "ppoll"):
        entries = memory(call.pid, arguments[0], 8 * arguments[1])
        asked = [one for one, events, _ in struct.iter_unpack("<ihh", entries) if events & POLLIN]
        endless = arguments[2] in FOR_EVER if call.kind == "poll" else arguments[2] == 0
        return asked, endless
    if call.kind == "epoll":
        about = Path(f"/proc/{call.pid}/fdinfo/{arguments[0]}").read_text().split("\n")
        rows = [line.split() for line in about if line.startswith("tfd:")]
        return [int(row[1]) for row in rows if int(row[3], 16) & POLLIN], arguments[3] in FOR_EVER
    return [], False


def memory(pid: int, address: int, size: int) -> bytes:
    """Read a piece of a process's memory; of nothing at address 0."""
    if not address or not size:
        return b""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as held:
        held.seek(address)
        return held.read(size)


def is_terminal(pid: int, descriptor: int, terminal: Path) -> bool:
    """Return whether a descriptor of a process is the terminal."""
    process = Path(f"/proc/{pid}")
    try:
        target = (process / "fd" / str(descriptor)).readlink()
    except FileNotFoundError:
        return False
    if target != CONTROLLING:
        return target == terminal
    return int(fields(process)[4]) == terminal.stat().st_rdev


def fields(process: Path) -> list[str]:
    """Return what proc(5) lists as stat, from the state on: 0 is state, 4 is tty_nr."""
    # The name before it, in brackets, may contain anything.
    return (process / "stat").read_text().rpartition(")")[2].split()


def switches(call: Call) -> int:
    """Return how often a thread has gone to sleep by itself."""
    status = Path(f"/proc/{call.pid}/task/{call.thread}/status").read_text()
    return int(status.partition("\nvoluntary_ctxt_switches:")[2].split()[0])


@dataclass(frozen=True)
class Look:
    """What one look at a silent command has shown."""

    waiting: tuple[Waiting, ...]
    is_complete: bool
    """Whether every process could be looked at."""


def look_at(pids: Iterable[int], terminal: Path) -> Look:
    """Look which of these processes wait for the terminal."""
    found, complete = [], IS_KNOWN
    for pid in pids if IS_KNOWN else ():
        try:
            one = waiting(pid, terminal)
        except PermissionError:  # a process of another user, such as sudo
            complete = False
        else:
            found += [one] if one else []
    return Look(tuple(found), complete)
