"""Remove the shared memory of a PostgreSQL server that was killed before it could do so."""

from __future__ import annotations

import ctypes
from pathlib import Path

SEGMENTS = Path("/proc/sysvipc/shm")
"""Linux, sysvipc(7): key, id, modes, size, two process ids, and how many are attached."""
IPC_RMID = 0


def remove_segment(pid_file: Path) -> None:
    """Remove the segment that a server's `pid_file` names, if it is certainly that server's.

    The seventh line has key and id. The key is made from the number of the data folder (its inode),
    but the id may have been reused: both must belong together, and no process may be attached.
    """
    try:
        key, number = map(int, pid_file.read_text().splitlines()[6].split())
        inode = pid_file.parent.stat().st_ino
        rows = [line.split() for line in SEGMENTS.read_text().splitlines()[1:]]
    except (OSError, ValueError, IndexError):
        return  # there is no server, no segment, or no such list on this system
    if key & 0xFFFFFFFF == inode & 0xFFFFFFFF and any(
        (int(row[0]), int(row[1]), row[6]) == (key, number, "0") for row in rows
    ):
        ctypes.CDLL(None, use_errno=True).shmctl(number, IPC_RMID, None)
