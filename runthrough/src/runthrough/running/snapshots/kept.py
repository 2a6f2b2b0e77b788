"""The folder in which snapshots outlive a run, for those who ask for them with
`--runthrough-reuse`."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from runthrough.processes.rundir import LOCK, is_ours, take_lock
from runthrough.services import DISCARDED

SERVICES = "services"
"""The folder in which each service has one of its own."""
CLEAN = "clean"
"""Marker file: present while nobody uses the folder and the last run that did ended cleanly."""
DAY = 24 * 60 * 60.0
"""Seconds after which an unused folder is removed."""


def folder_of(confdir: Path) -> Path:
    """Name the folder of a site: on the file system of the runs, so that homes are moved to it."""
    name = hashlib.sha256(os.fsencode(confdir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()).resolve() / f"runthrough-kept-{os.geteuid()}-{name}"


@contextmanager
def take(confdir: Path, say: Callable[[str], None]) -> Iterator[Path | None]:
    """Yield the folder of a site; None while another process uses it.

    It's empty after a run that didn't end cleanly. None also where the folder can't be used: the
    pages are then run as if nothing had been kept, and `say` gets a line about it.
    """
    folder = folder_of(confdir)
    try:
        lock = _begin(folder)
    except OSError as error:  # for example, a disk that is full or can only be read
        lock, why = None, f"{folder} can't be used ({error.strerror or error})"
    else:
        why = f"another run is using {folder}, or others can change it"
    if lock is None:
        say(f"--runthrough-reuse: {why}, so this run reused nothing and keeps nothing")
        yield None
        return
    try:
        yield folder
        if not list(folder.glob(f"{SERVICES}/*/{DISCARDED}")):
            (folder / CLEAN).touch()
    finally:
        os.close(lock)


def _begin(folder: Path) -> int | None:
    """Lock a folder and prepare it; None if another process or another user has it.

    Raises OSError if that's impossible.
    """
    lock = _lock(folder, make=True)
    if lock is None:
        return None
    try:
        if not (folder / CLEAN).exists():
            empty(folder)
        (folder / CLEAN).unlink(missing_ok=True)
    except OSError:
        os.close(lock)
        raise
    return lock


def sweep() -> None:
    """Remove the folders that haven't been used for a day."""
    parent = Path(tempfile.gettempdir()).resolve()
    for folder in parent.glob(f"runthrough-kept-{os.geteuid()}-*"):
        with suppress(OSError):
            used = (folder / CLEAN if (folder / CLEAN).exists() else folder).stat().st_mtime
            if time.time() - used > DAY and (lock := _lock(folder, make=False)) is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)


def empty(folder: Path) -> None:
    """Remove all that is kept in a folder of ours."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def _lock(folder: Path, *, make: bool) -> int | None:
    """Lock a folder of ours; None if another process has it.

    Anyone can create names in a shared folder, and what is in ours is trusted.
    """
    with suppress(FileExistsError):
        if make:
            folder.mkdir(mode=0o700)
            # A service that runs as another user has its data in here.
            folder.chmod(0o711)
    if not is_ours(folder) or folder.lstat().st_mode & 0o022:
        return None
    return take_lock(folder, os.O_RDWR | os.O_CREAT)
