"""Compare a listing with the file that it shows."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Sequence

from runthrough.matching.alignment import difference, tidy
from runthrough.matching.comparison import count_same, prefix_length, same_lines, search
from runthrough.matching.placeholders import Placeholders, check_known
from runthrough.model.results import fail
from runthrough.model.steps import Listing

SKIPPED = re.compile(r"\s*(?:#|//|--|;|%|<!--|/\*)\s?\.\.\.\s*(?:-->|\*/)?")
"""A comment in place of lines of a file that the page leaves out."""


def check_listing(placeholders: Placeholders, step: Listing, found: Sequence[str]) -> None:
    """Find the listing in the file, whole and in order; comments `# ...` skip lines of it."""
    for line in step.lines:
        check_known(placeholders, line.text, line.place)
    on_page = tidy([line.text for line in step.lines])
    in_file = tidy(placeholders.lines_to_page(found))
    shown, held = placeholders.normalise(on_page), placeholders.normalise(in_file)
    reached = 0
    for start, end in pieces(shown, step.gaps):
        at, length = search(shown[start:end], held, reached)
        if length < end - start:
            at, length = search_indented(shown[start:end], held, reached)
        if length < end - start:
            near = nearest(shown[start:end], held, reached)
            wrong = min(prefix_length(shown[start:end], held, near), end - start - 1)
            raise fail(
                step.lines[start + wrong].place,
                f"the listing doesn't match {step.path} at this point",
                "Change the listing to match the file, or fix the earlier step that should have "
                "changed the file. Lines marked '-' are on the page, '+' in the file.",
                difference(placeholders, on_page[start:end], in_file[near : near + end - start]),
            )
        reached = at + length


def leaves_out(step: Listing) -> bool:
    """Return whether a listing shows that lines of its file are left out."""
    return bool(step.gaps) or any(SKIPPED.fullmatch(line.text) for line in step.lines)


def pieces(shown: Sequence[str], gaps: Collection[int] = ()) -> Iterator[tuple[int, int]]:
    """Yield where the parts of a listing between its gaps and skipping comments begin and end."""
    start = 0
    for position, line in enumerate([*shown, "# ..."]):
        if position in gaps and start < position:
            yield start, position
            start = position
        if SKIPPED.fullmatch(line):
            if start < position:
                yield start, position
            start = position + 1


def search_indented(piece: Sequence[str], held: Sequence[str], start: int) -> tuple[int, int]:
    """Find a piece in a file where all its lines are indented by the same blanks.

    Returns where, and how many of its lines were found: all of them, or as many as `search`
    finds without blanks at the beginning.
    """
    first = next((i for i, line in enumerate(piece) if line), None)
    if first is None:
        return search(piece, held, start)
    own = indentation(piece[first])
    for at in range(start, len(held) - len(piece) + 1):
        margin = indentation(held[at + first]).removesuffix(own)
        there = held[at : at + len(piece)]
        is_indented = margin and all(line.startswith(margin) or not line for line in there)
        if is_indented and same_lines(piece, [line.removeprefix(margin) for line in there]):
            return at, len(piece)
    return search(piece, held, start)


def indentation(line: str) -> str:
    """Return the blanks at the beginning of a line."""
    return line[: len(line) - len(line.lstrip())]


def nearest(piece: Sequence[str], held: Sequence[str], reached: int) -> int:
    """Return where most lines of a piece are the same as the file's, or else a similar line is."""
    starts = range(reached, max(reached + 1, len(held)))
    best = max(starts, key=lambda start: count_same(piece, held, start))
    if count_same(piece, held, best) == 0 and (
        alike := difflib.get_close_matches(piece[0], held[reached:], n=1)
    ):
        return reached + held[reached:].index(alike[0])
    return best
