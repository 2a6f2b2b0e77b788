"""The home and the folder that a run starts with, and the environment of its shell."""

from __future__ import annotations

import os
import posixpath
import random
import shutil
import string
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from runthrough.model.contents import COMPILED
from runthrough.model.places import shown
from runthrough.running.snapshots.outside import SYSTEM_PATH
from runthrough.sources.git import ignored

FEWEST = 6
"""Characters of a home's name, at the least, so that two runs hardly meet."""
TAKEN_OVER = (
    *("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("PIP_CERT", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_TRUSTED_HOST"),
    *("PIP_CONFIG_FILE", "PIP_DEFAULT_TIMEOUT", "PIP_CACHE_DIR", "UV_INDEX_URL"),
)
"""Variables without which nothing can be fetched on some machines."""


class WorkspaceError(Exception):
    """A workspace can't be created, or a path leads out of it."""


@dataclass(frozen=True)
class Workspace:
    """Where a run happens, and what the pages call it."""

    home: Path
    directory: Path
    page_home: str
    page_directory: str

    @property
    def tools(self) -> Path:
        """The folder in which the run's `python3` is found first."""
        return self.home / ".local" / "bin"

    def locate(self, path: str, directory: str) -> Path:
        """Resolve a path that a page names, from the folder that its reader is in.

        Raises WorkspaceError if it leads out of the home, by whatever way.
        """
        start = self.home if path.startswith("~/") else Path(directory)
        rest = path.removeprefix("~/")
        try:
            resolved = (start / rest).resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise WorkspaceError(f"{path} isn't a path to a file") from error
        if not resolved.is_relative_to(self.home):
            named = self.as_page(start, rest)
            inside = PurePosixPath(named).is_relative_to(self.page_home)
            how = ", through a symbolic link" if inside else f" (it's {named})"
            if named == path:
                how = ""
            raise WorkspaceError(
                f"{path} is outside of the run's home{how}; nothing was read or written"
            )
        return resolved

    def as_page(self, start: Path, rest: str) -> str:
        """Name a path as the page would, whatever it leads to on this machine."""
        below = os.path.relpath(start, self.home)
        return posixpath.normpath(posixpath.join(self.page_home, below, rest))


def name_home(parent: Path, page_home: str) -> str:
    """Make up a name for a home, as long as the pages' own path, so that lines break alike."""
    length = len(page_home) - len(str(parent)) - 1
    if length < FEWEST:
        length = 10  # a long temporary folder: broken lines may then differ from the page's
    letters = string.ascii_lowercase + string.digits
    return "rt" + "".join(random.SystemRandom().choices(letters, k=length - 2))


def temporary_folder(page_home: str) -> Path:
    """Choose a folder for homes: the system's, or a shorter one where that leaves no room."""
    candidates = [Path(one).resolve() for one in (tempfile.gettempdir(), "/tmp")]
    for candidate in candidates:
        room = len(page_home) - len(str(candidate)) - 1
        if room >= FEWEST and os.access(candidate, os.W_OK | os.X_OK):
            return candidate
    return candidates[0]


def make_workspace(
    page_directory: str, claim: Callable[[Path], None], python: Path | None = None
) -> Workspace:
    """Make a home with the folder that a run starts in, and a `python3` to be found."""
    workspace = make_home(page_directory, claim)
    workspace.directory.mkdir()
    workspace.directory.chmod(0o755)  # whatever the umask of the caller
    offer_python(workspace.tools, python or base_python())
    return workspace


def make_home(page_directory: str, claim: Callable[[Path], None]) -> Workspace:
    """Make an empty home; `claim` is told of each folder before it is made."""
    page_home = str(PurePosixPath(page_directory).parent)
    parent = temporary_folder(page_home)
    while True:
        home = parent / name_home(parent, page_home)
        if home.exists():
            continue
        claim(home)
        try:
            home.mkdir(mode=0o700)
            break
        except FileExistsError:
            continue
    return Workspace(home, home / PurePosixPath(page_directory).name, page_home, page_directory)


def base_python() -> Path:
    """Return the interpreter that our own virtual environment was made from."""
    return Path(getattr(sys, "_base_executable", sys.executable))


def offer_python(tools: Path, python: Path) -> None:
    """Put `python3` first on the run's PATH without anything that is installed with it."""
    tools.mkdir(parents=True)
    (tools / "python3").symlink_to(python)
    if len(parts := python.resolve().name.split(".")) == 2:
        (tools / f"python3.{parts[1]}").symlink_to(python)


def copy_given(workspace: Workspace, given: Sequence[Path]) -> None:
    """Put the files that a page starts with into the workspace, but for those that git ignores.

    Other clones don't have these, so the page would be right here and wrong everywhere else.

    Raises WorkspaceError if one is not there, or is ignored itself.
    """
    for source in given:
        target = workspace.directory / source.name
        left_out = ignored(source.parent, source.name)
        if left_out & {source, *source.parents}:
            raise WorkspaceError(
                f"':starts-with:' has {shown(source)}, but git ignores it, so other clones don't "
                "have it"
            )

        def leave_out(folder: str, names: list[str], left_out: Set[Path] = left_out) -> set[str]:
            return {one for one in names if one == COMPILED or Path(folder, one) in left_out}

        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, ignore=leave_out)
        elif source.is_file():
            shutil.copy2(source, target)
        else:
            raise WorkspaceError(f"':starts-with:' has {source}, but there's no such file")


def taken_over(allowed: Sequence[str], caller: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return what a run takes over from its caller."""
    return {name: caller[name] for name in (*TAKEN_OVER, *allowed) if name in caller}


def make_environment(
    workspace: Workspace,
    columns: int,
    path: Sequence[Path] = (),
    allowed: Sequence[str] = (),
    caller: Mapping[str, str] = os.environ,
    project: Sequence[Path] = (),
) -> dict[str, str]:
    """Make the environment of a run; of the caller's, only what is allowed gets in.

    What is allowed comes before what a run has of its own, PATH included: the caller's folders
    are searched first, after those of the project.
    """
    folders = [str(workspace.tools), *map(str, path), *SYSTEM_PATH]
    taken = taken_over(allowed, caller)
    if "PATH" in taken:
        folders = [*taken["PATH"].split(":"), *folders]
    folders = [*map(str, project), *folders]
    return {
        **own_environment(),
        **taken,
        "PATH": ":".join(dict.fromkeys(filter(None, folders))),
        "HOME": str(workspace.home),
        "COLUMNS": str(columns),
        # pytest's own is /tmp/pytest-of-reader, which it refuses if another user's run made it.
        "PYTEST_DEBUG_TEMPROOT": str(workspace.tools.parent),
    }


def own_environment() -> dict[str, str]:
    """Return the part of the environment that's the same for every run."""
    return {
        "USER": "reader",
        "LOGNAME": "reader",
        "SHELL": "/bin/bash",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "xterm",
        "NO_COLOR": "1",
        "PAGER": "cat",
        "PYTHON_BASIC_REPL": "1",  # 3.13's line editor moves the cursor about to redraw lines
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
