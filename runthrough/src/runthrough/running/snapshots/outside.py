"""What pages read from outside their home, as far as their text says so.

A key has to change when any of it does. What can't be summed up gives a text that never comes
again, so that a page which depends on it is always run.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from runthrough.model.contents import COMPILED, Look, content, never_again, portable, status, tree
from runthrough.model.digests import digest
from runthrough.model.steps import Console, Line, Listing, Patch, Step

SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin")
"""The folders of a system's own programs."""
FILES = ("PIP_CONFIG_FILE", "PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
FOLDERS = ("PIP_FIND_LINKS", "SSL_CERT_DIR")
"""Variables that name what programs read."""
HARMLESS = (*FILES, *FOLDERS, "PATH", "PIP_CACHE_DIR")
"""Variables that are looked at elsewhere, or name what changes no result."""
SYSTEM_FILES = (
    *("/etc/os-release", "/var/lib/dpkg/status", "/lib/apk/db/installed"),
    *("/var/lib/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/rpmdb.sqlite"),
    *("/etc/pip.conf", "/etc/gitconfig", "/etc/localtime"),
)
"""Where systems keep which one they are, what is installed on them, and how it's set up."""
SYSTEM_VARIABLES = ("ImageOS", "ImageVersion", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Variables that name a forge's machine image, and the libraries that a server loads."""
LOCAL = ("/usr/local/bin", "/usr/local/sbin", "/usr/local/lib/node_modules")
"""Where programs are that no package manager of the system knows."""
DEVICES = ("null", "zero", "tty", "stdin", "stdout", "stderr", "random", "urandom", "full")
ABSOLUTE = re.compile(
    r"(?:(?<=file://)|(?<![\w./~$}\\*?-]))/(?!/)[^\s'\"`;|&<>(){}\[\]*?,:$\\]*[*?\[{$]?"
)
"""An absolute path in a text; a pattern or a variable at its end shows that there is more."""
WORD = re.compile(r"[\w.+-]+")


def names_in(folder: Path) -> set[str]:
    """Return the names of what is in a folder; none if there's no such folder."""
    try:
        with os.scandir(folder) as entries:
            return {entry.name for entry in entries}
    except OSError:
        return set()


def read_by(
    steps: Sequence[Step],
    home: str,
    path: Sequence[Path],
    look: Look = status,
    names: Callable[[Path], set[str]] = names_in,
) -> Iterator[str]:
    """Yield what the steps of a page name outside the pages' `home`, and what that is now.

    These are files and folders by absolute path, and programs of the folders in `path`.
    """
    commands = {one.text for step in steps if isinstance(step, Console) for one in step.commands}
    written = {line.text for step in steps for line in _lines(step)}
    words = {word for text in commands | written for word in WORD.findall(text)}
    for text in sorted(commands | written):
        for name in ABSOLUTE.findall(text):
            if not Path(name).is_relative_to(home):
                yield from _named(name, look, is_command=text in commands)
    for folder in path:
        yield from (look(folder / name) for name in sorted(words & names(folder)))


def named_by(environment: Mapping[str, str], look: Look = status) -> Iterator[str]:
    """Yield what the variables name that a page takes over, and what that is now."""
    for name in FILES:
        if name in environment:
            yield from content(Path(environment[name]), look)
    for name in FOLDERS:
        for part in re.split(r"[\s:]+", environment.get(name, "")):
            if part.startswith("/"):
                yield from tree(Path(part), look)


def named_in_values(environment: Mapping[str, str], look: Look) -> Iterator[str]:
    """Yield what is at each absolute path in the value of another variable."""
    for name in sorted(environment.keys() - {*HARMLESS}):
        for path in ABSOLUTE.findall(environment[name]):
            yield from _named(path, look, is_command=True)


def installed(python: Path, look: Look = status) -> Iterator[str]:
    """Yield which packages a Python has besides its standard library, and what `.pth` files add."""
    root = python.resolve().parent.parent
    yield look(python.resolve())
    for folder in (
        *root.glob("lib/python3*/*-packages"),
        *root.glob("local/lib/python3*/*-packages"),
    ):
        yield from packages(folder)


def packages(folder: Path) -> Iterator[str]:
    """Yield which packages a folder has, with their files, and what its `.pth` files add.

    Left out is what differs with the folder's own path: scripts, and where a package came from.
    """
    for info in sorted(folder.glob("*-info")):
        yield f"{info.name} {_files(info, status(info / 'RECORD'))}"
    for added in sorted(folder.glob("*.pth")):
        yield from content(added)


@cache
def _files(info: Path, as_it_is: str) -> str:
    """Sum up a package's list of files and digests once, as long as its status is the same."""
    try:
        lines = (info / "RECORD").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    left_out = ("../", "/", f"{info.name}/direct_url.json,")
    return digest(*sorted(line for line in lines if not line.startswith(left_out)))


def own_packages() -> Iterator[str]:
    """Yield which packages are installed with the engine, which may use them to compare or type."""
    yield from _packages_on(tuple(dict.fromkeys(sys.path)))


@cache
def _packages_on(path: tuple[str, ...]) -> tuple[str, ...]:
    """Read once which packages are on a path from which this process imports."""
    folders = [Path(one) for one in path if one.endswith("-packages")]
    return tuple(part for folder in folders for part in packages(folder))


def system() -> Iterator[str]:
    """Yield what the system is, which packages it has, and who runs the pages on it."""
    one = platform.uname()
    yield f"{one.system} {one.release} {one.version} {one.machine}"
    for file in map(Path, SYSTEM_FILES):
        if file.is_file():
            yield portable(file)
    for folder in LOCAL:
        yield from listed(Path(folder))
    yield from (f"{name}={os.environ.get(name)}" for name in SYSTEM_VARIABLES)
    yield f"user {os.geteuid()}, umask {_umask():o}"


def listed(folder: Path) -> Iterator[str]:
    """Yield name, size and link of what is in a folder; of a package of npm, what it says."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        manifest = path / "package.json"
        if manifest.is_file():
            yield portable(manifest)
        elif path.is_symlink():
            yield f"{path} leads to {path.readlink()}"
        else:
            yield f"{path} {path.stat().st_size if path.is_file() else ''}"


def _umask() -> int:
    umask = os.umask(0o077)
    os.umask(umask)
    return umask


def project(path: str, look: Look = status) -> Iterator[str]:
    """Yield the programs in folders of PATH that are not the system's, and what they run.

    For a Python environment these are its packages, and the sources of those that are installed
    as editable: every file of such a source counts.
    """
    for folder in map(Path, filter(None, path.split(os.pathsep))):
        if str(folder) in SYSTEM_PATH or not folder.is_dir():
            continue
        yield from map(look, sorted(folder.iterdir()))
        for beside in sorted(folder.parent.glob("lib/python3*/site-packages")):
            yield from sorted(map(look, beside.glob("*-info/RECORD")))
            yield from sorted(map(look, beside.glob("*.egg-link")))
            for source in _editable(beside):
                yield from _sources(source, look)


def _editable(packages: Path) -> Iterator[Path]:
    """Yield the folders from which packages are imported that are installed as editable."""
    for record in sorted(packages.glob("*-info/direct_url.json")):
        text = record.read_text(encoding="utf-8", errors="replace")
        if "editable" in text and (found := re.search(r'"file://([^"]+)"', text)):
            yield Path(found[1])
    for added in sorted(packages.glob("*.pth")):
        for line in added.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("/") and Path(line).is_dir():
                yield Path(line)


def _sources(folder: Path, look: Look) -> Iterator[str]:
    """Yield the Python files of a source, and all files next to them, but no hidden folders."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if name != COMPILED and not name.startswith(".") and name not in ("docs", "_build")
        )
        if any(name.endswith(".py") for name in names):
            yield from (look(Path(root, name)) for name in sorted(names))


def _lines(step: Step) -> Iterator[Line]:
    if isinstance(step, Listing):
        yield from step.lines
    elif isinstance(step, Patch):
        yield from (line for hunk in step.hunks for line in hunk)


def _named(name: str, look: Look, *, is_command: bool) -> Iterator[str]:
    """Yield what is at a path that a text names; at all paths where the text goes on otherwise."""
    known = name if name == "/" else name.rstrip("*?[{$")
    path = Path(known)
    if known == name or known.endswith("/") or name.startswith("/dev/"):
        yield from _at(path, look, is_command=is_command)
        return
    for one in sorted(names_in(path.parent)):
        if one.startswith(path.name):
            yield from _at(path.parent / one, look, is_command=is_command)


def _at(path: Path, look: Look, *, is_command: bool) -> Iterator[str]:
    """Yield what is at a path; a command can read a folder as a whole."""
    if path.parts[1:2] in (("proc",), ("sys",)):
        yield never_again()
    elif path.parts[1:2] == ("dev",):
        yield str(path) if path.name in DEVICES else never_again()
    elif path.is_dir():
        if is_command:
            yield str(path)
            yield from tree(path, look)
        elif path != Path("/"):
            yield from sorted(map(str, path.iterdir()))
    else:
        yield from content(path, look)
