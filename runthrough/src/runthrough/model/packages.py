"""Find out which versions of Python packages a run has worked with."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

SITE = "site-packages"
INSTALLED = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)(-py[\d.]+)?\.(dist|egg)-info")
"""The folder by which an installed package is known: PyPA's "Recording installed projects".

A package that an older pip has built has one in setuptools' older form.
"""


def versions_in(home: Path, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return name and version of those packages that are installed below a home.

    Names are compared as pip does, and returned as they are given, in their order. A package
    of which two environments hold two versions is there twice.
    """
    wanted = {normal(name): name for name in names}
    found = {
        (wanted[normal(one["name"])], one["version"])
        for folder in (environments(home) if wanted else ())
        for entry in folder.iterdir()
        if (one := INSTALLED.fullmatch(entry.name)) and normal(one["name"]) in wanted
    }
    return tuple(sorted(found, key=lambda one: (names.index(one[0]), numbers(one[1]))))


def environments(home: Path) -> Iterator[Path]:
    """Yield every folder that packages are installed in; what is below it is not looked at."""
    for place, folders, _ in os.walk(home):
        if SITE in folders:
            folders.remove(SITE)
            yield Path(place, SITE)


def normal(name: str) -> str:
    """Write a package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def numbers(version: str) -> list[tuple[int, str]]:
    """Let 1.10 come after 1.9."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in version.split(".")]
