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

import psutil
import pytest

AS_ANOTHER_USER = [
    "setpriv",
    "--reuid=nobody",
    "--regid=nogroup",
    "--clear-groups",
    # Only so that an interpreter under root's home can be read.
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
]
ANOTHER = pytest.param(
    "another",
    marks=pytest.mark.skipif(
        not all(folder.stat().st_mode & 0o001 for folder in Path(sys.prefix).resolve().parents),
        reason="a server refuses programs in a folder that only root can enter",
    ),
)
USERS = ["us", ANOTHER] if os.geteuid() == 0 else ["us"]
"""Who a run can be: root runs the server as nobody, and a normal user as itself."""

SHARED_MEMORY = Path("/proc/sysvipc/shm")
LIMIT = 2.0
"""Seconds after which nothing of a run may be left."""


@dataclass(frozen=True)
class Base:
    """A temporary folder for one run, and how to see what the run left behind."""

    path: Path

    def processes(self) -> list[str]:
        """List the living processes that have to do with the folder."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.status() == psutil.STATUS_ZOMBIE:
                    continue
                told = [process.cwd(), *process.cmdline(), *process.environ().values()]
                if any(str(self.path) in word for word in told):
                    found.append(f"{process.pid} {process.name()}")
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def left(self) -> list[str]:
        """List all that is left: processes and files."""
        return [*self.processes(), *map(str, self.path.iterdir())]

    def keys(self) -> set[int]:
        """Return the keys of the shared memory that the server here makes: its data's inode."""
        return {data.stat().st_ino for data in self.path.glob("*/cluster/*") if data.is_dir()}

    def left_soon(self) -> list[str]:
        """List what is left when nothing may be left any more."""
        deadline = time.monotonic() + LIMIT
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
    process = subprocess.Popen(
        [*(AS_ANOTHER_USER if user == "another" else []), sys.executable, *arguments],
        env={**kept, "TMPDIR": str(base.path), **environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A job in the background of a shell ignores Ctrl-C, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    return Run(process)
