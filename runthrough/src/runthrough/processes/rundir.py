"""Folders that live as long as a run, and are swept by a later run if it was killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runthrough.processes import leftovers, removal, strays

LOCK = "lock"
CLAIM = "claim-"
"""How the links begin that name folders elsewhere which go with this one."""


@dataclass(frozen=True)
class RunDirectory:
    """A folder of this run, and the descriptor of the lock that says so."""

    path: Path
    lock: int

    def claim(self, folder: Path) -> None:
        """Record that a folder elsewhere goes with this one; call it before that folder is made."""
        (self.path / f"{CLAIM}{folder.name}").symlink_to(folder)

    def claimed(self) -> list[Path]:
        """List the folders elsewhere that go with this one."""
        return [link.readlink() for link in self.path.glob(f"{CLAIM}*")]

    def remove(self) -> None:
        """Remove the folder and what it claims, where they are still there; unlock it.

        What can't be removed is noted, and stays claimed: a later sweep tries it again.
        """
        claims = self.path.glob(f"{CLAIM}*")
        if all([self.remove_claimed(link) for link in claims]):
            leftovers.note(*removal.remove(self.path))
        os.close(self.lock)

    def remove_claimed(self, link: Path) -> bool:
        """Remove a folder elsewhere and the link that names it; False if something stays."""
        folder = link.readlink()
        left = []
        with contextlib.suppress(FileNotFoundError):
            if folder.lstat().st_uid == os.geteuid():
                left = removal.remove(folder)
            else:
                left = [f"couldn't remove {folder}: it now belongs to another user"]
        leftovers.note(*left)
        if not left:
            link.unlink(missing_ok=True)
        return not left


def create(parent: Path) -> RunDirectory:
    """Make a new, locked folder under `parent` that only we can enter."""
    while True:
        path = Path(tempfile.mkdtemp(prefix=f"runthrough-{os.geteuid()}-", dir=parent))
        lock = take_lock(path, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        # A sweep may have taken the lock first: then the folder is going or gone.
        if lock is not None:
            return RunDirectory(path, lock)


def sweep(parents: Iterable[Path]) -> list[Path]:
    """Remove the folders of runs of ours that were killed, and return what was removed."""
    removed = []
    for parent in parents:
        for path in parent.glob(f"runthrough-{os.geteuid()}-*"):
            with contextlib.suppress(OSError):
                lock = take_lock(path, os.O_RDWR) if is_ours(path) else None
                if lock is not None:
                    left = RunDirectory(path, lock)
                    leftovers.note(*strays.end(left.claimed()))
                    left.remove()
                    removed.append(path)
    return removed


def is_ours(path: Path) -> bool:
    """Return whether `path` is a folder that we own: anyone can create names in a shared folder."""
    status = path.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()


def take_lock(path: Path, flags: int) -> int | None:
    """Take the lock of the folder `path`; None if another process has it."""
    lock = os.open(path / LOCK, flags | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    if os.fstat(lock).st_nlink == 0:
        os.close(lock)
        return None
    return lock


@contextmanager
def run_directory() -> Iterator[RunDirectory]:
    """Yield a folder that goes with this process; sweep those of processes that were killed."""
    temporary = Path(tempfile.gettempdir())
    sweep([temporary])
    run = create(temporary)
    try:
        yield run
    finally:
        run.remove()
