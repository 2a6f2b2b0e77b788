"""Change the lines of a file that a diff block names."""

from __future__ import annotations

from collections.abc import Sequence

from runthrough.matching.alignment import difference, prefix_length
from runthrough.reading.hunks import Hunk, change_of
from runthrough.steps import Line, Patch
from runthrough.walking.files import fail, locate, nearest, read_lines, rewrite
from runthrough.walking.stage import Stage


def perform_patch(stage: Stage, step: Patch) -> None:
    """Change the lines of a file that a diff block names.

    Raises StepFailed where the lines are not in the file, or in several places.
    """
    file = locate(stage, step.path, step.path_place)
    stage.show(step.title)
    lines = read_lines(stage, file, step.path_place)
    for hunk in step.hunks:
        lines = apply(stage, step, lines, hunk)
    rewrite(stage, file, "\n".join(lines), step.path_place)


def apply(stage: Stage, step: Patch, lines: list[str], hunk: Hunk) -> list[str]:
    """Put the new lines of one hunk in the place of its old ones."""
    change = change_of(hunk)
    for line in change.old:
        stage.check_known(line.text, line.place)
    in_file = [line.rstrip() for line in stage.story.lines_to_page(lines)]
    on_page = [line.text.rstrip() for line in change.old]
    held, old = stage.story.mask(in_file), stage.story.mask(on_page)
    at = [i for i in range(len(held) - len(old) + 1) if held[i : i + len(old)] == old]
    if len(at) == 1:
        new = [stage.to_run(line.text, line.place) for line in kept_ends(change.new)]
        return [*lines[: at[0]], *new, *lines[at[0] + len(old) :]]
    if at:
        raise fail(
            change.place,
            f"the lines to change stand in {len(at)} places of {step.path} "
            f"(lines {', '.join(str(i + 1) for i in at)})",
            "Show more of the lines around them, so that a reader can tell which are meant.",
        )
    near = nearest(old, held, 0)
    wrong = min(prefix_length(old, held, near), len(old) - 1)
    rest = stage.story.as_shown(on_page, in_file[near : near + len(old)])
    raise fail(
        change.old[wrong].place,
        f"the lines to change are not in {step.path} at this point",
        "Copy the lines from the file as it is now: '-' is what the page says, '+' the nearest "
        "that the file holds. If a tool has changed its template, follow it.",
        difference(on_page, rest),
    )


def kept_ends(lines: Sequence[Line]) -> list[Line]:
    """Drop blanks at the ends of lines, which no reader sees or types."""
    return [Line(line.text.rstrip(), line.place) for line in lines]
