"""Copy the files of a walk to another home, and put the new values where they name the old."""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

LINKED = "site-packages"
"""What is below such a folder is replaced by its installer and never changed in place."""
COMPILED = ".pyc"
"""Python corrects the path in these by itself, and makes them anew where the source differs."""
EARLIER = 1_000_000_000
"""Nanoseconds by which the time of a changed file differs from that of its original."""


class Renaming:
    """Puts new values where bytes hold old ones, all in one pass."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = {os.fsencode(old): os.fsencode(new) for old, new in values.items()}
        longest_first = sorted(self.values, key=len, reverse=True)
        self.pattern = re.compile(b"|".join(map(re.escape, longest_first)) or rb"(?!)")

    def data(self, data: bytes) -> bytes:
        """Rename in bytes."""
        return self.pattern.sub(lambda match: self.values[match.group()], data)

    def text(self, text: str) -> str:
        """Rename in a text, such as the target of a link."""
        return os.fsdecode(self.data(os.fsencode(text)))


def copy_tree(source: Path, target: Path, renaming: Renaming, *, link: bool = True) -> None:
    """Make `target` what `source` is, but for the values to rename.

    Names of files are not renamed. Files that nobody changes in place are linked, where `link`
    allows it and both folders are on one file system.
    """
    target.mkdir(parents=True, exist_ok=True)
    linked = link and LINKED in source.parts
    with os.scandir(source) as entries:
        for entry in entries:
            copy = target / entry.name
            if entry.is_symlink():
                copy.symlink_to(renaming.text(str(Path(entry.path).readlink())))
            elif entry.is_dir():
                copy_tree(Path(entry.path), copy, renaming, link=link)
            elif entry.is_file():
                copy_file(Path(entry.path), copy, renaming, linked=linked)
            elif stat.S_ISFIFO(entry.stat().st_mode):
                os.mkfifo(copy, stat.S_IMODE(entry.stat().st_mode))
    shutil.copystat(source, target)


def copy_file(source: Path, target: Path, renaming: Renaming, *, linked: bool) -> None:
    """Copy one file; link it instead where it may be and holds nothing to rename."""
    data = b"" if source.suffix == COMPILED else source.read_bytes()
    if not renaming.pattern.search(data):
        if not linked or not has_linked(source, target):
            shutil.copy2(source, target)
        return
    target.write_bytes(renaming.data(data))
    shutil.copystat(source, target)
    # Python takes a file of the same size and time for the one that it compiled before. An
    # earlier time is one that no later edit can have.
    status = source.stat()
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns - EARLIER))


def has_linked(source: Path, target: Path) -> bool:
    """Link a file; False where the two are on different file systems, or it may not be linked."""
    try:
        target.hardlink_to(source)
    except OSError:
        return False
    return True


Manifest = Mapping[str, tuple[int, int, int]]
"""Mode, size in bytes and time in nanoseconds of each file, by its path below a folder."""


def manifest(root: Path) -> Manifest:
    """Write down what the files below a folder are, to notice one that is changed or lost."""
    status = ((path, path.lstat()) for path in files_below(root))
    return {
        str(path.relative_to(root)): (one.st_mode, one.st_size, one.st_mtime_ns)
        for path, one in status
    }


def files_below(root: Path) -> Iterator[Path]:
    """Yield the path of each file and link."""
    for folder, folders, names in os.walk(root):
        links = (name for name in folders if Path(folder, name).is_symlink())
        yield from (Path(folder, name) for name in (*names, *links))
