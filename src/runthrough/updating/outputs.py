"""Note how the output that a page shows has to change."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from runthrough.matching.alignment import ELLIPSIS, Mismatch, is_ellipsis, match
from runthrough.outcomes import Correction, Failure
from runthrough.reading.session import has_prompt
from runthrough.steps import Command, Console
from runthrough.updating.aligning import Hunk, align, is_sure
from runthrough.updating.correcting import Block, corrected, corrections
from runthrough.updating.notes import Notes, Uncorrectable
from runthrough.updating.values import as_page
from runthrough.walking.comparing import compare, on_screen
from runthrough.walking.stage import Stage

MOST = 40
"""Lines that an update adds in one place; of more, it leaves the middle out."""
ENDS = 5
"""Lines at each end that it then writes."""
LONGEST = 1000
"""Characters of a line that it writes."""


def note_output(
    stage: Stage,
    notes: Notes,
    step: Console,
    command: Command,
    printed: Sequence[str],
    failure: Failure,
) -> None:
    """Note how to correct an output, or that a person has to."""
    try:
        notes.accept(correct(stage, step, command, printed, failure))
    except Uncorrectable as error:
        notes.refuse(failure, str(error))


def correct(
    stage: Stage, step: Console, command: Command, printed: Sequence[str], failure: Failure
) -> list[Correction]:
    """Return what is to be rewritten, and bind the values of the output as it will be.

    Raises Uncorrectable where nobody should write that, or it would be read as something else.
    """
    shown = on_screen(command)
    masked, found = stage.story.mask(shown), stage.story.mask(printed)
    if not isinstance(match(masked, found), Mismatch):
        raise Uncorrectable("")  # the lines hold; what they hide or their values do not
    alignment = align(masked, found, is_ellipsis, part=False)
    if alignment is None:
        raise Uncorrectable("the output is too long to tell which of its lines are meant")
    if not is_sure(masked, found, is_ellipsis, part=False):
        raise Uncorrectable("nobody can tell which of the printed lines are meant")
    block = Block(command.output, command)
    parts = [
        in_parts(hunk, new)
        for hunk, new in zip(
            alignment.hunks, as_page(stage.story, shown, printed, alignment), strict=True
        )
    ]
    for text in (text for pieces in parts for piece in pieces for text in piece):
        check_line(stage, step, block, text, shown)
    texts = [join(pieces) for pieces in parts]
    rewritten = corrected(Block(command.output[: len(shown)], command), alignment, texts)
    still = compare(
        stage, dataclasses.replace(command, output=rewritten), printed, fails=step.status != 0
    )
    if still is not None:
        raise Uncorrectable(f"with the lines that were printed, {still.what}")
    return list(corrections(block, alignment, texts, failure))


def in_parts(hunk: Hunk, new: Sequence[str]) -> list[Sequence[str]]:
    """Return what is written of the printed lines: of very many new ones, both ends."""
    if len(new) - (hunk.end - hunk.start) <= MOST:
        return [new]
    return [new[:ENDS], new[-ENDS:]]


def join(pieces: Sequence[Sequence[str]]) -> list[str]:
    """Join the parts of an output, with a line for what is left out between them."""
    first, *rest = pieces
    return [*first, *(line for piece in rest for line in (ELLIPSIS, *piece))]


def check_line(stage: Stage, step: Console, block: Block, text: str, shown: Sequence[str]) -> None:
    """Raise Uncorrectable for a printed line that cannot, or should not, be written as it is."""
    if len(text) > LONGEST:
        raise Uncorrectable(f"the command prints a line of {len(text):,} characters")
    says = f"the command prints {text!r}, which"
    if is_ellipsis(text):
        raise Uncorrectable(f"{says} would be read as lines left out")
    if has_prompt(text) and not block.own:
        raise Uncorrectable(
            f"{says} would be read as a command; a block with ':output:' can hold it"
        )
    if step.status == 0 and text not in shown and stage.settings.errors.search(text):
        raise Uncorrectable(f"{says} looks like an error; if it is right, write it by hand")
