"""Have the files that a page shows."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from runthrough.matching.alignment import difference, prefix_length, search, tidy
from runthrough.steps import Listing
from runthrough.walking.files import fail, locate, named, nearest, read_lines, rewrite
from runthrough.walking.stage import Stage

SKIPPED = re.compile(r"\s*(?:#|//|--|;|%|<!--|/\*)\s?\.\.\.\s*(?:-->|\*/)?")
"""A comment that stands for lines of a file that the page leaves out."""


def perform_listing(stage: Stage, step: Listing) -> None:
    """Check a file that the page shows, or make, replace or add to it.

    Raises StepFailed where the file is not as the page says.
    """
    file = locate(stage, step.path, step.path_place)
    stage.show(step.title if step.way != "show" else f"Look at {step.path}")
    if step.way == "show":
        check_listing(stage, step, read_lines(stage, file, step.path_place))
        return
    if not file.parent.is_dir():
        raise fail(
            step.path_place,
            f"{named(stage, file)} cannot be made: there is no folder "
            f"{named(stage, file.parent)} at this point",
            "Have the reader make the folder first, or mend the caption.",
        )
    if step.way == "create" and os.path.lexists(file):
        raise fail(
            step.path_place,
            f"the page has the reader create {named(stage, file)}, and it is there already",
            "Use ':replace:' or ':append:', show a diff, or name another file.",
        )
    text = "".join(stage.to_run(line.text, line.place) + "\n" for line in step.lines)
    if step.way == "create":
        file.write_text(text, encoding="utf-8")
        return
    old = "\n".join(read_lines(stage, file, step.path_place))
    if step.way == "append":
        text = (old + "\n" if old and not old.endswith("\n") else old) + text
    rewrite(file, text)


def check_listing(stage: Stage, step: Listing, found: list[str]) -> None:
    """Find the listing in the file, whole and in order; comments `# ...` skip lines of it."""
    for line in step.lines:
        stage.check_known(line.text, line.place)
    on_page = tidy([line.text for line in step.lines])
    in_file = tidy(stage.story.lines_to_page(found))
    shown, held = stage.story.mask(on_page), stage.story.mask(in_file)
    reached = 0
    for start, end in pieces(shown):
        at, length = search(shown[start:end], held, reached)
        if length < end - start:
            near = nearest(shown[start:end], held, reached)
            wrong = min(prefix_length(shown[start:end], held, near), end - start - 1)
            raise fail(
                step.lines[start + wrong].place,
                f"the listing is not what {step.path} holds at this point",
                "Change the listing to what the file holds, or mend the step that was to "
                "change the file before. Lines marked '-' are on the page, '+' in the file.",
                difference(
                    on_page[start:end],
                    stage.story.as_shown(on_page[start:end], in_file[near : near + end - start]),
                ),
            )
        reached = at + length


def pieces(shown: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where the parts of a listing between its skipping comments begin and end."""
    start = 0
    for position, line in enumerate([*shown, "# ..."]):
        if SKIPPED.fullmatch(line):
            if start < position:
                yield start, position
            start = position + 1
