"""Write a folder of the project as a run leaves it, without touching what git has no copy of."""

from __future__ import annotations

import os
import posixpath
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from runthrough.model.places import shown
from runthrough.model.report import counted
from runthrough.model.results import Failure, StepFailed
from runthrough.model.steps import Export
from runthrough.running.context import Context
from runthrough.running.exports import Files, Kept, check_export, compare_folders
from runthrough.sources.git import Git
from runthrough.sources.replacing import ChangedError, create, remove, replace

OUTSIDE_GIT = "--runthrough-export-outside-git"
"""The option that lets files be replaced and removed that aren't in a git repository."""
NAMED = 5
"""The most files that a failure lists; the end of the run lists all of them."""


class LeftAloneError(Exception):
    """A file stays as it is; the message says why."""


@dataclass
class Exporter:
    """Writes one folder, and notes what was done with each file that differs."""

    step: Export
    outside_git: bool
    """Whether files may be replaced and removed that aren't in a git repository."""
    git: Git = field(default_factory=Git)
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left_alone: dict[str, str] = field(default_factory=dict)
    """Why, by name."""

    def export(self, left: Files, kept: Files, changed: list[str], surplus: list[str]) -> None:
        """Remove what the run doesn't leave, and write what differs, if nothing is lost.

        What goes comes first: a file may be where a folder belongs, or the other way round.
        """
        for name in surplus:
            self.attempt(name, kept[name], None)
        for name in changed:
            self.attempt(name, kept.get(name), left[name])

    def attempt(self, name: str, old: Kept | None, new: Kept | None) -> None:
        """Change one file to what it has to be, or note why it stays as it is."""
        file = self.step.target / name
        try:
            self.check_path(name)
            if old is None and new is not None:
                self.make(file, name, new)
            elif old is not None:
                self.check(file, old)
                if new is None:
                    remove(file, old.data)
                elif new.is_link:
                    raise LeftAloneError("the run leaves a symbolic link here, but this is a file")
                else:
                    replace(file, new.data, old.data, executable=new.is_executable)
        except (LeftAloneError, ChangedError) as error:
            self.left_alone[name] = str(error)
        except OSError as error:
            self.left_alone[name] = f"it can't be written: {error.strerror or error}"
        else:
            (self.written if new is not None else self.removed).append(name)
            if new is None:
                self.remove_empty(file.parent)

    def check_path(self, name: str) -> None:
        """Raise LeftAloneError if a link or a file is on the way to a file of the target."""
        if self.step.target.resolve() != self.step.target:
            raise LeftAloneError("the folder is a symbolic link, or it's reached through one")
        for parent in PurePosixPath(name).parents:
            folder = self.step.target / parent
            if folder.is_symlink():
                raise LeftAloneError(f"{shown(folder)} is a symbolic link")
            if os.path.lexists(folder) and not folder.is_dir():
                raise LeftAloneError(f"{shown(folder)} is a file, but the run leaves a folder")

    def check(self, file: Path, old: Kept) -> None:
        """Raise LeftAloneError if a file couldn't be restored as it is."""
        if old.is_link:
            raise LeftAloneError("it's a symbolic link")
        obstacle = self.git.obstacle(file)
        if obstacle is None or (obstacle.is_outside and self.outside_git):
            return
        advice = f"{obstacle.advice}, or remove the file yourself"
        if obstacle.is_outside:
            advice = f"{advice}, or use '{OUTSIDE_GIT}'"
        raise LeftAloneError(f"{obstacle.what}. {advice}")

    def make(self, file: Path, name: str, new: Kept) -> None:
        """Make a file that isn't there yet, and the folders on the way."""
        if os.path.lexists(file):
            what = "a folder" if file.is_dir() and not file.is_symlink() else "something else"
            raise LeftAloneError(f"{what} with this name already exists")
        if new.is_link:
            target = os.fsdecode(new.data)
            end = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
            if target.startswith("/") or end.split("/")[0] == "..":
                raise LeftAloneError(
                    f"the run leaves a link here that points outside of its folder: {target}"
                )
        file.parent.mkdir(parents=True, exist_ok=True)
        if new.is_link:
            file.symlink_to(os.fsdecode(new.data))
        else:
            create(file, new.data, executable=new.is_executable)

    def remove_empty(self, folder: Path) -> None:
        """Remove the folders that the last file has left empty; those that were empty stay."""
        with suppress(OSError):
            while folder != self.step.target:
                folder.rmdir()
                folder = folder.parent


def run_export(context: Context, step: Export) -> None:
    """Compare the project's folder with what the run leaves, or write it again if asked to."""
    if context.export:
        write_export(context, step)
    else:
        check_export(context, step)


def write_export(context: Context, step: Export) -> None:
    """Write the project's folder as the run leaves it, and say what was done.

    Raises StepFailed if something was left as it is that the run leaves otherwise.
    """
    left, kept, changed, surplus = compare_folders(context, step)
    exporter = Exporter(step, context.export_outside_git)
    exporter.export(left, kept, changed, surplus)
    target = shown(step.target)
    for name in (*exporter.written, *exporter.removed):
        context.show(f"written {shown(step.target / name)}")
    if exporter.written or exporter.removed:
        written, removed = counted(len(exporter.written), "files"), len(exporter.removed)
        context.remarks.append(f"exported {target}: {written} written, {removed} removed")
    context.remarks += (f"removed {shown(step.target / name)}" for name in exporter.removed)
    alone = [
        f"{shown(step.target / name)}: {reason}" for name, reason in exporter.left_alone.items()
    ]
    context.remarks += (f"left as it is: {one}" for one in alone)
    if alone:
        more = f"; and {len(alone) - NAMED} more" if len(alone) > NAMED else ""
        raise StepFailed(
            Failure(
                step.place,
                f"{target} doesn't match what the run leaves in {step.folder}, and "
                f"{counted(len(alone), 'files')} couldn't be exported without a loss: "
                f"{'; '.join(alone[:NAMED])}{more}",
                "Only files that git has a copy of are replaced or removed. Do what it says for "
                "each file, and export again.",
            )
        )
