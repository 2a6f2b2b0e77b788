"""A snapshot: what is left at the end of a page, for other pages to begin with."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runthrough.services import Instances
from runthrough.shell import memory
from runthrough.shell.shell import Shell

LINKED = "site-packages"
"""What is below such a folder is replaced by its installer and never changed in place."""
COMPILED = ".pyc"
"""Python corrects the paths in these, and compiles them again if the source differs."""
EARLIER = 1_000_000_000
"""Nanoseconds by which the time of a changed file differs from that of its original."""

Bound = tuple[tuple[str, str, str], ...]
"""Kind, page's value and run's value of each capture that an output has introduced."""


class SnapshotError(Exception):
    """A snapshot cannot be kept or reused."""


@dataclass(frozen=True)
class Snapshot:
    """Files, shell, instances of services and bound values at the end of a page."""

    folder: Path
    """Holds the files in `home`, and what the shell knows in `memory`."""
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
        """What the shell knows, as a script."""
        return self.folder / "memory"

    @property
    def history(self) -> Path:
        """The commands that the shell remembers."""
        return self.folder / "history"

    def is_whole(self) -> bool:
        """Return whether everything is there as it was kept.

        A file can be linked to a reader's home, and changed there; a disk can lose some.
        """
        try:
            return (
                manifest(self.home) == self.manifest and digest(self.memory) == self.memory_digest
            )
        except OSError:
            return False

    def renaming(self, home: Path, instances: Instances) -> ByteSubstitution:
        """Say what has another value where a page goes on from here, with copies of instances."""
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

    The files are moved there, or copied where they are to stay where they are as well. Nothing
    may be running any more.

    Raises SnapshotError where the shell cannot be asked.
    """
    remember(shell, folder)
    directory = shell.directory
    kept = folder / "home"
    if copy:
        copy_tree(home, kept, ByteSubstitution({}), link=False)
    else:
        shutil.move(home, kept)
    shell.end()
    return Snapshot(
        *(folder, str(home), directory, shell.terminal.nonce, instances, bound, tuple(printed)),
        manifest=manifest(kept),
        memory_digest=digest(folder / "memory"),
        ports=ports,
    )


def digest(file: Path) -> str:
    """Return what no other content has."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def remember(shell: Shell, folder: Path) -> None:
    """Write down what the shell knows."""
    script = folder / "writer"
    script.write_text(memory.writer(folder / "history"), encoding="utf-8")
    (folder / "history").touch()
    ran = shell.run_unseen(memory.to_write(script, folder / "memory"))
    script.unlink()
    if ran.ended != "done" or not (folder / "memory").exists():
        raise SnapshotError("bash does not tell what it knows at the end of the page")


def history_beside(recalled: Path) -> Path:
    """Name the file with a shell's history that goes with its memory."""
    return recalled.with_name(f"{recalled.name}-history")


def recall(shell: Shell, recalled: Path, directory: str) -> None:
    """Let a new shell go on where another has stopped, in a folder."""
    past = history_beside(recalled)
    ran = shell.run_unseen(memory.to_recall(recalled, past))
    recalled.unlink()
    past.unlink()
    if ran.ended != "done" or shell.directory != directory:
        said = ran.output.decode("utf-8", "replace").strip()
        raise SnapshotError(f"bash does not go on where the page before has stopped: {said}")


class ByteSubstitution:
    """Puts new values where bytes hold old ones, all in one pass."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = {os.fsencode(old): os.fsencode(new) for old, new in values.items()}
        longest_first = sorted(self.values, key=len, reverse=True)
        self.pattern = re.compile(b"|".join(map(re.escape, longest_first)) or rb"(?!)")

    def data(self, data: bytes) -> bytes:
        """Rename in bytes."""
        return self.pattern.sub(lambda match: self.values[match.group()], data)

    def text(self, text: str) -> str:
        """Rename in a text, such as the target of a link."""
        return os.fsdecode(self.data(os.fsencode(text)))


def copy_tree(source: Path, target: Path, renaming: ByteSubstitution, *, link: bool = True) -> None:
    """Make `target` what `source` is, but for the values to rename.

    Names of files are not renamed. Files that nobody changes in place are linked, where `link`
    allows it and both folders are on one file system.
    """
    target.mkdir(parents=True, exist_ok=True)
    linked = link and LINKED in source.parts
    with os.scandir(source) as entries:
        for entry in entries:
            copy = target / entry.name
            if entry.is_symlink():
                copy.symlink_to(renaming.text(str(Path(entry.path).readlink())))
            elif entry.is_dir():
                copy_tree(Path(entry.path), copy, renaming, link=link)
            elif entry.is_file():
                copy_file(Path(entry.path), copy, renaming, linked=linked)
            elif stat.S_ISFIFO(entry.stat().st_mode):
                os.mkfifo(copy, stat.S_IMODE(entry.stat().st_mode))
    shutil.copystat(source, target)


def copy_file(source: Path, target: Path, renaming: ByteSubstitution, *, linked: bool) -> None:
    """Copy one file; link it instead where it may be and holds nothing to rename."""
    data = b"" if source.suffix == COMPILED else source.read_bytes()
    if not renaming.pattern.search(data):
        if not linked or not has_linked(source, target):
            shutil.copy2(source, target)
        return
    target.write_bytes(renaming.data(data))
    shutil.copystat(source, target)
    # Python takes a file of the same size and time for the one that it compiled before. An
    # earlier time is one that no later edit can have.
    status = source.stat()
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns - EARLIER))


def has_linked(source: Path, target: Path) -> bool:
    """Link a file; False where the two are on different file systems, or it may not be linked."""
    try:
        target.hardlink_to(source)
    except OSError:
        return False
    return True


Manifest = Mapping[str, tuple[int, int, int]]
"""Mode, size in bytes and time in nanoseconds of each file, by its path below a folder."""


def manifest(root: Path) -> Manifest:
    """Write down what the files below a folder are, to notice one that is changed or lost."""
    status = ((path, path.lstat()) for path in files_below(root))
    return {
        str(path.relative_to(root)): (one.st_mode, one.st_size, one.st_mtime_ns)
        for path, one in status
    }


def files_below(root: Path) -> Iterator[Path]:
    """Yield the path of each file and link."""
    for folder, folders, names in os.walk(root):
        links = (name for name in folders if Path(folder, name).is_symlink())
        yield from (Path(folder, name) for name in (*names, *links))
