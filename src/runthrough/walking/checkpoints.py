"""Pack the reader's files, as they are at the end of a page, for others to begin with."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from runthrough.converting import Checkpoint
from runthrough.matching.story import Story
from runthrough.walking.exports import below

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive: the same files make the same archive."""


def write(archive: Path, checkpoint: Checkpoint, directory: Path, story: Story) -> None:
    """Pack a folder below the `directory`, with the page's values, where it is there by now.

    Environments and what can be made anew are left out. The archive is replaced as a whole.
    """
    root = directory / checkpoint.folder
    if not root.is_dir():
        return
    files = {
        story.to_page(path.relative_to(directory).as_posix()): path
        for path in found(root, checkpoint.without)
    }
    archive.parent.mkdir(parents=True, exist_ok=True)
    unfinished = archive.with_name(f"{archive.name}.{os.getpid()}")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, file in sorted(files.items()):
            info = zipfile.ZipInfo(f"{name}/" if file.is_dir() else name, EPOCH)
            info.external_attr = file.stat().st_mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            content = b"" if file.is_dir() else story.content_to_page(file.read_bytes())
            packed.writestr(info, content)
    unfinished.replace(archive)


def found(root: Path, without: tuple[str, ...]) -> Iterator[Path]:
    """Yield every file below a folder, and every folder that holds none."""
    for path in below(root, without):
        if path.is_file() or (path.is_dir() and not any(path.iterdir())):
            yield path
