"""Describe files and folders in short texts that change whenever a file does."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

COMPILED = "__pycache__"
"""Name of the folder that Python makes next to the modules that it runs."""
MOST = 1000
"""Files of a folder that are looked at."""
LARGE = 4_000_000
"""Bytes from which on a file is known by its size and times alone."""

Look = Callable[[Path], str]
"""Says in a text what a file is: `status` on this machine, `portable` on every machine."""


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


def content(path: Path, look: Look | None = None) -> Iterator[str]:
    """Yield a file's content, or that there's no file; for a large one, what `look` says."""
    try:
        large = path.stat().st_size > LARGE
        yield (look or status)(path) if large else f"{path} {path.stat().st_mode:o} {_digest(path)}"
    except OSError as error:
        yield f"{path} {type(error).__name__}"


def tree(folder: Path, look: Look | None = None) -> Iterator[str]:
    """Yield what the files below a folder are, or a text that never comes again.

    Folders that links lead to count, too; in a circle of them, as deep as the system follows it.
    """
    found = 0
    for root, folders, names in os.walk(folder, followlinks=True):
        folders.sort()
        for name in sorted((*folders, *names)):
            found += 1
            if found > MOST:
                yield never_again()
                return
            yield (look or status)(Path(root, name))


def status(path: Path) -> str:
    """Describe a file without reading it; for a link, also what it leads to."""
    said = str(path)
    for look in (path.lstat, path.stat):
        try:
            one = look()
        except OSError as error:
            return f"{said} {type(error).__name__}"
        said += f" {one.st_mode:o} {one.st_size} {one.st_mtime_ns} {one.st_ctime_ns} {one.st_ino}"
    return said


def portable(path: Path) -> str:
    """Describe a file's content in a text that is the same on every machine.

    A folder, a device or a pipe is known by its mode alone.
    """
    said = str(path)
    try:
        if path.is_symlink():
            said += f" leads to {path.readlink()}"
        mode = path.stat().st_mode
        held = _digest_of(path.resolve(), status(path)) if stat.S_ISREG(mode) else ""
    except (OSError, RuntimeError) as error:  # a circle of links, or no permission
        return f"{said} {type(error).__name__}"
    return f"{said} {mode:o} {held}"


@cache
def _digest_of(path: Path, as_it_is: str) -> str:
    """Read a file once, as long as its status stays as it is."""
    return _digest(path)


def never_again() -> str:
    """Return a text that makes a key which no other key equals."""
    return secrets.token_hex(16)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
