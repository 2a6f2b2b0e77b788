"""The Pythons of this machine, wherever they are kept."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ASK = """\
import ensurepip, json, sys, venv
base = getattr(sys, "_base_executable", None) or sys.executable
print(json.dumps([base, sys.version.split()[0]]))
"""


@dataclass(frozen=True)
class Interpreter:
    """A Python that runs, and can make virtual environments."""

    path: Path
    version: str


def find(series: str, environ: Mapping[str, str] = os.environ) -> Interpreter | None:
    """Return the first Python of a series such as 3.12 that runs: on PATH, then pyenv's."""
    asked = (ask(path) for path in candidates(series, environ))
    return next((one for one in asked if one and _series(one.version) == series), None)


def candidates(series: str, environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield where a Python of the series may be."""
    for folder in environ.get("PATH", "").split(os.pathsep):
        if folder:
            yield Path(folder) / f"python{series}"
    for versions in pyenv_folders(environ):
        kept = sorted(versions.glob(f"{series}.*"), key=_numbers, reverse=True)
        yield from (one / "bin" / f"python{series}" for one in kept)


def pyenv_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders in which pyenv may keep its Pythons."""
    if root := environ.get("PYENV_ROOT"):
        yield Path(root) / "versions"
    if home := environ.get("HOME"):
        yield Path(home) / ".pyenv" / "versions"
    if pyenv := shutil.which("pyenv", path=environ.get("PATH", "")):
        said = subprocess.run([pyenv, "root"], capture_output=True, text=True, env=dict(environ))
        if not said.returncode and said.stdout.strip():
            yield Path(said.stdout.strip()) / "versions"


def ask(path: Path) -> Interpreter | None:
    """Return what a program says of itself; pyenv's placeholders may be there and start nothing."""
    if not path.is_file():
        return None
    try:
        said = subprocess.run([path, "-c", ASK], capture_output=True, text=True, timeout=60)
        base, version = json.loads(said.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return Interpreter(Path(base), version)


def _series(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path.name)]
