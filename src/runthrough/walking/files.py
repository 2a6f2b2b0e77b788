"""Find, read and write the files that a page names."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from runthrough.outcomes import Failure, StepFailed
from runthrough.places import Place
from runthrough.replacing import ChangedError, replace
from runthrough.walking.faults import advice_on
from runthrough.walking.stage import Stage
from runthrough.walking.workspace import WorkspaceError

LARGEST = 10_000_000
"""Bytes of a file that a listing shows a part of, or that a page changes."""


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
    try:
        return read_text(file).split("\n")
    except UnicodeDecodeError as error:
        raise fail(
            place, f"{named(stage, file)} is not text: {error}", "Show a text file here."
        ) from error
    except UnfitError as error:
        raise fail(
            place, f"{named(stage, file)} {error}", "Show a file that a reader can look at."
        ) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise fail(
            place,
            f"there is no file {named(stage, file)} at this point; beside it: {neighbours(file)}",
            "Mend the caption (it counts from the folder that the reader is in), or add "
            "':create:' if the reader makes the file here.",
        ) from error
    except OSError as error:
        raise refused(stage, file, place, "read", error) from error


class UnfitError(Exception):
    """A file is no page's to show; the message says what it is."""


def read_text(file: Path) -> str:
    """Read a text file; never wait for a pipe, and never read more than a page could show.

    Raises UnfitError where it's no regular file or too large, UnicodeDecodeError, and OSError.
    """
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnfitError(f"is {kind_of(status.st_mode)}, and no file")
        if status.st_size > LARGEST:
            raise UnfitError(
                f"has {status.st_size:,} bytes, and no listing shows more than {LARGEST:,}"
            )
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(LARGEST + 1).decode("utf-8")
    finally:
        os.close(descriptor)


def kind_of(mode: int) -> str:
    """Say in a word what is there that is no regular file."""
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    return kinds.get(stat.S_IFMT(mode), "a device")


def refused(stage: Stage, file: Path, place: Place, what: str, error: OSError) -> StepFailed:
    """Say that the system does not let a file be read or written."""
    reason = error.strerror or str(error)
    return fail(place, f"{named(stage, file)} cannot be {what}: {reason}", advice_on(error))


def neighbours(file: Path) -> str:
    """List what is where a file is looked for."""
    if not file.parent.is_dir():
        return f"not even its folder {file.parent.name}/"
    return ", ".join(sorted(one.name for one in file.parent.iterdir())[:8]) or "nothing"


def rewrite(stage: Stage, file: Path, text: str, place: Place) -> None:
    """Write a file anew so that Python cannot take its old bytecode for the new text's.

    The bytecode is held to be true while size and second of the source are the same. A file
    that has other names, which may be outside of the home, is replaced: these keep its content.

    Raises StepFailed where the system does not let it be written.
    """
    data = text.encode("utf-8")
    try:
        before = file.stat()
        if before.st_nlink > 1:
            replace(file, data, file.read_bytes())
        else:
            file.write_bytes(data)
        after = file.stat()
    except (OSError, ChangedError) as error:
        failed = error if isinstance(error, OSError) else OSError(str(error))
        raise refused(stage, file, place, "written", failed) from error
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
