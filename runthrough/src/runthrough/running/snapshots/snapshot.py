"""A snapshot: what is left at the end of a page, for other pages to begin with."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import stat
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runthrough.services import Instances
from runthrough.shell import memory
from runthrough.shell.shell import Shell

COMPILED = ".pyc"
"""Python corrects the paths in these, and compiles them again if the source differs."""
EARLIER = 1_000_000_000
"""Nanoseconds by which the time of a changed file differs from that of its original."""

Bound = tuple[tuple[str, str, str], ...]
"""Kind, page's value and run's value of each capture that an output has introduced."""


class SnapshotError(Exception):
    """A snapshot can't be kept or reused."""


@dataclass(frozen=True)
class Snapshot:
    """Files, shell, instances of services and bound values at the end of a page."""

    folder: Path
    """Contains the files in `home`, and the shell's state in `memory`."""
    called: str
    """The path of the home in the files and in the shell's memory."""
    directory: str
    """The folder that the shell was in, below that path."""
    nonce: bytes
    """What the shell's markers hold, and so its prompts."""
    instances: Instances
    bound: Bound
    printed: tuple[str, ...]
    """Every line printed up to here, with the page's values."""
    manifest: Manifest
    memory_digest: str
    ports: tuple[tuple[int, int], ...] = ()
    """Port that the page shows, and the run's, which the files may hold."""

    @property
    def home(self) -> Path:
        """The files of the reader."""
        return self.folder / "home"

    @property
    def memory(self) -> Path:
        """The shell's state, as a script."""
        return self.folder / "memory"

    @property
    def history(self) -> Path:
        """The commands that the shell remembers."""
        return self.folder / "history"

    def is_whole(self) -> bool:
        """Return whether everything is there as it was kept; a disk can lose some."""
        try:
            return (
                manifest(self.home) == self.manifest and digest(self.memory) == self.memory_digest
            )
        except OSError:
            return False

    def renaming(self, home: Path, instances: Instances) -> ByteSubstitution:
        """Return which values differ on a page that continues from here, with copies of
        instances."""
        values = {self.called: str(home)}
        for name in self.instances.keys() & instances.keys():
            new = {one.page: one.run for one in instances[name].placeholders}
            for one in self.instances[name].placeholders:
                if new.get(one.page, one.run) != one.run:
                    values[one.run] = new[one.page]
        return ByteSubstitution(values)

    def copy_to(self, home: Path, instances: Instances) -> Path:
        """Fill a new home with the files; return the shell's memory, which is in it for now."""
        renaming = self.renaming(home, instances)
        copy_tree(self.home, home, renaming)
        return self.memory_in(home, renaming)

    def move_to(self, home: Path, instances: Instances) -> Path:
        """Fill a new home as `copy_to` does, with the files themselves if that makes no difference.

        The snapshot isn't whole any more then.
        """
        renaming = self.renaming(home, instances)
        if is_plain(self.home) and has_moved(self.home, home):
            rename_in(home, renaming)
        else:
            copy_tree(self.home, home, renaming)
        return self.memory_in(home, renaming)

    def memory_in(self, home: Path, renaming: ByteSubstitution) -> Path:
        """Write the shell's memory into a home, where the shell reads and removes it."""
        recalled = home / f".{self.nonce.decode()}"
        recalled.write_bytes(renaming.data(self.memory.read_bytes()))
        past = history_beside(recalled)
        past.write_bytes(renaming.data(self.history.read_bytes()))
        return recalled


def keep(
    folder: Path,
    shell: Shell,
    home: Path,
    instances: Instances,
    bound: Bound,
    printed: Sequence[str],
    ports: tuple[tuple[int, int], ...] = (),
    *,
    copy: bool = False,
) -> Snapshot:
    """Keep what a page leaves in a `folder`, and end its shell.

    The files are moved there, or copied if the originals have to stay. Nothing may be running any
    more.

    Raises SnapshotError if the shell can't be asked, or the files can't be moved.
    """
    remember(shell, folder)
    directory = shell.directory
    kept = folder / "home"
    if copy:
        copy_tree(home, kept, ByteSubstitution({}))
    else:
        move(home, kept)
    shell.end()
    return Snapshot(
        *(folder, str(home), directory, shell.terminal.nonce, instances, bound, tuple(printed)),
        manifest=manifest(kept),
        memory_digest=digest(folder / "memory"),
        ports=ports,
    )


def digest(file: Path) -> str:
    """Return a digest of some content."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def remember(shell: Shell, folder: Path) -> None:
    """Serialise the shell's state."""
    script = folder / "writer"
    script.write_text(memory.writer(folder / "history"), encoding="utf-8")
    (folder / "history").touch()
    ran = shell.run_unseen(memory.to_write(script, folder / "memory"))
    script.unlink()
    if ran.ended != "done" or not (folder / "memory").exists():
        raise SnapshotError("bash can't be asked for its state at the end of the page")


def history_beside(recalled: Path) -> Path:
    """Name the file with a shell's history that goes with its memory."""
    return recalled.with_name(f"{recalled.name}-history")


def recall(shell: Shell, recalled: Path, directory: str) -> None:
    """Let a new shell go on from where another one stopped, in a folder."""
    past = history_beside(recalled)
    ran = shell.run_unseen(memory.to_recall(recalled, past))
    recalled.unlink()
    past.unlink()
    if ran.ended != "done" or shell.directory != directory:
        said = ran.output.decode("utf-8", "replace").strip()
        raise SnapshotError(f"bash doesn't go on from where the earlier page stopped: {said}")


class ByteSubstitution:
    """Puts new values where bytes hold old ones, all in one pass."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = {os.fsencode(old): os.fsencode(new) for old, new in values.items()}
        longest_first = sorted(self.values, key=len, reverse=True)
        self.pattern = re.compile(b"|".join(map(re.escape, longest_first)) or rb"(?!)")

    def data(self, data: bytes) -> bytes:
        """Rename in bytes."""
        if not self.is_in(data):
            return data
        return self.pattern.sub(lambda match: self.values[match.group()], data)

    def is_in(self, data: bytes) -> bool:
        """Return whether there's anything to rename; much quicker than the pattern."""
        return any(old in data for old in self.values)

    def text(self, text: str) -> str:
        """Rename in a text, such as the target of a link."""
        return os.fsdecode(self.data(os.fsencode(text)))


def copy_tree(source: Path, target: Path, renaming: ByteSubstitution) -> None:
    """Copy `source` to `target`, with the values renamed.

    Names of files are not renamed. Every file is copied: with a hard link, a page that writes to a
    file in place would change it for all other pages.
    """
    target.mkdir(parents=True, exist_ok=True)
    with os.scandir(source) as entries:
        for entry in entries:
            copy = f"{target}/{entry.name}"
            if entry.is_symlink():
                Path(copy).symlink_to(renaming.text(str(Path(entry.path).readlink())))
            elif entry.is_dir():
                copy_tree(Path(entry.path), Path(copy), renaming)
            elif entry.is_file():
                copy_file(entry.path, copy, renaming)
            elif stat.S_ISFIFO(entry.stat().st_mode):
                os.mkfifo(copy, stat.S_IMODE(entry.stat().st_mode))
    shutil.copystat(source, target)


def copy_file(source: str, target: str, renaming: ByteSubstitution) -> None:
    """Copy one file, with new values in place of old ones."""
    data = Path(source).read_bytes()
    renamed = data if source.endswith(COMPILED) else renaming.data(data)
    Path(target).write_bytes(renamed)
    shutil.copystat(source, target)
    if renamed != data:
        # Python takes a file of the same size and time for the one that it compiled before. An
        # earlier time is one that no later edit can have.
        status = Path(source).stat()
        os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns - EARLIER))


def is_plain(folder: Path) -> bool:
    """Return whether a copy differs from a folder only in its files' identity.

    A copy lacks sockets, belongs to this user, and has separate files where one file had several
    names. It can't be made of what this user may not read.
    """
    ours = folder.lstat().st_dev, os.geteuid(), os.getegid()

    def is_copied(status: os.stat_result) -> bool:
        if (status.st_dev, status.st_uid, status.st_gid) != ours:
            return False
        if stat.S_ISDIR(status.st_mode):
            return status.st_mode & stat.S_IRWXU == stat.S_IRWXU
        if stat.S_ISREG(status.st_mode):
            return status.st_nlink == 1 and bool(status.st_mode & stat.S_IRUSR)
        return stat.S_ISLNK(status.st_mode) or stat.S_ISFIFO(status.st_mode)

    return is_copied(folder.lstat()) and all(is_copied(one) for _, one in all_below(folder))


def move(source: Path, target: Path) -> None:
    """Move a folder, also to another file system, with all that `mv` can take along.

    Raises SnapshotError if something in it can't be moved.
    """
    if has_moved(source, target):
        return
    moved = subprocess.run(
        ["mv", "--", source, target],
        env={**os.environ, "LC_ALL": "C"},
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if moved.returncode:
        first = moved.stderr.partition("\n")[0]  # the paths in it are none of a page's
        raise SnapshotError(first.rpartition(": ")[2] or f"mv exits with {moved.returncode}")


def has_moved(source: Path, target: Path) -> bool:
    """Move a folder where there's none or an empty one; False between file systems."""
    try:
        source.rename(target)
    except OSError:
        return False
    return True


def rename_in(folder: Path, renaming: ByteSubstitution) -> None:
    """Rename in all files and links of a folder, as `copy_tree` does in a copy."""
    before = folder.stat()
    for path in list(folder.iterdir()):
        if path.is_symlink():
            target = str(path.readlink())
            if renaming.text(target) != target:
                path.unlink()
                path.symlink_to(renaming.text(target))
        elif path.is_dir():
            rename_in(path, renaming)
        elif path.is_file() and path.suffix != COMPILED and renaming.is_in(path.read_bytes()):
            new = folder / f".{secrets.token_hex(16)}"
            copy_file(str(path), str(new), renaming)
            new.replace(path)
    os.utime(folder, ns=(before.st_atime_ns, before.st_mtime_ns))


Manifest = Mapping[str, tuple[int, int, int]]
"""Mode, size in bytes and time in nanoseconds of each file, by its path below a folder."""


def manifest(root: Path) -> Manifest:
    """Record the files below a folder, to notice one that is changed or lost."""
    return {
        name: (status.st_mode, status.st_size, status.st_mtime_ns)
        for name, status in all_below(root)
        if not stat.S_ISDIR(status.st_mode)
    }


def all_below(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield all by its path below a folder, with what the file system says of it."""
    folders = [""]
    while folders:
        above = folders.pop()
        try:
            with os.scandir(f"{root}/{above}") as found:
                entries = list(found)
        except PermissionError:
            continue
        for entry in entries:
            name, status = f"{above}{entry.name}", entry.stat(follow_symlinks=False)
            yield name, status
            if stat.S_ISDIR(status.st_mode):
                folders.append(f"{name}/")
