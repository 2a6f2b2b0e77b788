"""Turn differences between pages and what was found into corrections of the sources."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from runthrough.matching import comparison
from runthrough.matching.alignment import is_ellipsis
from runthrough.matching.edits import is_skip
from runthrough.matching.outputs import on_screen
from runthrough.model.places import Place
from runthrough.model.prompts import has_prompt
from runthrough.model.results import Correction, Difference, Failure, Result
from runthrough.model.settings import Settings
from runthrough.model.steps import Command, Line

MOST = 40
"""Lines that an update adds to a listing in one place."""
LONGEST = 1000
"""Characters of a line that it writes."""

Review = Callable[[Correction], str | None]
"""Returns why a correction must not be written; None if it may be."""


class Uncorrectable(Exception):
    """A difference has to be corrected by a person; the message, if there is one, says why."""


def settle_with(review: Review) -> Callable[[Result, Settings], Result]:
    """Return what an update makes of each result: what it rewrites isn't a failure."""

    def settle(result: Result, settings: Settings) -> Result:
        return settled(result, settings.errors, review)

    return settle


def settled(result: Result, errors: re.Pattern[str], review: Review) -> Result:
    """Return the result of a step once its differences are rewritten as far as possible.

    What is rewritten isn't a failure. `errors` matches a line that looks like an error.
    """
    if not result.differences:
        return result
    corrections: list[Correction] = []
    left: list[Failure] = []
    for difference in result.differences:
        try:
            made = list(corrections_of(result, difference, errors))
            for reason in filter(None, map(review, made)):
                raise Uncorrectable(reason)
            corrections += made
        except Uncorrectable as error:
            left.append(refused(difference.failure, str(error)))
    settled = dataclasses.replace(result, corrections=tuple(corrections))
    differing = [difference.failure for difference in result.differences]
    others = [failure for failure in result.failures if failure not in differing]
    left += others
    if left:
        return dataclasses.replace(settled, failure=left[0], further=tuple(left[1:]))
    return dataclasses.replace(
        settled, verdict="passed", failure=None, further=(), nonblocking=False
    )


def refused(failure: Failure, reason: str) -> Failure:
    """Add to a failure why nothing was rewritten."""
    if not reason:
        return failure
    advice = f"It was not rewritten: {reason}. {failure.advice}"
    return dataclasses.replace(failure, advice=advice)


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
        """Whether these lines are a block of their own, and not below their command."""
        return bool(self.lines) and self.lines[0].place != self.below_command

    def place(self, start: int, end: int) -> Place:
        """Return where lines go, or new ones come.

        Raises Uncorrectable if the lines aren't next to each other in one file.
        """
        around = self.lines[max(0, start - 1) : end + 1] if start == end else self.lines[start:end]
        for one, after in pairwise(around):
            if after.place != one.place.down(1) or after.place.line is None:
                raise Uncorrectable("these lines aren't next to each other in one file")
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
            raise AssertionError("a block always has a line with text")
        return Line(self.command.first_line, self.command.place)


def corrections_of(
    result: Result, difference: Difference, errors: re.Pattern[str]
) -> Iterator[Correction]:
    """Yield what to rewrite.

    Raises Uncorrectable if that's not clear, where it should not be written, where it
    would be read as something else, or where its place is not one in a file.
    """
    if difference.unsure is not None:
        raise Uncorrectable(difference.unsure)
    block = Block(difference.expected, difference.command)
    check = check_listing if difference.command is None else check_output
    check(result, difference, block, errors)
    for edit in difference.edits:
        start, end, new = edit.start, edit.end, edit.new
        if end == 0 and block.lines:  # nothing of the block is above, so its first line is taken in
            end, new = 1, (*new, block.lines[0].text)
        old = tuple(line.text for line in block.lines[start:end])
        like = block.like(start, end)
        yield Correction(block.place(start, end), old, new, like, difference.failure)


def check_output(
    result: Result, difference: Difference, block: Block, errors: re.Pattern[str]
) -> None:
    """Raise Uncorrectable for a printed line that can't, or shouldn't, be written as it is."""
    assert difference.command is not None
    fails = difference.command.status != 0
    shown = on_screen(difference.command)
    for text in (text for edit in difference.edits for text in edit.new):
        if len(text) > LONGEST:
            raise Uncorrectable(f"the command prints a line of {len(text):,} characters")
        says = f"the command prints {text!r}, which"
        if is_ellipsis(text) and text in difference.found:
            raise Uncorrectable(f"{says} would be read as lines left out")
        if has_prompt(text) and not block.own:
            raise Uncorrectable(
                f"{says} would be read as a command; a block with ':output:' can show it"
            )
        is_shown = any(comparison.same_line(line, text) for line in shown)
        if not fails and not is_shown and errors.search(text):
            raise Uncorrectable(f"{says} looks like an error; if it's right, write it by hand")


def check_listing(
    result: Result, difference: Difference, block: Block, errors: re.Pattern[str]
) -> None:
    """Raise Uncorrectable for lines of a file that a listing can't show as they are."""
    for edit in difference.edits:
        if len(edit.new) - (edit.end - edit.start) > MOST:
            raise Uncorrectable(
                f"the file has {len(edit.new)} lines there, but an update adds at most {MOST}; a "
                "comment such as '# ...' leaves lines out"
            )
        for text in filter(is_skip, edit.new):
            raise Uncorrectable(f"the file has {text!r}, which would be read as lines left out")
