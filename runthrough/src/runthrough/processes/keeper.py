"""Our end of the line to a supervisor, which may be stopped or killed at any moment."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runthrough.processes import leftovers

SOURCE = Path(__file__).parents[2]
RUN = """\
import sys
sys.path.append(sys.argv[1])
from runthrough.processes.supervisor import main
main()
"""
"""Finds our package wherever it is, though an isolated Python sees no PYTHONPATH."""
INHERITED = re.compile(r"PATH|LANG|LC_\w+|LD_LIBRARY_PATH|COVERAGE_\w+")
"""What a supervisor inherits: nothing secret, because the processes that it owns can read it."""
ANSWER = 20.0
"""Seconds that a supervisor has for an answer: 0.0001 when quiet."""
ENDING = 60.0
"""Seconds that it has to end everything and to remove the folders."""
LOOK = 0.2
"""Seconds after which a silent keeper is continued, in case it was stopped."""


class SupervisionError(Exception):
    """The process couldn't be started, or its supervisor was lost."""

    def __init__(self, message: str, *, cleaned: bool = False) -> None:
        super().__init__(message)
        self.cleaned = cleaned
        """Whether all that the process had started is known to have been ended."""


@dataclass
class Keeper:
    """The process at the other end (see `supervisor`), and what it has said of its end."""

    process: subprocess.Popen[bytes]
    lost: str | None = None
    """What has happened to the supervisor, once it is lost."""
    cleaned: bool = False
    """Whether it has ended and removed what can be, and has said what is left."""
    spotless: bool = False
    """Whether it has ended and removed everything."""
    pending: bytes = b""

    @classmethod
    def start(cls, descriptors: Sequence[int]) -> Keeper:
        """Start it, with descriptors that it keeps open until its end."""
        try:
            process = subprocess.Popen(
                [sys.executable, "-I", "-c", RUN, str(SOURCE)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                env={name: text for name, text in os.environ.items() if INHERITED.fullmatch(name)},
                pass_fds=descriptors,
            )
        except OSError as error:
            raise SupervisionError(f"can't start a process: {error}") from error
        return cls(process)

    def order(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Let the supervisor start what the order says; return the numbers of both.

        Raises SupervisionError if it can't be started.
        """
        answer = self.ask(json.dumps(order), "pid", "error")
        if "error" in answer:
            raise SupervisionError(f"can't start {order['argv'][0]}: {answer['error']}")
        return answer

    def ask(self, question: str, *wanted: str) -> dict[str, Any]:
        """Put a question to the supervisor, and return the answer, which has what is `wanted`.

        Raises SupervisionError if the supervisor was stopped or ended, or does not answer.
        """
        assert self.process.stdin is not None
        if self.lost is None:
            data = question.encode() + b"\n"
            with contextlib.suppress(OSError):  # it has ended, so there is no answer either
                while data:
                    data = data[self.process.stdin.write(data) or 0 :]
            # An answer to a question whose asker was interrupted may come first.
            while self.lost is None and (answer := self.reply(ANSWER)) is not None:
                if not answer.keys().isdisjoint(wanted):
                    return answer
            self.lost = self.lost or "ended"
        raise SupervisionError(
            f"the process that owns the shell was {self.lost} from outside", cleaned=self.spotless
        )

    def reply(self, limit: float) -> dict[str, Any] | None:
        """Read the next answer; None at the end of all answers, or after `limit` seconds."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + limit
        while b"\n" not in self.pending:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return None
            if not select.select([self.process.stdout], [], [], min(LOOK, remaining))[0]:
                self.process.send_signal(signal.SIGCONT)  # it may have been stopped
                continue
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                return None
            self.pending += data
        line, _, self.pending = self.pending.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        if "left" in answer:
            self.lost, self.cleaned = answer["lost"] or "ended", True
            self.spotless = not answer["left"]
            leftovers.note(*answer["left"])
        return answer

    def end(self) -> int | None:
        """End everything that it owns; return the main process's status, if it's known.

        Afterwards `cleaned` says whether the keeper has done its part.
        """
        assert self.process.stdin is not None and self.process.stdout is not None
        status = None
        self.process.stdin.close()
        while not self.cleaned and (answer := self.reply(ENDING)) is not None:
            status = answer.get("status", status)
        if not self.cleaned:
            self.process.kill()
        self.process.stdout.close()
        self.process.wait()
        return status
