"""Start a process that lives no longer than we do, whatever ends us."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SUPERVISOR = Path(__file__).with_name("supervisor.py")
INHERITED = re.compile(r"PATH|LANG|LC_\w+|LD_LIBRARY_PATH|COVERAGE_\w+")
"""What a supervisor inherits: what it owns can read its environment, and finds no secret there."""


class SupervisionError(Exception):
    """The process could not be started, or its supervisor was lost."""


@dataclass(frozen=True)
class Living:
    """A process that is alive, as its supervisor sees it."""

    pid: int
    command: str


@dataclass
class Supervised:
    """A process, all that descends from it, and the supervisor that ends them."""

    supervisor: subprocess.Popen[bytes]
    pid: int
    status: int | None = None
    ended: bool = False

    @classmethod
    def start(
        cls,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        log: Path | None = None,
        tty: int | None = None,
        user: str | None = None,
        group: str | None = None,
        end_signal: str = "SIGKILL",
        remove: Sequence[Path] = (),
        keep_open: Sequence[int] = (),
    ) -> Supervised:
        """Run `argv` under a supervisor of its own.

        `tty` is a terminal's descriptor, for all three standard streams; otherwise the
        output goes to the file `log`. `user` and `group` can be set by root alone.
        At the end, whatever the end is, the process gets `end_signal`, its descendants are
        killed and the folders `remove` are removed. `keep_open` are descriptors that the
        supervisor holds until then (a lock that says that somebody is still here).

        Raises SupervisionError where the process cannot be started.
        """
        order = {
            "argv": list(argv),
            "env": dict(env),
            "cwd": str(cwd),
            "log": str(log) if log else None,
            "tty": tty,
            "user": user,
            "group": group,
            "end_signal": end_signal,
            "remove": [str(folder) for folder in remove],
        }
        return cls.launch(order, keep_open if tty is None else (tty, *keep_open))

    @classmethod
    def launch(cls, order: Mapping[str, Any], descriptors: Sequence[int]) -> Supervised:
        """Start a supervisor that holds the descriptors, and give it its order."""
        supervisor = subprocess.Popen(
            [sys.executable, "-I", str(SUPERVISOR)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if INHERITED.fullmatch(name)},
            pass_fds=descriptors,
        )
        supervised = cls(supervisor, 0)
        first = supervised.ask(json.dumps(order))
        if "error" in first:
            supervised.end()
            raise SupervisionError(f"cannot start {order['argv'][0]}: {first['error']}")
        supervised.pid = first["pid"]
        return supervised

    def reply(self) -> dict[str, Any]:
        """Read the supervisor's next answer."""
        assert self.supervisor.stdout is not None
        line = self.supervisor.stdout.readline()
        if not line:
            raise SupervisionError("the supervisor process was ended from outside")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, question: str) -> dict[str, Any]:
        """Put a question to the supervisor."""
        assert self.supervisor.stdin is not None
        try:
            self.supervisor.stdin.write(question.encode() + b"\n")
            self.supervisor.stdin.flush()
        except BrokenPipeError as error:
            raise SupervisionError("the supervisor process was ended from outside") from error
        return self.reply()

    def poll(self) -> int | None:
        """Return the main process's status, negative for a signal; None while it lives."""
        if self.status is None and not self.ended:
            self.status = self.ask("status")["status"]
        return self.status

    def others(self) -> list[Living]:
        """List the living processes that descend from the main one."""
        if self.ended or self.children() == set():
            return []
        return [Living(pid, command) for pid, command in self.ask("processes")["processes"]]

    def children(self) -> set[int] | None:
        """Return the children of the main process, and the orphans that its supervisor took in.

        Much cheaper than `others`; None where the system does not list them (Linux does).
        """
        try:
            listed = [
                Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                for pid in (self.pid, self.supervisor.pid)
            ]
        except OSError:
            return None
        return {int(child) for one in listed for child in one} - {self.pid}

    def end(self) -> None:
        """End the process and its descendants, and remove its folders; again does nothing."""
        if self.ended:
            return
        self.ended = True
        assert self.supervisor.stdin is not None and self.supervisor.stdout is not None
        self.supervisor.stdin.close()
        for line in self.supervisor.stdout:
            self.status = json.loads(line).get("status", self.status)
        self.supervisor.stdout.close()
        self.supervisor.wait()
