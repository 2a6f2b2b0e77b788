"""Virtual environments that are made for one thing, and what pip does in them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from matrix.pins import DIRECT

KEPT = Path(".nox", "kept-by-matrix").absolute()
"""What runs share: what pip has built or fetched, and servers. nox itself owns .nox/matrix."""
FETCHING = re.compile(r"(?:https?|no)_proxy|ssl_cert_\w+|\w+_ca_bundle|pip_\w+", re.IGNORECASE)
"""The names of variables without which nothing can be fetched on some machines."""
LIMIT = 1800
"""Seconds that pip has."""


@dataclass(frozen=True)
class CommandResult:
    """What a program has printed, and its exit status."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Environment:
    """A virtual environment."""

    folder: Path

    @classmethod
    def make(cls, python: Path, folder: Path) -> Environment:
        """Make a virtual environment with nothing but pip."""
        made = run([str(python), "-m", "venv", str(folder)], folder.parent)
        if made.status:
            raise OSError(f"{python} makes no virtual environment: {made.err or made.out}")
        return cls(folder)

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def pip(self, *arguments: str | Path, cwd: Path | None = None) -> CommandResult:
        """Run pip, which keeps what it builds for the environments to come."""
        command = [str(self.python), "-m", "pip", *map(str, arguments)]
        return run(command, cwd or self.folder)

    def versions(self) -> dict[str, str]:
        """Return the versions of what a reader chooses, as they are installed."""
        listed = json.loads(self.pip("list", "--format", "json").out)
        found: dict[str, str] = {canonicalize_name(one["name"]): one["version"] for one in listed}
        return {name: found[name] for name in DIRECT if name in found}


def run(command: list[str], cwd: Path, more: Mapping[str, str] | None = None) -> CommandResult:
    """Run a program without our own variables, such as PYTHONPATH and those of PostgreSQL."""
    ran = subprocess.run(
        command,
        cwd=cwd,
        env={**environment(), **(more or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    return CommandResult(ran.returncode, ran.stdout, ran.stderr)


def environment() -> dict[str, str]:
    """Return what a program gets of our variables: what fetching needs, and where programs are."""
    named = ("PATH", "HOME", "TMPDIR")
    return {
        **{name: os.environ[name] for name in os.environ if FETCHING.fullmatch(name)},
        **{name: os.environ[name] for name in named if name in os.environ},
        "LANG": "C.UTF-8",
        "PIP_CACHE_DIR": str(KEPT / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
    }
