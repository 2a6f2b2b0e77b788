"""Describe files and folders in short texts, which change when a file does."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

COMPILED = "__pycache__"
"""Name of a folder that Python makes beside what it runs, as our own engine does in a clone."""
MOST = 1000
"""Files of a folder that are looked at."""
LARGE = 4_000_000
"""Bytes from which on a file is known by its size and times alone."""


def contents(path: Path) -> Iterator[str]:
    """Yield name, mode and content of a file, or of each file below a folder.

    What a link leads to counts as well. What Python has compiled is left out: it differs from run
    to run, and says nothing.
    """
    yield from _contents(path, path.name, ())


def _contents(path: Path, name: str, within: tuple[Path, ...]) -> Iterator[str]:
    if path.is_symlink():
        yield f"{name} leads to {path.readlink()}"
    try:
        real = path.resolve()
        if path.is_dir() and real not in within:
            for below in sorted(path.iterdir()):
                if below.name != COMPILED:
                    yield from _contents(below, f"{name}/{below.name}", (*within, real))
        elif path.is_file():
            yield f"{name} {path.stat().st_mode:o} {_digest(path)}"
    except (OSError, RuntimeError) as error:  # a circle of links, or no permission
        yield f"{name} {type(error).__name__}"


def content(path: Path) -> Iterator[str]:
    """Yield what a file holds, or that there is none."""
    try:
        large = path.stat().st_size > LARGE
        yield status(path) if large else f"{path} {path.stat().st_mode:o} {_digest(path)}"
    except OSError as error:
        yield f"{path} {type(error).__name__}"


def tree(folder: Path) -> Iterator[str]:
    """Yield what the files below a folder are, or a text that never comes again."""
    found = 0
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted((*folders, *names)):
            found += 1
            if found > MOST:
                yield never_again()
                return
            yield status(Path(root, name))


def status(path: Path) -> str:
    """Say what a file is without reading it; of a link, also what it leads to."""
    said = str(path)
    for look in (path.lstat, path.stat):
        try:
            one = look()
        except OSError as error:
            return f"{said} {type(error).__name__}"
        said += f" {one.st_mode:o} {one.st_size} {one.st_mtime_ns} {one.st_ctime_ns} {one.st_ino}"
    return said


def never_again() -> str:
    """Return a text that makes a key which no other key equals."""
    return secrets.token_hex(16)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
