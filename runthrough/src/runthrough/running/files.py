"""Find, read and write the files that a page mentions."""

from __future__ import annotations

import dataclasses
import os
import stat
from pathlib import Path

from runthrough.matching.alignment import difference
from runthrough.matching.comparison import prefix_length
from runthrough.matching.edits import edits_of_listing
from runthrough.matching.hunks import Hunk, changed, old_lines
from runthrough.matching.listings import check_listing, leaves_out, nearest
from runthrough.model.places import Place
from runthrough.model.results import Failure, MissingFile, StepFailed, fail
from runthrough.model.steps import FileAction, Listing, Patch
from runthrough.model.suggestions import Suggestion
from runthrough.running.context import Context
from runthrough.running.faults import advice_on
from runthrough.sources.replacing import ChangedError, create, replace

LARGEST = 10_000_000
"""Bytes of a file that a listing shows a part of, or that a page changes."""
LARGEST_WHOLE = 100_000
"""Characters of a changed file that are kept for the readers of the page to copy."""


def named(context: Context, file: Path) -> str:
    """Write a file's path as the page would."""
    return context.placeholders.to_page(str(file))


def read_lines(
    context: Context, file: Path, place: Place, *, may_create: bool = False
) -> list[str]:
    """Read a file that has to be there, split at its line ends.

    With `may_create`, the block could have the reader create it.
    """
    try:
        return read_text(file).split("\n")
    except UnicodeDecodeError as error:
        raise fail(
            place, f"{named(context, file)} isn't text: {error}", "Show a text file here."
        ) from error
    except UnfitError as error:
        raise fail(
            place, f"{named(context, file)} {error}", "Show a regular file of a reasonable size."
        ) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingFile(
            Failure(
                place,
                f"there's no file {named(context, file)} at this point; in the same folder: "
                f"{neighbours(file)}",
                "Fix the caption (it counts from the folder that the reader is in), or "
                + (
                    "add ':create:' if the reader makes the file here."
                    if may_create
                    else "have the reader create the file first."
                ),
                suggestions=(Suggestion("create"),) if may_create else (),
            )
        ) from error
    except OSError as error:
        raise refused(context, file, place, "read", error) from error


class UnfitError(Exception):
    """A file can't be shown on a page; the message says why."""


def read_text(file: Path) -> str:
    """Read a text file; never wait for a pipe, and never read more than a page could show.

    Raises UnfitError if it isn't a regular file or is too large, UnicodeDecodeError, and OSError.
    """
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnfitError(f"is {kind_of(status.st_mode)}, not a file")
        if status.st_size > LARGEST:
            raise UnfitError(
                f"has {status.st_size:,} bytes, but no listing shows more than {LARGEST:,}"
            )
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(LARGEST + 1).decode("utf-8")
    finally:
        os.close(descriptor)


def kind_of(mode: int) -> str:
    """Return the kind of a file that isn't a regular one."""
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    return kinds.get(stat.S_IFMT(mode), "a device")


def refused(context: Context, file: Path, place: Place, what: str, error: OSError) -> StepFailed:
    """Return the error for a file that the system doesn't let us read or write."""
    reason = error.strerror or str(error)
    return fail(place, f"{named(context, file)} can't be {what}: {reason}", advice_on(error))


def neighbours(file: Path) -> str:
    """List what is in the folder where a file is expected."""
    if not file.parent.is_dir():
        return f"nothing, because there's no folder {file.parent.name}/"
    return ", ".join(sorted(one.name for one in file.parent.iterdir())[:8]) or "nothing"


def rewrite(context: Context, file: Path, text: str, place: Place) -> None:
    """Write a file again so that Python cannot take its old bytecode for the new text's.

    The bytecode counts as current as long as the size and the time in seconds of the source are the
    same. A file that has other names, which may be outside of the home, is replaced: these keep its
    content.

    Raises StepFailed if the system doesn't let it be written.
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
        raise refused(context, file, place, "written", failed) from error
    if int(after.st_mtime) <= int(before.st_mtime) and after.st_size == before.st_size:
        os.utime(file, (after.st_atime, int(before.st_mtime) + 1))


def run_listing(context: Context, step: Listing) -> None:
    """Check a file that the page shows, or make, replace or add to it.

    Raises StepFailed if the file isn't as the page says.
    """
    file = context.locate(step.path, step.path_place, from_start=step.from_start)
    action = action_on(context, step, file)
    shown = dataclasses.replace(step, file_action=action).title
    context.show(shown if action != "show" else f"Look at {shown}")
    if action == "show":
        held = read_lines(context, file, step.path_place, may_create=True)
        show_listing(context, step, held)
        return
    if step.otherwise != "show":
        make_folders(context, step, file)
    if not file.parent.is_dir():
        raise fail(
            step.path_place,
            f"{named(context, file)} can't be created: there's no folder "
            f"{named(context, file.parent)} at this point",
            "Have the reader create the folder first, or fix the caption.",
        )
    if action == "create" and os.path.lexists(file):
        raise fail(
            step.path_place,
            f"the page has the reader create {named(context, file)}, but it already exists",
            "Use ':replace:' or ':append:', show a diff, or choose another file.",
            suggestions=(
                Suggestion("create", at="given"),
                Suggestion("replace"),
                Suggestion("append"),
            ),
        )
    lines = step.lines if action == "append" else step.whole or step.lines
    text = "".join(context.to_run(line.text, line.place) + "\n" for line in lines)
    if action == "create":
        try:
            create(file, text.encode("utf-8"))
        except (OSError, ChangedError) as error:
            failed = error if isinstance(error, OSError) else OSError(str(error))
            raise refused(context, file, step.path_place, "written", failed) from error
        return
    old = "\n".join(read_lines(context, file, step.path_place))
    if action == "append":
        text = (old + "\n" if old and not old.endswith("\n") else old) + text
    rewrite(context, file, text, step.path_place)


def action_on(context: Context, step: Listing, file: Path) -> FileAction:
    """Return what a reader does with the file of a listing: as the page says, or as its project."""
    if step.file_action != "show" or step.otherwise == "show":
        return step.file_action
    if not os.path.lexists(file):
        return "create"
    if step.otherwise == "create":
        return "show"
    held = read_lines(context, file, step.path_place)
    if step.is_whole:
        is_same = held == [*(context.to_run(line.text, line.place) for line in step.lines), ""]
        return "show" if is_same else step.otherwise
    try:
        check_listing(context.placeholders, step, held)
    except StepFailed:
        return "show" if leaves_out(step) and not step.whole else step.otherwise
    return "show"


def make_folders(context: Context, step: Listing, file: Path) -> None:
    """Create the folders of a file; raises StepFailed if the system doesn't allow it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(context, file.parent, step.path_place, "made", error) from error


def show_listing(context: Context, step: Listing, found: list[str]) -> None:
    """Check a listing; where it differs, say how, and for an update how to change it."""
    try:
        check_listing(context.placeholders, step, found)
    except StepFailed as failed:
        context.note_difference(
            failed.failure,
            step.lines,
            found,
            lambda: edits_of_listing(context.placeholders, step, found),
        )


def run_patch(context: Context, step: Patch) -> None:
    """Change the lines of a file that a diff block names.

    Raises StepFailed if the lines aren't in the file, or are in several places.
    """
    file = context.locate(step.path, step.path_place, from_start=step.from_start)
    context.show(step.title)
    lines = read_lines(context, file, step.path_place)
    for hunk in step.hunks:
        lines = apply(context, step, lines, hunk)
    text = "\n".join(lines)
    rewrite(context, file, text, step.path_place)
    if len(text) <= LARGEST_WHOLE:
        context.whole = context.to_page(text)


def apply(context: Context, step: Patch, lines: list[str], hunk: Hunk) -> list[str]:
    """Put the new lines of one hunk in the place of its old ones."""
    expected = old_lines(hunk)
    for line in expected:
        context.check_known(line.text, line.place)
    in_file = [line.rstrip() for line in context.placeholders.lines_to_page(lines)]
    on_page = [line.text.rstrip() for line in expected]
    held, old = context.placeholders.normalise(in_file), context.placeholders.normalise(on_page)
    starts = range(len(held) - len(old) + 1)
    at = [start for start in starts if prefix_length(old, held, start) == len(old)]
    if len(at) == 1:
        start, end = at[0], at[0] + len(old)
        new = changed(
            hunk, lines[start:end], lambda line: context.to_run(line.text.rstrip(), line.place)
        )
        return [*lines[:start], *new, *lines[end:]]
    if at:
        raise fail(
            hunk[0].place,
            f"the lines to change appear in {len(at)} places in {step.path} (lines "
            f"{', '.join(str(i + 1) for i in at)})",
            "Show more of the lines around them, so that a reader can tell which ones are meant.",
        )
    near = nearest(old, held, 0)
    wrong = min(prefix_length(old, held, near), len(old) - 1)
    raise fail(
        expected[wrong].place,
        f"the lines to change aren't in {step.path} at this point",
        "Copy the lines from the file as it is now: '-' is what the page says, '+' the closest "
        "lines in the file. If a tool has changed its template, change the page to match.",
        difference(context.placeholders, on_page, in_file[near : near + len(old)]),
    )
