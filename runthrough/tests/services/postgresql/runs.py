"""A run in a process of its own, so that it can be killed, and a look at what it left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.living import PATIENCE, living


def can_run_python(user: str) -> bool:
    """Return whether another user can run our interpreter with our package."""
    if os.geteuid() != 0:
        return False
    command = [sys.executable, "-c", "import runthrough, psycopg"]
    try:
        done = subprocess.run(
            command, user=user, group="nogroup", extra_groups=[], env={}, capture_output=True
        )
    except (OSError, LookupError):
        return False
    return done.returncode == 0


ANOTHER = pytest.param(
    "another",
    marks=pytest.mark.skipif(
        not can_run_python("nobody"), reason="nobody else can run the interpreter of these tests"
    ),
)
USERS = ["us", ANOTHER] if os.geteuid() == 0 else ["us"]
"""Who a run can be: root runs the server as nobody, and a normal user as itself."""

SHARED_MEMORY = Path("/proc/sysvipc/shm")


@dataclass(frozen=True)
class Base:
    """A temporary folder for one run, and how to see what the run left behind."""

    path: Path

    def processes(self) -> list[str]:
        """List the living processes that have to do with the folder."""

        def knows_us(process: psutil.Process) -> bool:
            told = [process.cwd(), *process.cmdline(), *process.environ().values()]
            return any(str(self.path) in word for word in told)

        return [str(one) for one in living(knows_us)]

    def left(self) -> list[str]:
        """List all that is left: processes and files."""
        return [*self.processes(), *map(str, self.path.iterdir())]

    def keys(self) -> set[int]:
        """Return the keys of the shared memory that the server here makes: its data's inode."""
        return {data.stat().st_ino for data in self.path.glob("*/cluster/*") if data.is_dir()}

    def left_soon(self) -> list[str]:
        """List what is left when nothing may be left any more."""
        deadline = time.monotonic() + PATIENCE
        while self.left() and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.left()


def shared_memory() -> set[int]:
    """Return the keys of all pieces of shared memory (Linux, sysvipc(7))."""
    lines = SHARED_MEMORY.read_text().splitlines()[1:] if SHARED_MEMORY.exists() else []
    return {int(line.split()[0]) for line in lines}


@dataclass(frozen=True)
class Run:
    """A Python script that prints a line when it is ready, and then waits."""

    process: subprocess.Popen[str]

    def ready(self) -> str:
        """Wait for the line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self, number: int) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        return self.process.wait()


Start = Callable[..., Run]


def start(base: Base, arguments: list[str], user: str, environ: dict[str, str]) -> Run:
    """Start Python with the temporary folder `base`, and nothing of our environment."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    who: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    process = subprocess.Popen(
        [sys.executable, *arguments],
        **(who if user == "another" else {}),
        env={**kept, "TMPDIR": str(base.path), **environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A job in the background of a shell ignores Ctrl-C, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    return Run(process)
