"""Put what Sphinx couldn't read between the blocks of a page: those above it still count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from docutils import nodes

from runthrough.model.places import Place
from runthrough.model.steps import PageProblem, Step
from runthrough.reading._compat import REFUSED_IN_MYST
from runthrough.reading.blocks import Reading, known, own_line
from runthrough.reading.extension import ERRORS
from runthrough.reading.joining import Output
from runthrough.reading.sources import known_lines, source_line

Found = tuple[nodes.Element | None, Step | Output]
"""What is asked, and the node that asks it; an error has none."""
NAMED = re.compile("[\"'`\u201c\u2018]([^\"'`\u201c\u201d\u2018\u2019]{2,})[\"'`\u201d\u2019]")
"""A name of the source in an error's text."""
NEAR = 30
"""How many lines below the place of an error the name that it tells may be."""
ABOVE = 4
"""And how many above it, in a page that no extension has changed."""


def with_errors(reading: Reading, found: Sequence[Found], srcdir: Path) -> list[Found]:
    """Return the blocks of a page, with each error before the first block that's below it."""
    merged = list(found)
    errors: list[tuple[str | None, int | None, str]] = reading.doctree.get(ERRORS, [])
    for source, line, text in reversed(errors):
        place = known(Place(Path(source or reading.file).absolute(), line), reading.file)
        problem = PageProblem(
            confirmed(reading, place, text),
            f"Sphinx can't read this: {' '.join(text.split()).replace(f'{srcdir}/', '')}",
            "Fix the markup: what is written here is missing from the page.",
        )
        if REFUSED_IN_MYST.fullmatch(text):  # it's about the block that begins there
            place = problem.place.down(-1)
        merged.insert(blocks_above(reading, found, place), (None, problem))
    return merged


def blocks_above(reading: Reading, found: Sequence[Found], place: Place) -> int:
    """Count the blocks above a place; none if it isn't known."""
    positions = {id(node): number for number, (node, _) in enumerate(found, 1)}
    passed = above = 0
    for node in reading.doctree.findall(nodes.Element):
        passed = positions.get(id(node), passed)
        line = own_line(node, place.file)
        if line is not None and place.line is not None and line <= place.line:
            above = passed
    return above


def confirmed(reading: Reading, place: Place, text: str) -> Place:
    """Return the place of an error; the file alone where its line may have moved.

    Lines of an included file move if the include leaves some out, lines of a page if an
    extension changes its text. A name that the error tells shows where it is: docutils gives
    the first line of a paragraph, and one near to it in a table.
    """
    if place.line is None:
        return place
    holding = [lines_with(name, place.file, text) for name in NAMED.findall(text)]
    if place.file == reading.file and not reading.is_changed:
        near = [*paragraph_from(place), *(place.line - up for up in range(1, ABOVE))]
        return next((Place(place.file, n) for found in holding for n in near if n in found), place)
    for found in holding:
        if place.line in found:
            return place
        if len(found) == 1:
            return Place(place.file, found[0])
        if below := [line for line in found if place.line <= line < place.line + NEAR]:
            return Place(place.file, below[0])
    return Place(place.file, None)


def lines_with(name: str, file: Path, text: str) -> list[int]:
    """Return the lines of a file that hold a name which an error tells, as roles are written."""
    spelled = (f":{name}:", f"{{{name}}}") if "text role" in text else (name,)
    lines = enumerate(known_lines(file), 1)
    return [number for number, line in lines if any(one in line for one in spelled)]


def paragraph_from(place: Place) -> Iterator[int]:
    """Yield the number of a line and of those below it, up to a blank one."""
    while (source_line(place) or "").strip():
        yield place.line or 0
        place = place.down(1)
