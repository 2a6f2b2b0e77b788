"""Places: lines of files, and how a person would write them."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """A line of a file, counted from 1; `line` is None if only the file is known."""

    file: Path
    line: int | None

    def __str__(self) -> str:
        return shown(self.file) if self.line is None else f"{shown(self.file)}:{self.line}"

    def __lt__(self, other: Place) -> bool:
        """Sort as a reader meets them; a file alone comes before its lines."""
        return (self.file, self.line or 0) < (other.file, other.line or 0)

    def down(self, lines: int) -> Place:
        """Return the place this many lines further down; a place without a line stays the same."""
        return self if self.line is None else Place(self.file, self.line + lines)


def shown(path: Path) -> str:
    """Write a path as a person at this working folder would type it."""
    try:
        real = Path(os.path.realpath(path.parent), path.name)
    except ValueError:  # a NUL, which no file's name can contain
        return str(path)
    for way in (path, real):
        relative = os.path.relpath(way)
        if not relative.startswith(os.pardir):
            return relative
    return str(path)


def moved(value: T, old: Path, new: Path) -> T:
    """Return a value with each place and each file below a folder named from another folder.

    Both are the same folder, one of them with a symbolic link on the way.
    """
    if old == new:
        return value
    return cast(T, with_places(value, old, new))


def with_places(value: object, old: Path, new: Path) -> object:
    """Do the same with a value that may be anything."""
    if isinstance(value, Path):
        return new / value.relative_to(old) if value.is_relative_to(old) else value
    if isinstance(value, tuple):
        return tuple(with_places(one, old, new) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = [field.name for field in dataclasses.fields(value) if field.init]
        changed = {name: with_places(getattr(value, name), old, new) for name in named}
        return dataclasses.replace(value, **changed)
    return value
