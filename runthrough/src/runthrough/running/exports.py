"""Compare a folder of the project with what a run leaves."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePath, PurePosixPath

from runthrough.matching.alignment import difference
from runthrough.matching.comparison import same_lines
from runthrough.model.places import shown
from runthrough.model.results import Failure, StepFailed
from runthrough.model.steps import Export
from runthrough.running.context import Context
from runthrough.sources.git import has_modes

REPOSITORY = ".git"
"""Never part of an exported folder, neither the run's nor the project's."""
LARGEST = 20_000_000
"""Bytes of a file that is exported or packed."""


@dataclass(frozen=True)
class Kept:
    """A file of an exported folder; the content of a symbolic link is its target."""

    data: bytes
    is_link: bool = False
    is_executable: bool = False

    @classmethod
    def read(cls, file: Path) -> Kept:
        """Read a file or a link; raises OSError if it can't be read, or is too large."""
        if file.is_symlink():
            return cls(os.fsencode(file.readlink()), is_link=True)
        status = file.stat()
        if status.st_size > LARGEST:
            raise OSError(f"it has {status.st_size:,} bytes, but at most {LARGEST:,} are allowed")
        return cls(file.read_bytes(), is_executable=bool(status.st_mode & 0o100))


Files = Mapping[str, Kept]
"""Files by their path below a folder, as the page names it."""


def left_by_run(context: Context, step: Export) -> Files:
    """Read the files of the run's folder, with the page's values in names and contents."""
    root = context.workspace.directory / step.folder
    files: dict[str, Kept] = {}
    for file in files_of(root, step):
        name = context.placeholders.to_page(file.relative_to(root).as_posix())
        if name in files or PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise unreadable(
                step, context.placeholders.to_page(str(file)), f"its name would be {name}"
            )
        try:
            one = Kept.read(file)
        except OSError as error:
            reason = error.strerror or str(error)
            raise unreadable(step, context.placeholders.to_page(str(file)), reason) from error
        data = context.placeholders.content_to_page(one.data)
        files[name] = Kept(data, one.is_link, one.is_executable)
    return files


def kept_by_project(step: Export) -> Files:
    """Read the files of the project's folder, but for those that are its own."""
    files = {}
    for file in files_of(step.target, step):
        try:
            files[file.relative_to(step.target).as_posix()] = Kept.read(file)
        except OSError as error:
            raise unreadable(step, shown(file), error.strerror or str(error)) from error
    return files


def unreadable(step: Export, name: str, reason: str) -> StepFailed:
    """Return the error for a file that can't be part of an exported folder."""
    advice = "Leave it out with 'without' or 'own' in conf.py's runthrough_exports."
    return StepFailed(Failure(step.place, f"{name} can't be exported: {reason}", advice))


def files_of(root: Path, step: Export) -> Iterator[Path]:
    """Yield the files and links that the run and the project should have in common."""
    for path in below(root, (*step.without, REPOSITORY), step.own):
        if path.is_symlink() or path.is_file():
            yield path


def below(root: Path, without: tuple[str, ...], own: tuple[str, ...] = ()) -> list[Path]:
    """Return the files and folders below a folder, except for those to leave out; links are files.

    `without` has names, at any depth, and `own` has paths from the top; both may have patterns.

    Raises OSError for a folder that can't be read, because its files would be missed.
    """
    if not root.is_dir():
        return []

    def stays(path: Path) -> bool:
        parts = path.relative_to(root).parts
        named = any(fnmatchcase(parts[-1], one) or parts[-1] == one for one in without)
        return not named and not is_own(parts, own)

    def fail(error: OSError) -> None:
        raise error

    found: list[Path] = []
    for folder, folders, names in os.walk(root, onerror=fail):
        here = Path(folder)
        folders[:] = [name for name in folders if stays(here / name)]
        found += (path for name in (*folders, *names) if stays(path := here / name))
    return sorted(found)


def is_own(parts: tuple[str, ...], own: tuple[str, ...]) -> bool:
    """Return whether a path is one of those that are the project's own."""
    return any(
        len(wanted) == len(parts)
        and all(
            fnmatchcase(part, one) or part == one for part, one in zip(parts, wanted, strict=True)
        )
        for wanted in (PurePath(one).parts for one in own)
    )


def same(context: Context, left: Kept, kept: Kept | None) -> bool:
    """Return whether two files differ only in patterns (dates, durations)."""
    if kept is None or left.is_link != kept.is_link:
        return False
    if left.data == kept.data:
        return True
    try:
        texts = left.data.decode("utf-8").split("\n"), kept.data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return False
    in_run, on_disk = map(context.placeholders.normalise, texts)
    return same_lines(on_disk, in_run)


def differs_in_mode(left: Kept, kept: Kept) -> bool:
    """Return whether only one of two files can be executed."""
    return left.is_executable != kept.is_executable


def compare_folders(context: Context, step: Export) -> tuple[Files, Files, list[str], list[str]]:
    """Return what the run leaves, what the project keeps, and names: changed, and surplus.

    Raises StepFailed if the run leaves nothing.
    """
    left, kept = left_by_run(context, step), kept_by_project(step)
    if not left:
        raise StepFailed(
            Failure(
                step.place,
                f"the run leaves no folder {step.folder} to compare {shown(step.target)} with",
                "In conf.py's runthrough_exports, give the folder that the run makes.",
            )
        )
    counts = has_modes(step.target.parent)
    changed = [
        name
        for name, one in left.items()
        if not same(context, one, kept.get(name)) or (counts and differs_in_mode(one, kept[name]))
    ]
    return left, kept, changed, sorted(kept.keys() - left.keys())


def check_export(context: Context, step: Export) -> None:
    """Compare the project's folder, file by file, with what the run leaves.

    Raises StepFailed, with the first difference, if they aren't the same.
    """
    left, kept, changed, surplus = compare_folders(context, step)
    if not changed and not surplus:
        return
    missing = [name for name in changed if name not in kept]
    there = [name for name in changed if name in kept]
    other = [name for name in there if not same(context, left[name], kept[name])]
    modes = [name for name in there if name not in other]
    rows: list[str] = []
    for name in other[:1]:
        a, b = (one[name].data.decode("utf-8", "replace").splitlines() for one in (kept, left))
        rows = [f"--- {shown(step.target / name)}", *difference(context.placeholders, a, b)]
    said = [
        f"{kind}: {', '.join(names)}"
        for kind, names in (
            ("missing", missing),
            ("different", other),
            ("executable", [name for name in modes if kept[name].is_executable]),
            ("not executable", [name for name in modes if left[name].is_executable]),
            ("extra", surplus),
        )
        if names
    ]
    raise StepFailed(
        Failure(
            step.place,
            f"{shown(step.target)} doesn't match what the run leaves in {step.folder} "
            f"({'; '.join(said)})",
            "If the pages are right, write the folder again with '--runthrough-export', not by "
            "hand.",
            difference=tuple(rows),
        )
    )
