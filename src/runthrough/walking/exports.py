"""Hold a folder of the project against what a walk leaves, or write it anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from runthrough.matching.alignment import difference
from runthrough.outcomes import Failure, StepFailed
from runthrough.places import shown
from runthrough.steps import Export
from runthrough.walking.stage import Stage


def left_by_walk(stage: Stage, step: Export) -> dict[str, bytes]:
    """Read the files of the walk's folder, with the page's values in names and contents."""
    root = stage.workspace.directory / step.folder
    files = {}
    for file in walk_files(root, step.without):
        name = stage.story.to_page(file.relative_to(root).as_posix())
        files[name] = stage.story.content_to_page(file.read_bytes())
    return files


def kept_by_project(step: Export) -> dict[str, bytes]:
    """Read the files of the project's folder, but for those that are its own."""
    return {
        file.relative_to(step.target).as_posix(): file.read_bytes()
        for file in walk_files(step.target, step.without)
        if file.relative_to(step.target).parts[0] not in step.own
    }


def walk_files(root: Path, without: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files below a folder, but for the names to leave out."""
    yield from (path for path in below(root, without) if path.is_file())


def below(root: Path, without: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files and folders below a folder, but for the names to leave out."""
    for path in sorted(root.rglob("*")) if root.is_dir() else ():
        if not set(path.relative_to(root).parts) & set(without):
            yield path


def same(stage: Stage, left: bytes, kept: bytes) -> bool:
    """Tell whether two files differ in nothing but shapes (dates, durations)."""
    if left == kept:
        return True
    try:
        texts = left.decode("utf-8").split("\n"), kept.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return False
    return stage.story.mask(texts[0]) == stage.story.mask(texts[1])


def perform_export(stage: Stage, step: Export, *, write: bool) -> None:
    """Compare the project's folder, file by file, with what the walk leaves; or write it.

    Raises StepFailed, at the file's first differing line, where they are not the same.
    """
    left, kept = left_by_walk(stage, step), kept_by_project(step)
    if not left:
        raise StepFailed(
            Failure(
                step.place,
                f"the walk leaves no folder {step.folder} to compare {shown(step.target)} with",
                "Name the folder that the walk makes in conf.py's runthrough_exports.",
            )
        )
    changed = [name for name, data in left.items() if not same(stage, data, kept.get(name, b"\0"))]
    surplus = sorted(kept.keys() - left.keys())
    if write:
        write_anew(step, {name: left[name] for name in changed}, surplus)
        for name in (*changed, *surplus):
            stage.show(f"written {shown(step.target / name)}")
    elif changed or surplus:
        raise StepFailed(differs(step, left, kept, changed, surplus))


def write_anew(step: Export, changed: dict[str, bytes], surplus: list[str]) -> None:
    """Write the files that differ and remove those that the walk does not leave."""
    for name, data in changed.items():
        target = step.target / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    for name in surplus:
        (step.target / name).unlink()
    for folder in sorted(step.target.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def differs(
    step: Export,
    left: dict[str, bytes],
    kept: dict[str, bytes],
    changed: list[str],
    surplus: list[str],
) -> Failure:
    """Say which files differ, and show the first difference."""
    missing = [name for name in changed if name not in kept]
    other = [name for name in changed if name in kept]
    rows: list[str] = []
    for name in other[:1]:
        a, b = (data.decode("utf-8", "replace").splitlines() for data in (kept[name], left[name]))
        rows = [f"--- {shown(step.target / name)}", *difference(a, b)]
    said = [
        f"{kind}: {', '.join(names)}"
        for kind, names in (("not there", missing), ("different", other), ("too many", surplus))
        if names
    ]
    return Failure(
        step.place,
        f"{shown(step.target)} is not what the walk leaves in {step.folder} ({'; '.join(said)})",
        "If the pages are right, write the folder anew with '--export'; never by hand.",
        difference=tuple(rows),
    )
