"""Read the guide's sources as a run does, once for all the tests and their processes."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runthrough import Site, read_site

ROOT = Path(__file__).parent.parent


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Wait until no other process holds this file, and hold it."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read_guide(doctrees: Path) -> Site:
    """Read the guide; a page that has its doctree there and is unchanged is not read again."""
    doctrees.mkdir(exist_ok=True)
    with alone(doctrees.with_suffix(".lock")):
        return read_site(ROOT / "docs", doctrees)
