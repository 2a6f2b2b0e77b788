"""Find, read and write the files that a page names."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from pathlib import Path

from runthrough.outcomes import Failure, StepFailed
from runthrough.places import Place
from runthrough.walking.stage import Stage
from runthrough.walking.workspace import WorkspaceError


def fail(place: Place, what: str, advice: str, rows: Sequence[str] = ()) -> StepFailed:
    """Make the failure of a file step."""
    return StepFailed(Failure(place, what, advice, difference=tuple(rows)))


def locate(stage: Stage, path: str, place: Place) -> Path:
    """Find the file that a caption names, from the folder that the reader is in."""
    try:
        return stage.workspace.locate(stage.to_run(path, place), stage.shell.directory)
    except WorkspaceError as error:
        raise fail(
            place,
            stage.story.to_page(str(error)),
            "Name a file below the folder that the reader is in.",
        ) from error


def named(stage: Stage, file: Path) -> str:
    """Write a file's path as the page would."""
    return stage.story.to_page(str(file))


def read_lines(stage: Stage, file: Path, place: Place) -> list[str]:
    """Read a file that has to be there, split at its line ends."""
    if not file.is_file():
        raise fail(
            place,
            f"there is no file {named(stage, file)} at this point; beside it: {neighbours(file)}",
            "Mend the caption (it counts from the folder that the reader is in), or add "
            "':create:' if the reader makes the file here.",
        )
    try:
        return file.read_bytes().decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise fail(
            place, f"{named(stage, file)} is not text: {error}", "Show a text file here."
        ) from error


def neighbours(file: Path) -> str:
    """List what is where a file is looked for."""
    if not file.parent.is_dir():
        return f"not even its folder {file.parent.name}/"
    return ", ".join(sorted(one.name for one in file.parent.iterdir())[:8]) or "nothing"


def rewrite(file: Path, text: str) -> None:
    """Write a file anew so that Python cannot take its old bytecode for the new text's.

    The bytecode is held to be true while size and second of the source are the same.
    """
    before = file.stat()
    file.write_bytes(text.encode("utf-8"))
    after = file.stat()
    if int(after.st_mtime) <= int(before.st_mtime) and after.st_size == before.st_size:
        os.utime(file, (after.st_atime, int(before.st_mtime) + 1))


def nearest(piece: Sequence[str], held: Sequence[str], reached: int) -> int:
    """Find where in the file most lines of a piece stand in their places, or a similar line."""
    starts = range(reached, max(reached + 1, len(held)))

    def same(start: int) -> int:
        return sum(a == b for a, b in zip(piece, held[start:], strict=False))

    best = max(starts, key=same)
    if same(best) == 0 and (alike := difflib.get_close_matches(piece[0], held[reached:], n=1)):
        return reached + held[reached:].index(alike[0])
    return best
