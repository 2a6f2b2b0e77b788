"""Look up lines in the source files, as their authors wrote them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from runthrough.model.places import Place

TAB = 8
"""Columns between docutils' tab stops."""

FENCE = re.compile(r"\W*(?:```|~~~|:::)")
"""What a block begins with in Markdown, behind the marks of lists and quotes."""


@lru_cache(maxsize=512)
def lines_of(file: Path, changed: int) -> tuple[str, ...]:
    """Read a source file's lines; `changed` is its time of change, and keeps the cache true."""
    return tuple(file.read_text(encoding="utf-8", errors="replace").split("\n"))


def known_lines(file: Path) -> tuple[str, ...]:
    """Return a source file's lines; none if it can't be read."""
    try:
        return lines_of(file, file.stat().st_mtime_ns)
    except OSError:
        return ()


def source_line(place: Place) -> str | None:
    """Return the whole line at a place; None if there's none."""
    lines, number = known_lines(place.file), place.line or 0
    return lines[number - 1] if 0 < number <= len(lines) else None


def authors_text(shown: str, place: Place) -> str:
    """Return a content line with the tabs that docutils has turned into blanks."""
    source = source_line(place)
    if source is None or "\t" not in source:
        return shown
    expanded = source.rstrip().expandtabs(TAB)
    if not expanded.endswith(shown) or not shown:
        return shown
    margin = len(expanded) - len(shown)
    for cut in range(len(source) + 1):
        if len(source[:cut].expandtabs(TAB)) == margin:
            return source[cut:].rstrip()
    return shown


def ends_with(text: str, place: Place) -> bool:
    """Return whether the line at a place ends with a text, tabs or no tabs."""
    source = (source_line(place) or "").rstrip()
    return source.endswith(text.rstrip()) or source.expandtabs(TAB).endswith(text.rstrip())


def first_line(texts: Sequence[str], place: Place) -> Place:
    """Find the first line of a block without a directive.

    docutils places such a block at its first line, MyST at the fence above it.
    """
    below = place.down(1)
    number, text = next(((n, one) for n, one in enumerate(texts) if one.strip()), (0, ""))
    here, there = (one.down(number) for one in (place, below))
    fenced = FENCE.match(source_line(place) or "") is not None
    return below if ends_with(text, there) and (fenced or not ends_with(text, here)) else place


def find_near(text: str, place: Place, within: int = 40) -> Place:
    """Find the line at or after a place that contains a text; the place itself if none does."""
    for lines in range(within):
        candidate = place.down(lines)
        if text in (source_line(candidate) or ""):
            return candidate
    return place
