"""Edit lines of the page into those that were found, and keep as many as possible."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from runthrough.matching import comparison
from runthrough.matching.alignment import ELLIPSIS, Match, Mismatch, is_ellipsis, match, tidy
from runthrough.matching.listings import SKIPPED, check_listing
from runthrough.matching.outputs import compare, on_screen, runs
from runthrough.matching.placeholders import Placeholders, Substitution
from runthrough.matching.wrapping import substitute
from runthrough.model.places import Place
from runthrough.model.results import Edit, StepFailed
from runthrough.model.steps import Command, Line, Listing

Values = dict[str, list[str]]
"""The values of each kind in some lines, in reading order."""

INSERTED, DELETED = 65, 110
"""What a found line costs that the page does not show, and a line of the page to remove."""
CHANGED, ALIKE = 100, 30
"""What a changed line costs, and how much less if its two forms differ in next to nothing."""
NEVER = 1000
"""Cost of pairing a blank line with another one: more than removing it and adding the other."""
LARGEST = 300_000
"""Pairs of a shown and a found line that are looked at; it takes about a second."""

MOST = 40
"""Lines that are added to an output in one place; of more, the middle is left out."""
ENDS = 5
"""Lines at each end that then stay."""
FARTHEST = 85
"""What the lines of a listing may cost on average, if it is to be found in the file."""

IsGap = Callable[[str], bool]
"""Returns whether a line of the page is in place of lines that it leaves out."""


@dataclass(frozen=True)
class Hunk:
    """Lines of the page, from `start` up to `end`, and the positions of the found lines for them.

    Where both positions are the same, the found lines belong above the line there.
    """

    start: int
    end: int
    found: tuple[int, ...]


@dataclass(frozen=True)
class Move:
    """One line of the page, or of what was found, or one of each for each other."""

    shown: int | None
    found: int | None
    kept: bool = False


@dataclass(frozen=True)
class Alignment:
    """How the page's lines align with the found ones."""

    kept: tuple[tuple[int, int], ...]
    """Positions of lines that hold: on the page, and among the found ones."""
    hunks: tuple[Hunk, ...]
    cost: int


def align(
    shown: Sequence[str], found: Sequence[str], is_gap: IsGap, *, part: bool
) -> Alignment | None:
    """Find the cheapest way to turn the page's lines into the found ones; None: too many lines.

    With `part`, the page shows a part of what was found. This is the alignment of Needleman and
    Wunsch; a gap of the page takes any lines and costs nothing.
    """
    if len(shown) * len(found) > LARGEST:
        return None
    rows = [[0 if part else INSERTED * position for position in range(len(found) + 1)]]
    for line in shown:
        rows.append(next_row(rows[-1], line, found, gap=is_gap(line)))
    end = rows[-1].index(min(rows[-1])) if part else len(found)
    steps = list(back(rows, shown, found, is_gap, end, part))[::-1]
    pairs = ((step.shown, step.found) for step in steps if step.kept)
    kept = tuple((i, j) for i, j in pairs if i is not None and j is not None)
    return Alignment(kept, tuple(hunks(steps)), rows[-1][end])


def is_sure(shown: Sequence[str], found: Sequence[str], is_gap: IsGap, *, part: bool) -> bool:
    """Return whether the page becomes the same when all lines are read from their ends."""
    forwards = align(shown, found, is_gap, part=part)
    backwards = align(shown[::-1], found[::-1], is_gap, part=part)
    if forwards is None or backwards is None:
        return False
    first = replaced(shown, found, forwards.hunks)
    return first == replaced(shown[::-1], found[::-1], backwards.hunks)[::-1]


def replaced(shown: Sequence[str], found: Sequence[str], hunks: Sequence[Hunk]) -> list[str]:
    """Return the page's lines with the found ones in their places."""
    lines = list(shown)
    for hunk in reversed(hunks):
        lines[hunk.start : hunk.end] = [found[position] for position in hunk.found]
    return lines


def next_row(above: list[int], line: str, found: Sequence[str], *, gap: bool) -> list[int]:
    """Compute what one more line of the page costs, for each number of found lines."""
    row = [above[0] if gap else above[0] + DELETED]
    for j, other in enumerate(found):
        if gap:
            row.append(min(above[j + 1], row[j]))
        else:
            changed = above[j] + changing(line, other)
            row.append(min(changed, above[j + 1] + DELETED, row[j] + INSERTED))
    return row


def changing(line: str, other: str) -> int:
    """Return what it costs to turn a line of the page into one that was found."""
    if comparison.same_line(line, other):
        return 0
    if not line or not other:
        return NEVER
    before = common_length(line, other)
    after = common_length(line[before:][::-1], other[before:][::-1])
    return CHANGED - ALIKE * (before + after) // max(len(line), len(other))


def common_length(text: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    pairs = enumerate(zip(text, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(text), len(other)))


def back(
    rows: list[list[int]],
    shown: Sequence[str],
    found: Sequence[str],
    is_gap: IsGap,
    end: int,
    part: bool,
) -> Iterator[Move]:
    """Yield the steps of the cheapest way, from its end on."""
    i, j = len(shown), end
    while i or (j and not part):
        here = rows[i][j]
        if i and is_gap(shown[i - 1]):
            if here == rows[i - 1][j]:
                i -= 1
                yield Move(i, None, kept=True)
            else:
                j -= 1
        elif i and j and here == rows[i - 1][j - 1] + changing(shown[i - 1], found[j - 1]):
            i, j = i - 1, j - 1
            yield Move(i, j, kept=comparison.same_line(shown[i], found[j]))
        elif i and here == rows[i - 1][j] + DELETED:
            i -= 1
            yield Move(i, None)
        else:
            j -= 1
            yield Move(None, j)


def hunks(steps: Sequence[Move]) -> Iterator[Hunk]:
    """Yield the runs of steps at which the page changes."""
    start = end = 0
    taken: list[int] = []
    for step in [*steps, Move(end, None, kept=True)]:
        if step.kept:
            if start < end or taken:
                yield Hunk(start, end, tuple(taken))
            start = end = (step.shown or 0) + 1
            taken = []
        else:
            end = end if step.shown is None else step.shown + 1
            taken += [] if step.found is None else [step.found]


def as_page(
    placeholders: Placeholders, shown: Sequence[str], found: Sequence[str], alignment: Alignment
) -> list[list[str]]:
    """Return the new lines of each hunk, with the page's values where it has shown them.

    A value of a changed line is the page's own where the line has as many of its kind before
    and after the change; a value that the page has nothing for stays the run's.
    """
    told = Substitution(captures(placeholders, shown, found, alignment))
    written = []
    for hunk in alignment.hunks:
        new = [found[position] for position in hunk.found]
        new = put_back(placeholders, shown[hunk.start : hunk.end], new)
        written.append(told.lines(new, placeholders.columns))
    return written


def values_in(placeholders: Placeholders, lines: Sequence[str]) -> Values:
    """Gather the values in these lines, by the name of their group in the pattern of
    placeholders."""
    values: Values = {}

    def keep(match: re.Match[str]) -> str:
        values.setdefault(match.lastgroup or "", []).append(match.group())
        return match.group()

    substitute(lines, placeholders.any, keep, placeholders.columns)
    return values


def alike(
    placeholders: Placeholders, old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield group, old and new value, of each group with as many values in both."""
    before, after = values_in(placeholders, old), values_in(placeholders, new)
    for group, values in after.items():
        if len(before.get(group, ())) == len(values):
            for page, run in zip(before[group], values, strict=True):
                yield group, page, run


def captures(
    placeholders: Placeholders, shown: Sequence[str], found: Sequence[str], alignment: Alignment
) -> dict[str, str]:
    """Pair the run's captures with the page's, where neither means anything yet."""
    kept = runs(Match(alignment.kept, ()))
    changed = [(list(range(hunk.start, hunk.end)), list(hunk.found)) for hunk in alignment.hunks]
    pairs: dict[str, str] = {}
    for on_page, in_run in [*kept, *changed]:
        old, new = [shown[i] for i in on_page], [found[i] for i in in_run]
        for group, page, run in alike(placeholders, old, new):
            free = page not in placeholders.typed and page not in pairs.values()
            new_to_us = run not in placeholders.kinds and run not in pairs
            if group.startswith("i") and free and new_to_us:
                pairs[run] = page
    return pairs


def put_back(placeholders: Placeholders, old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Write patterns (dates, durations) as the page had them."""
    queues: Values = {}
    for group, page, _ in alike(placeholders, old, new):
        queues.setdefault(group, []).append(page)

    def replace(match: re.Match[str]) -> str:
        group = match.lastgroup or ""
        return queues[group].pop(0) if group in queues and group[0] == "s" else match.group()

    return substitute(new, placeholders.any, replace, placeholders.columns)


class Unsure(Exception):
    """It's not clear how lines have to change; the message, if there is one, says why."""


def edits_of_output(
    placeholders: Placeholders,
    errors: re.Pattern[str],
    command: Command,
    printed: Sequence[str],
) -> tuple[Edit, ...]:
    """Return how an output has to change, and bind the values of the output as it will be.

    Raises Unsure if that's not clear, or if the changed output wouldn't match either.
    """
    shown = on_screen(command)
    normalised, found = placeholders.normalise(shown), placeholders.normalise(printed)
    if not isinstance(match(normalised, found), Mismatch):
        raise Unsure("")  # the lines hold; what they hide or their values do not
    alignment = align(normalised, found, is_ellipsis, part=False)
    if alignment is None:
        raise Unsure("the output is too long to tell which of its lines are meant")
    if not is_sure(normalised, found, is_ellipsis, part=False):
        raise Unsure("it's not clear which of the printed lines are meant")
    texts = as_page(placeholders, shown, printed, alignment)
    edits = tuple(
        Edit(hunk.start, hunk.end, tuple(shortened(hunk, new)))
        for hunk, new in zip(alignment.hunks, texts, strict=True)
    )
    lines = edited(command.output[: len(shown)], edits, command.place)
    changed = dataclasses.replace(command, output=lines)
    still = compare(placeholders, errors, changed, printed)
    if still is not None:
        raise Unsure(f"with the lines that were printed, {still.what}")
    return edits


def edits_of_listing(
    placeholders: Placeholders, step: Listing, found: Sequence[str]
) -> tuple[Edit, ...]:
    """Return how a listing has to change to show its file's content.

    Raises Unsure if it's not clear which lines of the file are meant, or if the changed listing
    wouldn't match either.
    """
    shown, in_file = (
        tidy([line.text for line in step.lines]),
        tidy(placeholders.lines_to_page(found)),
    )
    alignment = find(placeholders.normalise(shown), placeholders.normalise(in_file))
    texts = as_page(placeholders, shown, in_file, alignment)
    edits = tuple(
        Edit(hunk.start, hunk.end, tuple(new))
        for hunk, new in zip(alignment.hunks, texts, strict=True)
    )
    changed = dataclasses.replace(step, lines=edited(step.lines, edits, step.place))
    try:
        check_listing(placeholders, changed, found)
    except StepFailed as failed:
        raise Unsure(f"with the lines of the file, {failed.failure.what}") from failed
    return edits


def edited(lines: Sequence[Line], edits: Sequence[Edit], place: Place) -> tuple[Line, ...]:
    """Return lines with edits made; the new ones are at `place`."""
    changed = list(lines)
    for edit in reversed(edits):
        changed[edit.start : edit.end] = [Line(text, place) for text in edit.new]
    return tuple(changed)


def shortened(hunk: Hunk, new: Sequence[str]) -> Sequence[str]:
    """Return what a page shows of the lines for a hunk: of very many new ones, both ends."""
    if len(new) - (hunk.end - hunk.start) <= MOST:
        return new
    return [*new[:ENDS], ELLIPSIS, *new[-ENDS:]]


def find(shown: Sequence[str], in_file: Sequence[str]) -> Alignment:
    """Find the lines of the file that a listing means.

    Raises Unsure if it may mean several, or hardly any.
    """
    alignment = align(shown, in_file, is_skip, part=True)
    if alignment is None:
        raise Unsure("the file is too long to tell which of its lines are meant")
    lines = sum(not is_skip(line) for line in shown)
    sure = is_sure(shown, in_file, is_skip, part=True)
    if alignment.cost > FARTHEST * lines or not sure:
        raise Unsure("it's not clear which lines of the file are meant")
    return alignment


def is_skip(line: str) -> bool:
    """Return whether a line of a listing is in place of lines that it leaves out."""
    return SKIPPED.fullmatch(line) is not None
