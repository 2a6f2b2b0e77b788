"""Pack the reader's files, as they are at the end of a page, for other readers to start from."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from runthrough.matching.placeholders import Placeholders
from runthrough.model.converting import Checkpoint
from runthrough.running.exports import Kept, below
from runthrough.running.workspace import WorkspaceError

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive: the same files make the same archive."""


def write(
    archive: Path, checkpoint: Checkpoint, directory: Path, placeholders: Placeholders
) -> None:
    """Pack a folder below the `directory`, with the page's values, where it is there by now.

    Environments and what can be made again are left out. A link is packed as a link: what it
    leads to may be outside of the run. The archive is replaced as a whole.

    Raises WorkspaceError if a file can't be packed.
    """
    root = directory / checkpoint.folder
    if root.is_symlink() or not root.resolve().is_relative_to(directory.resolve()):
        raise WorkspaceError(
            f"{checkpoint.folder} can't be packed: it's reached through a symbolic link"
        )
    if not root.is_dir():
        return
    files = {
        placeholders.to_page(path.relative_to(directory).as_posix()): path
        for path in found(root, checkpoint.without)
    }
    archive.parent.mkdir(parents=True, exist_ok=True)
    unfinished = archive.with_name(f"{archive.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, file in sorted(files.items()):
                add(packed, name, file, placeholders)
        unfinished.replace(archive)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()


def add(packed: zipfile.ZipFile, name: str, file: Path, placeholders: Placeholders) -> None:
    """Add a file, a link or an empty folder to an archive."""
    mode = file.lstat().st_mode
    info = zipfile.ZipInfo(f"{name}/" if stat.S_ISDIR(mode) else name, EPOCH)
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    try:
        data = b"" if stat.S_ISDIR(mode) else Kept.read(file).data
        packed.writestr(info, placeholders.content_to_page(data))
    except (OSError, UnicodeEncodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise WorkspaceError(f"{name} can't be packed: {reason}") from error


def found(root: Path, without: tuple[str, ...]) -> Iterator[Path]:
    """Yield every file and link below a folder, and every empty folder."""
    for path in below(root, without):
        is_empty = path.is_dir() and not path.is_symlink() and not any(path.iterdir())
        if path.is_symlink() or path.is_file() or is_empty:
            yield path
