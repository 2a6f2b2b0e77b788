"""Edits of source files: what a mutant changes, and how it is put into a file and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runthrough.model.places import Place


@dataclass(frozen=True)
class Edit:
    """Lines of a source file and what replaces them."""

    place: Place
    """Of the first line to replace."""
    old: tuple[str, ...]
    new: tuple[str, ...]

    def __str__(self) -> str:
        gone = " / ".join(line.strip() for line in self.old[:2])
        more = " / ..." if len(self.old) > 2 else ""
        come = " / ".join(line.strip() for line in self.new)
        return f"{gone}{more} -> {come or '(dropped)'}"


@contextmanager
def applied(edit: Edit, file: Path) -> Iterator[None]:
    """Make the edit in a file, and put back what was there when the block ends.

    Raises ValueError if the file doesn't have the old lines at that place.
    """
    before = file.read_bytes()
    lines = before.decode("utf-8").split("\n")
    start = (edit.place.line or 0) - 1  # no line: nothing is held there
    held = tuple(lines[start : start + len(edit.old)])
    if held != edit.old:
        raise ValueError(f"{file}:{edit.place.line} has {held!r}, not {edit.old!r}")
    lines[start : start + len(edit.old)] = edit.new
    file.write_bytes("\n".join(lines).encode("utf-8"))
    try:
        yield
    finally:
        file.write_bytes(before)
