"""Have the files that a page shows."""

from __future__ import annotations

import os

from runthrough.outcomes import StepFailed
from runthrough.replacing import ChangedError, create
from runthrough.steps import Listing
from runthrough.updating.listings import note_listing
from runthrough.walking.files import fail, locate, named, read_lines, refused, rewrite
from runthrough.walking.showing import check_listing
from runthrough.walking.stage import Stage


def perform_listing(stage: Stage, step: Listing) -> None:
    """Check a file that the page shows, or make, replace or add to it.

    Raises StepFailed where the file is not as the page says.
    """
    file = locate(stage, step.path, step.path_place)
    stage.show(step.title if step.way != "show" else f"Look at {step.path}")
    if step.way == "show":
        show_listing(stage, step, read_lines(stage, file, step.path_place))
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
        try:
            create(file, text.encode("utf-8"))
        except (OSError, ChangedError) as error:
            failed = error if isinstance(error, OSError) else OSError(str(error))
            raise refused(stage, file, step.path_place, "written", failed) from error
        return
    old = "\n".join(read_lines(stage, file, step.path_place))
    if step.way == "append":
        text = (old + "\n" if old and not old.endswith("\n") else old) + text
    rewrite(stage, file, text, step.path_place)


def show_listing(stage: Stage, step: Listing, found: list[str]) -> None:
    """Check a listing; where it differs, an update notes how to correct it."""
    try:
        check_listing(stage, step, found)
    except StepFailed as failed:
        if stage.notes is None:
            raise
        note_listing(stage, stage.notes, step, found, failed.failure)
        stage.notes.fail_if_uncorrected()
