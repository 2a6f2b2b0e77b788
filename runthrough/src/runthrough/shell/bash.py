"""Find the bash that pages run in."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

NEEDED = (4, 4)
"""The first release of bash with PS0, by which we see that a command begins."""


class BashError(Exception):
    """There's no bash on this machine that can run pages."""


@dataclass(frozen=True)
class Bash:
    """An executable bash and its version."""

    path: Path
    version: tuple[int, int]


def check_system() -> None:
    """Raise BashError if Python has no pseudo-terminals, as on Windows.

    Call it before anything is imported that runs pages: that would fail with an ImportError.
    """
    if sys.platform == "win32" or find_spec("fcntl") is None:
        raise BashError(
            "Pages can't be run on this system, because Python has no pseudo-terminals here; "
            "on Windows, run this inside WSL (the Windows Subsystem for Linux)."
        )


@lru_cache(maxsize=1)
def find_bash() -> Bash:
    """Find the first bash on the PATH and check its version.

    Raises BashError if there's none, or only an old one.
    """
    found = shutil.which("bash")
    if found is None:
        raise BashError(
            "No bash was found on the PATH, and pages are run in one. "
            "To fix this, install bash 4.4 or later (Debian: apt-get install bash)."
        )
    printed = subprocess.run(
        [found, "--norc", "-c", "echo ${BASH_VERSINFO[0]} ${BASH_VERSINFO[1]}"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    version = (int(printed[0]), int(printed[1])) if len(printed) == 2 else (0, 0)
    if version < NEEDED:
        raise BashError(
            f"{found} is bash {version[0]}.{version[1]}; runs need 4.4 or later. To fix this, "
            "put a later bash first on the PATH (macOS: brew install bash)."
        )
    return Bash(Path(found), version)
