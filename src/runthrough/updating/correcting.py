"""Turn the hunks of an alignment into corrections of the lines' sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from runthrough.outcomes import Correction, Failure
from runthrough.places import Place
from runthrough.steps import Command, Line
from runthrough.updating.aligning import Alignment
from runthrough.updating.notes import Uncorrectable


@dataclass(frozen=True)
class Block:
    """The lines of a block that may be corrected, and the command above them, if any."""

    lines: tuple[Line, ...]
    command: Command | None = None

    @property
    def below_command(self) -> Place | None:
        """The place of the line right below the command."""
        if self.command is None:
            return None
        first = self.command.place
        return first.down(self.command.text.count("\n") + 1)

    @property
    def own(self) -> bool:
        """Whether these lines stand in a block of their own."""
        return bool(self.lines) and self.lines[0].place != self.below_command

    def place(self, start: int, end: int) -> Place:
        """Return where lines go, or new ones come.

        Raises Uncorrectable where the lines do not follow each other in one file.
        """
        around = self.lines[max(0, start - 1) : end + 1] if start == end else self.lines[start:end]
        for one, after in pairwise(around):
            if after.place != one.place.down(1) or after.place.line is None:
                raise Uncorrectable("these lines do not follow each other in one file")
        if start < len(self.lines) and (start < end or start == 0):
            return self.lines[start].place
        if start:
            last = self.lines[start - 1].place
            return last.down(1)
        if self.below_command is None:
            raise AssertionError("a block without a command has lines")
        return self.below_command

    def like(self, start: int, end: int) -> Line:
        """Return a line by which new ones at a position are indented."""
        near = [*self.lines[start:end], *self.lines[:start][::-1], *self.lines[end:]]
        for line in near:
            if line.text.strip():
                return line
        if self.command is None:
            raise AssertionError("a block has a line with text")
        return Line(self.command.first_line, self.command.place)


def corrections(
    block: Block, alignment: Alignment, texts: Sequence[Sequence[str]], failure: Failure
) -> Iterator[Correction]:
    """Yield what is to be rewritten; raises Uncorrectable where a place is not one in a file."""
    for hunk, texts_there in zip(alignment.hunks, texts, strict=True):
        start, end, new = hunk.start, hunk.end, tuple(texts_there)
        if end == 0 and block.lines:  # nothing of the block is above, so its first line is taken in
            end, new = 1, (*new, block.lines[0].text)
        old = tuple(line.text for line in block.lines[start:end])
        yield Correction(block.place(start, end), old, new, block.like(start, end), failure)


def corrected(
    block: Block, alignment: Alignment, texts: Sequence[Sequence[str]]
) -> tuple[Line, ...]:
    """Return the lines of the block as they will be; new ones are placed at their neighbours."""
    lines = list(block.lines)
    for hunk, new in reversed(list(zip(alignment.hunks, texts, strict=True))):
        like = block.like(hunk.start, hunk.end)
        lines[hunk.start : hunk.end] = [Line(text, like.place) for text in new]
    return tuple(lines)
