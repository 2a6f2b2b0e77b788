"""Find out which versions of Python packages a run used."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path

SITE = "site-packages"


def versions_in(home: Path, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return name and version of those packages that are installed below a home.

    Names are compared as pip does, and returned as they are given, in their order. A package
    of which two environments hold two versions is there twice.
    """
    folders = list(map(str, environments(home))) if names else []
    installed = (
        (name, version_of(found))
        for name in names
        for folder in folders
        for found in distributions(name=name, path=[folder])
    )
    return tuple(dict.fromkeys((name, version) for name, version in installed if version))


def environments(home: Path) -> Iterator[Path]:
    """Yield every folder that packages are installed in; what is below it is not looked at."""
    for place, folders, _ in os.walk(home):
        if SITE in folders:
            folders.remove(SITE)
            yield Path(place, SITE)


def version_of(found: Distribution) -> str | None:
    """Return the version of an installed package; None if its metadata is damaged."""
    try:
        return found.version
    except (KeyError, OSError, TypeError, UnicodeDecodeError):
        return None
