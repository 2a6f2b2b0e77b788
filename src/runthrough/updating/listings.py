"""Note how the listing that a page shows has to change."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from runthrough.matching.alignment import tidy
from runthrough.outcomes import Correction, Failure, StepFailed
from runthrough.steps import Listing
from runthrough.updating.aligning import Alignment, align, is_sure
from runthrough.updating.correcting import Block, corrected, corrections
from runthrough.updating.notes import Notes, Uncorrectable
from runthrough.updating.outputs import MOST
from runthrough.updating.values import as_page
from runthrough.walking.showing import SKIPPED, check_listing
from runthrough.walking.stage import Stage

FARTHEST = 85
"""What the lines of a listing may cost on average, if it is to be found in the file."""


def note_listing(
    stage: Stage, notes: Notes, step: Listing, found: Sequence[str], failure: Failure
) -> None:
    """Note how to correct a listing, or that a person has to."""
    try:
        notes.accept(correct(stage, step, found, failure))
    except Uncorrectable as error:
        notes.refuse(failure, str(error))


def correct(
    stage: Stage, step: Listing, found: Sequence[str], failure: Failure
) -> list[Correction]:
    """Return what is to be rewritten.

    Raises Uncorrectable where nobody can tell which lines of the file are meant, and where
    they would be read as something else.
    """
    story = stage.story
    shown, in_file = tidy([line.text for line in step.lines]), tidy(story.lines_to_page(found))
    alignment = find(story.mask(shown), story.mask(in_file))
    block = Block(step.lines)
    texts = as_page(story, shown, in_file, alignment)
    for hunk, new in zip(alignment.hunks, texts, strict=True):
        if len(new) - (hunk.end - hunk.start) > MOST:
            raise Uncorrectable(
                f"the file holds {len(new)} lines there, and an update adds {MOST} at most; a "
                "comment such as '# ...' leaves lines out"
            )
    for text in (text for new in texts for text in new):
        if is_skip(text):
            raise Uncorrectable(f"the file holds {text!r}, which would be read as lines left out")
    rewritten = dataclasses.replace(step, lines=corrected(block, alignment, texts))
    try:
        check_listing(stage, rewritten, list(found))
    except StepFailed as failed:
        raise Uncorrectable(f"with the lines of the file, {failed.failure.what}") from failed
    return list(corrections(block, alignment, texts, failure))


def find(shown: Sequence[str], in_file: Sequence[str]) -> Alignment:
    """Find the lines of the file that a listing means.

    Raises Uncorrectable where it may mean several, or hardly any.
    """
    alignment = align(shown, in_file, is_skip, part=True)
    if alignment is None:
        raise Uncorrectable("the file is too long to tell which of its lines are meant")
    lines = sum(not is_skip(line) for line in shown)
    sure = is_sure(shown, in_file, is_skip, part=True)
    if alignment.cost > FARTHEST * lines or not sure:
        raise Uncorrectable("nobody can tell which lines of the file are meant")
    return alignment


def is_skip(line: str) -> bool:
    """Tell whether a line of a listing stands for lines that it leaves out."""
    return SKIPPED.fullmatch(line) is not None
