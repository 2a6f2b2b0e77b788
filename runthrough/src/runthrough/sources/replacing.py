"""Put a file in the place of another, whole or not at all, and never over what a person wrote.

A crash, or a disk that's full, leaves the old file or the new one. Nothing is written through a
link: a symbolic link is refused, and of a file with several names only the one asked for changes.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class ChangedError(Exception):
    """A file isn't what it was when it was read."""


def replace(file: Path, data: bytes, expected: bytes, *, executable: bool | None = None) -> None:
    """Give a file new content; it keeps its owner, and its permissions unless it's said otherwise.

    Raises ChangedError if its content isn't what is expected, OSError if it can't be written.
    """
    status = file.lstat()
    with written(file.parent, data, like=status) as new:
        mode = stat.S_IMODE(status.st_mode)
        if executable is not None and executable != bool(mode & stat.S_IXUSR):
            # Anyone who may read it may also run it, as with chmod +x and the usual umask.
            new.chmod(mode | (mode & 0o444) >> 2 if executable else mode & ~0o111)
        check(file, expected)
        new.replace(file)


def create(file: Path, data: bytes, *, executable: bool = False) -> None:
    """Make a file; raises ChangedError if something with this name exists by now."""
    with written(file.parent, data, mode=0o777 if executable else 0o666) as new:
        try:
            os.link(new, file)
        except FileExistsError as error:
            raise ChangedError("something with this name exists by now") from error
        except OSError:  # a file system without hard links
            if os.path.lexists(file):
                raise ChangedError("something with this name exists by now") from None
            new.rename(file)


def remove(file: Path, expected: bytes) -> None:
    """Remove a file; raises ChangedError if its content isn't what is expected."""
    check(file, expected)
    file.unlink()


def check(file: Path, expected: bytes) -> None:
    """Raise ChangedError if a file isn't a regular one with the expected content."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise ChangedError("it has been removed in the meantime") from error
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ChangedError("it isn't a regular file")
        if stream.read(len(expected) + 1) != expected:
            raise ChangedError("it has been changed in the meantime")


@contextmanager
def written(
    folder: Path, data: bytes, mode: int = 0o600, like: os.stat_result | None = None
) -> Iterator[Path]:
    """Yield a new file with the data, safe on the disk; it's removed unless it was moved.

    Where the system can, the file has no name until it's complete, so that even a crash leaves
    nothing of it.
    """
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    new = f".{secrets.token_hex(8)}.new"
    try:
        try:
            write_unnamed(directory, new, data, mode, like)
        except OSError:  # a system, or a file system, without nameless files
            write_named(directory, new, data, mode, like)
        yield folder / new
        with suppress(OSError):
            os.fsync(directory)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(new, dir_fd=directory)
        os.close(directory)


def write_unnamed(
    directory: int, name: str, data: bytes, mode: int, like: os.stat_result | None
) -> None:
    """Write a file, and name it when it's complete."""
    flags = os.O_WRONLY | getattr(os, "O_TMPFILE", os.O_CREAT | os.O_EXCL)  # fails elsewhere
    descriptor = os.open(".", flags, mode, dir_fd=directory)
    with fill(descriptor, data, like):
        source = f"/proc/self/fd/{descriptor}"
        os.link(source, name, dst_dir_fd=directory, follow_symlinks=True)


def write_named(
    directory: int, name: str, data: bytes, mode: int, like: os.stat_result | None
) -> None:
    """Write a file under its name."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with fill(os.open(name, flags, mode, dir_fd=directory), data, like):
        pass


@contextmanager
def fill(descriptor: int, data: bytes, like: os.stat_result | None) -> Iterator[None]:
    """Write data to an open file, safe on the disk; it's open until the caller is done."""
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        if like is not None:
            keep_owner(descriptor, like)
        os.fsync(descriptor)
        yield


def keep_owner(descriptor: int, like: os.stat_result) -> None:
    """Give an open file the owner and the permissions of another; raises OSError if it may not."""
    mine = os.fstat(descriptor)
    if (mine.st_uid, mine.st_gid) != (like.st_uid, like.st_gid):
        try:
            os.fchown(descriptor, like.st_uid, like.st_gid)
        except PermissionError as error:
            raise PermissionError("it belongs to another user or group") from error
    os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
