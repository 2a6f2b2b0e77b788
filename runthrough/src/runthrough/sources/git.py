"""Ask git whether it has a copy of a file as it is, before the file is replaced or removed."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LOCAL = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE"),
    *("GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE", "GIT_LITERAL_PATHSPECS"),
    *("GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_TRACE"),
)
"""Variables that a hook of git sets: we ask about a file, not about that repository."""
OUTSIDE = "not a git repository"
LINK = "120000"
EXECUTABLE = "100755"
SHA1 = 40
"""Digits of an object's name; a repository with longer ones uses SHA-256."""

Entry = tuple[str, str]
"""Mode and object name of a file, as git writes them."""


class GitError(Exception):
    """Git can't be asked, or doesn't answer; the message says why."""


class OutsideError(GitError):
    """There's no git repository around a file."""


@dataclass(frozen=True)
class Obstacle:
    """Why git couldn't restore a file as it is, and what a person can do about it."""

    what: str
    advice: str
    is_outside: bool = False
    """Whether there's no git repository at all."""


@dataclass
class Git:
    """Asks git about files; which work tree a folder belongs to is asked once."""

    tops: dict[Path, Path] = field(default_factory=dict)

    def obstacle(self, file: Path) -> Obstacle | None:
        """Return why git couldn't restore a file as it is; None if it could.

        It can if the file in the work tree, the one in the index and the one of the last commit are
        the same. What `git status` says isn't enough: it skips ignored files, and files that the
        index says to skip.
        """
        place = file.parent.resolve() / file.name
        try:
            top = self.top(place.parent)
            name = place.relative_to(top).as_posix()
            committed = head_entry(top, name)
            staged = index_entries(top, name)
            if committed is None and not staged:
                return untracked(top, name)
            if [committed] == staged and committed and is_same(top, place, committed):
                return None
        except OutsideError as error:
            return Obstacle(str(error), "Put it into one and commit it", is_outside=True)
        except (GitError, OSError, ValueError) as error:
            return Obstacle(f"git can't say whether it's committed: {error}", "Fix that")
        return Obstacle("it has uncommitted changes", "Commit them")

    def top(self, folder: Path) -> Path:
        """Return the top of the work tree that a folder belongs to."""
        if folder not in self.tops:
            said = ask(folder, "rev-parse", "--show-toplevel")
            self.tops[folder] = Path(os.fsdecode(said.removesuffix(b"\n"))).resolve()
        return self.tops[folder]


def untracked(top: Path, name: str) -> Obstacle:
    """Return the obstacle for a file that git doesn't have at all."""
    asked = run(top, "--no-literal-pathspecs", "check-ignore", "-q", "--", f"./{name}")
    if asked.returncode == 0:
        return Obstacle("git ignores it, so git has no copy", "Commit it with 'git add -f'")
    return Obstacle("git doesn't track it", "Commit it")


def head_entry(top: Path, name: str) -> Entry | None:
    """Return what the last commit has under a name; None if there's no such file."""
    if run(top, "rev-parse", "--quiet", "--verify", "HEAD^{commit}").returncode:
        return None
    for row in ask(top, "ls-tree", "-z", "--full-tree", "HEAD", "--", name).split(b"\0")[:-1]:
        about, _, found = row.partition(b"\t")
        mode, _, id_ = about.decode().split(" ")
        if os.fsdecode(found) == name:
            return mode, id_
    return None


def index_entries(top: Path, name: str) -> list[Entry | None]:
    """Return what the index has under a name; a conflict has more than one entry, or none."""
    entries: list[Entry | None] = []
    for row in ask(top, "ls-files", "-z", "--stage", "--", name).split(b"\0")[:-1]:
        about, _, found = row.partition(b"\t")
        mode, id_, stage = about.decode().split(" ")
        if os.fsdecode(found) == name:
            entries.append((mode, id_) if stage == "0" else None)
    return entries


def is_same(top: Path, file: Path, entry: Entry) -> bool:
    """Return whether a file is what git has, or would check out."""
    mode, id_ = entry
    status = file.lstat()
    if stat.S_ISLNK(status.st_mode):
        return mode == LINK and blob(os.fsencode(file.readlink()), id_) == id_
    if not stat.S_ISREG(status.st_mode) or mode == LINK:
        return False
    executable = bool(status.st_mode & stat.S_IXUSR)
    if executable != (mode == EXECUTABLE) and has_modes(top):
        return False
    data = file.read_bytes()
    if id_ in (blob(data, id_), blob(data.replace(b"\r\n", b"\n"), id_)):
        return True
    checked_out = run(top, "cat-file", "--filters", f"HEAD:{file.relative_to(top).as_posix()}")
    return not checked_out.returncode and checked_out.stdout == data


def has_modes(folder: Path) -> bool:
    """Return whether git looks at the execute bit in the work tree of a folder, if it's in one."""
    try:
        return run(folder, "config", "--type=bool", "core.fileMode").stdout.strip() != b"false"
    except (GitError, OSError):
        return True


def blob(data: bytes, like: str) -> str:
    """Return the name that git gives to this content, made like another name."""
    digest = hashlib.sha1 if len(like) == SHA1 else hashlib.sha256
    return digest(b"blob %d\0" % len(data) + data).hexdigest()


def ignored(folder: Path, name: str) -> frozenset[Path]:
    """Return the files and folders at or below a path that git ignores and has no copy of.

    None of them where git can't be asked: a clean checkout has no such files.
    """
    asked = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
    try:
        said = ask(folder, *asked, "--", name)
    except (GitError, OSError):
        return frozenset()
    return frozenset(folder / os.fsdecode(one) for one in said.split(b"\0")[:-1])


def ask(folder: Path, *arguments: str) -> bytes:
    """Return what git prints; raises GitError if it fails."""
    done = run(folder, *arguments)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        if OUTSIDE in said:
            raise OutsideError("it isn't in a git repository")
        raise GitError(said.split("\n")[0] or f"git ended with status {done.returncode}")
    return done.stdout


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder; raises GitError if there's none."""
    if shutil.which("git") is None:
        if any((one / ".git").exists() for one in (folder, *folder.parents)):
            raise GitError("it's in a git repository, but git isn't installed")
        raise OutsideError("it isn't in a git repository")
    command = ("git", "--no-optional-locks", "-c", "core.fsmonitor=false", "--literal-pathspecs")
    return subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env=environment(os.environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def environment(caller: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for git: that of the caller, but for what names a repository."""
    kept = {name: value for name, value in caller.items() if name not in LOCAL}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
