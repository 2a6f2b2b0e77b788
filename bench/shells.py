"""What it costs to type a command and to know what it printed."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from bench.figures import Figure, compare
from runthrough.shell.shell import Shell

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
CHEAP = "printf '%s\\n' one two three"


def typed(number: int) -> None:
    """Type a cheap command so many times."""
    shell = Shell(Path(tempfile.gettempdir()), ENVIRONMENT, 80)
    try:
        for _ in range(number):
            ran = shell.run(CHEAP)
            if (ran.ended, ran.status) != ("done", 0):
                raise AssertionError("this command ends well")
    finally:
        shell.end()


def script(number: int) -> None:
    """Have bash run the same from a script."""
    subprocess.run(
        ["bash", "-e"],
        input=f"{CHEAP}\n" * number,
        stdout=subprocess.DEVNULL,
        env=ENVIRONMENT,
        text=True,
        check=True,
    )


def growth() -> Figure:
    """Compare ten times as many commands."""
    return compare(lambda: typed(1000), lambda: typed(100))


def against_bash() -> Figure:
    """Compare with bash alone."""
    return compare(lambda: typed(1000), lambda: script(1000))
