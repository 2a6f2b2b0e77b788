"""A source file as its lines, byte for byte, and with some of them corrected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from runthrough.model.places import shown
from runthrough.model.prompts import AT_END
from runthrough.model.results import Correction
from runthrough.sources.git import Git, Obstacle

ANYWAY = "--runthrough-update-anyway"

LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
MARGIN = re.compile(r"[\s>]*")
"""What may be to the left of a block: blanks, and the marks of a quote in Markdown."""


class SourceError(Exception):
    """A source doesn't contain what should be rewritten."""


@dataclass(frozen=True)
class Source:
    """A text file: each of its lines with its own line end."""

    data: bytes
    lines: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, file: Path) -> Source:
        """Read a file; raises SourceError if it isn't UTF-8 text."""
        try:
            data = file.read_bytes()
            text = data.decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SourceError(f"it can't be read as text: {error}") from error
        return cls(data, tuple(one for one in LINE.findall(text) if one != ("", "")))

    def margin(self, correction: Correction) -> str:
        """Return what is to the left of the lines to be written.

        Raises SourceError if the file doesn't contain the old lines as the page shows them.
        """
        like = correction.like
        held, text = self.line(like.place.line), like.text.rstrip()
        margin = AT_END.sub("", held[: len(held) - len(text)])
        if not held.endswith(text) or not MARGIN.fullmatch(margin):
            raise SourceError(f"line {like.place.line} isn't written the way it's shown")
        for number, old in enumerate(correction.old):
            place = correction.place.down(number)
            if self.line(place.line) != (margin + old).rstrip():
                raise SourceError(f"line {place.line} isn't written the way it's shown")
        return margin

    def line(self, number: int | None) -> str:
        """Return a line by its number, counted from 1, without blanks at its end."""
        if number is None:
            raise SourceError("it isn't known which line of it has this text")
        if not 0 < number <= len(self.lines):
            raise SourceError(f"it has no line {number}")
        return self.lines[number - 1][0].rstrip()

    def rewritten(self, corrections: Iterable[Correction]) -> bytes:
        """Return the file's bytes with these corrections made, from the last to the first."""
        lines = list(self.lines)
        for one in sorted(corrections, key=lambda one: one.place, reverse=True):
            margin, start = self.margin(one), (one.place.line or 1) - 1
            end = start + len(one.old)
            usual = next((eol for _, eol in [*lines[max(0, start - 1) :], *lines] if eol), "\n")
            ends = [eol or usual for _, eol in lines[start:end]]
            lines[start:end] = [
                ((margin + text).rstrip(), ends[min(i, len(ends) - 1)] if ends else usual)
                for i, text in enumerate(one.new)
            ]
        return "".join(self.ended(lines)).encode("utf-8")

    def ended(self, lines: list[tuple[str, str]]) -> Iterator[str]:
        """Yield lines with their ends; the last has one if the file's last line had one."""
        usual = next((eol for _, eol in lines if eol), "\n")
        closed = bool(self.lines and self.lines[-1][1])
        for number, (text, eol) in enumerate(lines, 1):
            yield text + ((eol or usual) if closed or number < len(lines) else "")


@dataclass
class Reviewer:
    """Reviews the corrections of a run, and keeps the sources as they were then."""

    anyway: bool = False
    """Whether files with uncommitted changes may be rewritten."""
    sources: dict[Path, Source] = field(default_factory=dict)
    """By the resolved path."""
    git: Git = field(default_factory=Git)
    obstacles: dict[Path, Obstacle | None] = field(default_factory=dict)

    def __call__(self, correction: Correction) -> str | None:
        """Return why a correction must not be written; None if it may be."""
        file = correction.place.file
        target = file.resolve()
        try:
            if target not in self.sources:
                self.sources[target] = Source.read(target)
            self.sources[target].margin(correction)
        except SourceError as error:
            return f"{shown(file)}: {error}"
        if not self.anyway:
            if (link := link_on_way(file)) is not None:
                return (
                    f"{shown(file)}: {shown(link)} is a symbolic link, and an update doesn't "
                    f"write through links. Change {shown(target)} yourself, or use '{ANYWAY}'"
                )
            if target not in self.obstacles:
                self.obstacles[target] = self.git.obstacle(target)
            if (obstacle := self.obstacles[target]) is not None:
                return f"{shown(file)}: {obstacle.what}. {obstacle.advice} first, or use '{ANYWAY}'"
        return None


def link_on_way(file: Path) -> Path | None:
    """Return the symbolic link that a file is, or is reached through, within its repository."""
    for path in (file, *file.parents):
        if path.is_symlink():
            return path
        if (path / ".git").exists():
            break
    return None
