"""Remove a folder whatever its modes are, and say what couldn't be removed and why.

A page can leave folders without read or write permission, files that the system protects, and
mounted file systems. `shutil.rmtree` stops at the first and deletes in the last.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

DEEPEST = 40
"""Levels below the folder beyond which one is moved up, before its path gets too long."""
MOUNTS = Path("/proc/self/mountinfo")
"""Linux, proc(5): the fifth field of each line is where a file system is mounted."""


def remove(folder: Path) -> list[str]:
    """Remove `folder` and all in it; return a sentence for each thing that is still there.

    Links are removed, never followed, also where one is in the place of the folder. Mounted file
    systems stay as they are.
    """
    removal = Removal(folder)
    if folder.is_symlink() or not folder.is_dir():
        left = list(removal.last(str(folder), Path.unlink))
    else:
        left = list(removal.run())
    return [f"couldn't remove {path}: {why}" for path, why in left]


class Removal:
    """One attempt to remove a folder."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.mounts = mounted_below(self.root)
        self.moved: list[str] = []
        self.number = 0

    def run(self) -> Iterator[tuple[str, str]]:
        """Remove the folder; yield path and reason of all that stays."""
        if self.root in self.mounts:
            yield self.root, "a file system is mounted there"
            return
        left = list(self.contents(self.root, 0))
        while self.moved:
            left += self.folder(self.moved.pop(), 1)
        yield from left or self.last(self.root)

    def folder(self, path: str, depth: int) -> Iterator[tuple[str, str]]:
        """Remove one folder; yield what stays in it, or the folder itself."""
        left = list(self.contents(path, depth))
        yield from left or self.last(path)

    def contents(self, path: str, depth: int) -> Iterator[tuple[str, str]]:
        """Remove all that is in a folder; yield what stays."""
        try:
            names = entries(path)
        except OSError as error:
            yield path, reason(error)
            return
        for name, is_folder in names:
            inner = f"{path}/{name}"
            if inner in self.mounts:
                yield inner, "a file system is mounted there"
            elif not is_folder:
                yield from self.last(inner, Path.unlink)
            elif depth < DEEPEST or not self.moves_up(inner):
                yield from self.folder(inner, depth + 1)

    def last(
        self, path: str, act: Callable[[Path], None] = Path.rmdir
    ) -> Iterator[tuple[str, str]]:
        """Remove a file or an empty folder; yield it where it stays."""
        try:
            act(Path(path))
        except FileNotFoundError:
            pass
        except OSError as error:
            yield path, reason(error)

    def moves_up(self, path: str) -> bool:
        """Move a folder that is very deep up to the top, to be removed later from there."""
        if any(is_below(mount, path) for mount in self.mounts):
            return False
        self.number += 1
        above = f"{self.root}/.moved-{os.getpid()}-{self.number}"
        try:
            open_up(path)  # a folder that changes its parent is written to
            Path(path).rename(above)
        except OSError:
            return False
        self.moved.append(above)
        return True


def entries(path: str) -> list[tuple[str, bool]]:
    """List a folder's contents, and which are folders, after making it readable and writable."""
    open_up(path)
    with os.scandir(path) as found:
        return [(one.name, one.is_dir(follow_symlinks=False)) for one in found]


def open_up(path: str) -> None:
    """Let the owner of a folder read, write and enter it, if that isn't so."""
    mode = stat.S_IMODE(os.lstat(path).st_mode)
    if mode & stat.S_IRWXU != stat.S_IRWXU:
        Path(path).chmod(mode | stat.S_IRWXU)


def mounted_below(root: str) -> set[str]:
    """Return where file systems are mounted in a folder, or on it; nothing if it isn't known."""
    try:
        lines = MOUNTS.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return set()
    real = os.path.realpath(root)
    points = (unescaped(line.split(" ")[4]) for line in lines)
    return {root + point[len(real) :] for point in points if point == real or is_below(point, real)}


def is_below(path: str, folder: str) -> bool:
    """Return whether a path is inside a folder."""
    return path.startswith(folder.rstrip("/") + "/")


def unescaped(field: str) -> str:
    r"""Read a field of mountinfo, in which a blank is written as \040."""
    return re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), field)


def reason(error: OSError) -> str:
    """Return why the system refused, in a few words."""
    return (error.strerror or type(error).__name__).lower()
