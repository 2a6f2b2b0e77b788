"""One bash on a pseudo-terminal, for the length of a walk.

Commands are typed on the terminal, as a reader types them. Markers that bash prints before
and after each command, with a nonce of this walk, tell where its output begins and ends and
carry its exit status; a prompt is never read.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from runthrough.processes.supervised import Living, Supervised
from runthrough.shell.bash import find_bash
from runthrough.shell.capture import Capture
from runthrough.shell.inputs import awaits_input
from runthrough.shell.terminal import Gone, Terminal

LONGEST_LINE = 4094
"""Bytes that a terminal takes in one line; the kernel drops what is beyond, in silence."""
GRACE = 5.0
"""Seconds that bash has for a marker that nothing but bash itself can delay."""
LOOK = 0.1
"""Seconds between two looks at a silent command, to see whether it waits for input."""
SILENT = 4
"""Looks in a row without any output after which an answer is typed in any case."""

Ended = Literal["done", "unfinished", "early", "long", "timeout", "input", "gone"]


@dataclass(frozen=True)
class Ran:
    """What became of one command."""

    ended: Ended
    output: bytes = b""
    left_out: int = 0
    """Bytes in the middle of the output that were not kept."""
    status: int | None = None
    parts: tuple[int, ...] = ()
    """The status of each part of the last pipeline."""
    background: int | None = None
    """Process id of the job started last in the background, by this command or one before."""
    waiting: Living | None = None
    """The process that waits for input that nobody gives."""
    errexit: bool = False
    """Whether `set -e` was on, under which a failure ends the shell."""


class Shell:
    """A bash, the terminal that it sits at, and everything that was started from it."""

    def __init__(
        self,
        directory: Path,
        environment: Mapping[str, str],
        columns: int,
        remove: Sequence[Path] = (),
        orphaned: Sequence[Path] = (),
        keep_open: Sequence[int] = (),
        nonce: bytes | None = None,
    ) -> None:
        """Start a bash; one that is to go on from another's memory needs the other's `nonce`."""
        self.directory = str(directory)
        self.options = ""
        self.terminal = Terminal(columns, nonce)
        try:
            self.process = Supervised.start(
                [str(find_bash().path), "--noediting", "--noprofile", "--norc", "-i"],
                env=environment,
                cwd=directory,
                tty=self.terminal.bashs,
                remove=remove,
                orphaned=orphaned,
                keep_open=keep_open,
            )
        finally:
            self.terminal.hand_over()
        self.terminal.type(self.terminal.introduction())
        self.await_prompt(Capture())

    def run(self, command: str, answers: Sequence[str] = (), timeout: float = 60.0) -> Ran:
        """Type a command, wait until it has ended, and return what it printed and its status.

        `answers` are typed, a line each, when the command waits for them. `timeout` is in
        seconds. A command that has not ended, or has ended the shell, leaves the shell as it
        is: end it.
        """
        lines = command.split("\n")
        if any(len(line.encode()) > LONGEST_LINE for line in lines):
            return Ran("long")
        try:
            return self.perform(lines, answers, timeout)
        except Gone as gone:
            before, errexit = gone.before, "e" in self.options
            return Ran("gone", before.data(), before.left_out, self.last_status(), errexit=errexit)

    def perform(self, lines: Sequence[str], answers: Sequence[str], timeout: float) -> Ran:
        """Type the lines, each when bash asks for it, and follow the command to its end."""
        for number, line in enumerate(lines):
            echo = Capture()
            self.terminal.type(line)
            fields = self.terminal.marker(time.monotonic() + GRACE, echo)
            last = number == len(lines) - 1
            if fields is None:
                return Ran("timeout", echo.data())
            if fields[0] == b"C" and last:
                self.terminal.interrupt()
                self.await_prompt(Capture())
                return Ran("unfinished")
            if fields[0] == b"S":
                return self.follow(answers, timeout) if last else Ran("early")
            if fields[0] == b"E":  # nothing was executed: a comment, or a syntax error
                _, _, complaint = echo.data().partition(b"\n")
                return self.finish(fields, complaint, 0, executed=False)
        raise AssertionError("a command has at least one line")

    def follow(self, answers: Sequence[str], timeout: float) -> Ran:
        """Wait for the command's end; type the answers; see that it waits for more."""
        output = Capture()
        unsaid = list(answers)
        deadline = time.monotonic() + timeout
        silent = 0
        suspect: int | None = None
        while True:
            seen = output.total
            fields = self.terminal.marker(min(deadline, time.monotonic() + LOOK), output)
            if fields is not None:
                return self.finish(fields, output.data(), output.left_out)
            if time.monotonic() >= deadline:
                return Ran("timeout", output.data(), output.left_out)
            silent = silent + 1 if output.total == seen else 0
            if not silent:
                continue
            if self.process.poll() is not None:  # what it has started may hold the terminal open
                raise Gone(output)
            pids = [one.pid for one in self.everybody()]
            before, suspect = suspect, awaits_input(pids, self.terminal.name)
            if unsaid and (suspect is not None or silent >= SILENT):
                self.terminal.type(unsaid.pop(0))
                silent, suspect = 0, None
            elif suspect is not None and suspect == before and silent >= SILENT:
                waiting = next(one for one in self.everybody() if one.pid == suspect)
                return Ran("input", output.data(), output.left_out, waiting=waiting)

    def finish(
        self, fields: Sequence[bytes], output: bytes, left_out: int, *, executed: bool = True
    ) -> Ran:
        """Read the end marker, and wait until the next command may be typed."""
        status, self.directory = int(fields[1]), os.fsdecode(fields[2])
        notices = Capture()
        self.await_prompt(notices)
        # What follows the last line end is the prompt, such as the name of a virtual environment.
        said, newline, _ = notices.data().rpartition(b"\n")
        output = b"".join(
            line
            for line in (output + said + newline).splitlines(keepends=True)
            if self.terminal.nonce not in line  # our own commands, under `set -x`
        )
        if not executed and not output:
            status = 0  # a comment: bash keeps the status of the command before
        background = int(fields[3]) if fields[3] else None
        self.options = fields[4].decode()
        parts = tuple(int(part) for part in fields[5:] if part)
        return Ran("done", output, left_out, status, parts if executed else (), background)

    def await_prompt(self, before: Capture) -> None:
        """Wait until the next command may be typed."""
        fields: list[bytes] | None = []
        while fields is not None and fields[:1] != [b"P"]:
            fields = self.terminal.marker(time.monotonic() + GRACE, before)

    def last_status(self) -> int | None:
        """Return the status that bash has ended with; its terminal closes a moment before."""
        deadline = time.monotonic() + GRACE
        while (status := self.process.poll()) is None and time.monotonic() < deadline:
            time.sleep(0.002)
        return status

    def everybody(self) -> list[Living]:
        """List the shell itself and every process that was started from it."""
        return [Living(self.process.pid, "bash"), *self.process.others()]

    def end(self) -> None:
        """End the shell and everything that was started from it; again does nothing."""
        self.process.end()
        self.terminal.close()
