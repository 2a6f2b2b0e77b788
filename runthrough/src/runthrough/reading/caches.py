"""Folders for doctrees, each used by one process at a time."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def doctrees(folder: Path | None, confdir: Path) -> Iterator[Path]:
    """Yield a folder for the doctrees of a site: its own below `folder`, or one for now.

    A temporary one is used if there's no `folder`, if another process uses the site's own (two runs
    at once must not read what the other is writing), or if `folder` can't be written to, as in a
    read-only checkout.
    """
    with tempfile.TemporaryDirectory(prefix="runthrough-doctrees-") as temporary:
        if folder is None:
            yield Path(temporary)
            return
        own = folder / hashlib.sha256(str(confdir).encode()).hexdigest()[:12]
        try:
            own.mkdir(parents=True, exist_ok=True)
            lock = os.open(own / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            yield Path(temporary)
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = own
        except BlockingIOError:
            mine = Path(temporary)
        try:
            yield mine
        finally:
            os.close(lock)
