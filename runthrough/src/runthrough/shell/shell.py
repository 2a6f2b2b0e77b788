"""One bash on a pseudo-terminal, for one page's run.

Commands are typed on the terminal, as a reader types them. Markers that bash prints before
and after each command, with a nonce of this run, say where its output begins and ends and
carry its exit status; what a prompt looks like does not matter.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from runthrough.processes.supervised import ProcessInfo, Supervised
from runthrough.shell.bash import find_bash
from runthrough.shell.following import (
    FIRST_LOOK,
    GRACE,
    LAST_LOOK,
    Attempt,
    CommandResult,
    Reached,
)
from runthrough.shell.foreground import Foreground
from runthrough.shell.inputs import CONTROLLING, IS_KNOWN, look_at
from runthrough.shell.prompts import Prompts
from runthrough.shell.terminal import Capture, ShellExited, Terminal

LONGEST_LINE = 4094
"""Bytes that a terminal takes in one line; the kernel drops what is beyond, in silence."""
UNSEEN = 1.0
"""Seconds to wait for a prompt that bash may print elsewhere, where nothing else shows it."""

__all__ = ["LONGEST_LINE", "CommandResult", "Shell"]


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
        """Start a bash; to go on from another's memory, it needs the other's `nonce`."""
        self.directory = str(directory)
        self.options: frozenset[str] = frozenset()
        self.virtual_env = ""
        self.prompt = ""
        """The prompt that is shown now; empty if bash prints it elsewhere."""
        self.shows_prompts = True
        """Whether prompts, and the markers in them, come to the terminal."""
        self.prompts = Prompts()
        self.foreground: Foreground | None = None
        """The command that was started last to keep running."""
        self.terminal = Terminal(columns, nonce)
        self.outputs = (self.terminal.name, CONTROLLING)
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
        self.terminal.type(self.terminal.markers.introduction())
        self.await_prompt(time.monotonic() + GRACE)
        self.prompts.learn(self.process.pid)

    def run(
        self, command: str, answers: Sequence[str] = (), timeout: float = 60.0
    ) -> CommandResult:
        """Type a command, wait until it has ended, and return what it printed and its status.

        `answers` are typed, a line each, when something waits for them. `timeout` is in seconds. If
        a command hasn't ended, or has ended the shell, the shell can't be used any more: end it.
        """
        lines = command.split("\n")
        if is_too_long(lines):
            return CommandResult("long")
        attempt = Attempt(self, lines, answers, timeout)
        try:
            return attempt.follow()
        except ShellExited:
            return replace(attempt.result("gone"), status=self.last_status())

    def start(
        self, command: str, answers: Sequence[str], timeout: float, reached: Reached
    ) -> tuple[CommandResult, Foreground | None]:
        """Type a command that keeps running, and wait until its output is `reached`.

        Returns what there is by then, and the command if it runs on.
        """
        lines = command.split("\n")
        if is_too_long(lines):
            return CommandResult("long"), None
        running = Foreground(Attempt(self, lines, answers, timeout))
        self.foreground = running
        ran = running.begin(reached)
        return ran, None if running.is_over else running

    def run_unseen(self, command: str) -> CommandResult:
        """Run a command of ours that must not be in the page's history."""
        return self.run(f"{command}; {self.terminal.markers.forget()}")

    def await_prompt(self, deadline: float) -> bytes | None:
        """Wait until the next command may be typed, and return what was printed before that.

        None if bash hasn't come to its prompt at the deadline.
        """
        before, prompt = Capture(), Capture()
        heard, pause = before, FIRST_LOOK
        began = time.monotonic()
        while True:
            fields = self.terminal.marker(min(deadline, time.monotonic() + pause), heard)
            if fields is not None:
                if fields[0] == b"B":
                    heard = prompt
                elif fields[0] == b"P":
                    self.shows_prompts = True
                    self.prompt = prompt.data().decode("utf-8", "replace")
                    return before.data()
                continue
            if self.is_at_prompt(began):
                self.shows_prompts = False
                # What comes after the last line end is the prompt, if bash has printed it here.
                said, newline, shown = (before.data() + prompt.data()).rpartition(b"\n")
                self.prompt = shown.decode("utf-8", "replace")
                return said + newline
            if time.monotonic() >= deadline:
                return None
            pause = min(2 * pause, LAST_LOOK)

    def is_at_prompt(self, began: float) -> bool:
        """Return whether bash reads its next command, after nothing has shown that it does."""
        if self.process.poll() is not None:
            raise ShellExited(Capture())
        if not self.prompts.reading:
            return bool(self.options) and time.monotonic() - began > UNSEEN
        seen = look_at([one.pid for one in self.everybody()], self.terminal.name)
        at_prompt = any(self.prompts.hold(one) for one in seen.waiting)
        return at_prompt and not self.terminal.has_more()

    def writes_to_terminal(self) -> bool:
        """Return whether the output of commands comes to the terminal; True if it isn't
        known."""
        try:
            if Path(f"/proc/{self.process.pid}/fd/1").readlink() in self.outputs:
                return True
            return any(map(self.copies_output, (one.pid for one in self.process.others())))
        except FileNotFoundError:
            return not IS_KNOWN
        except OSError:
            return True

    def copies_output(self, pid: int) -> bool:
        """Return whether a process shows what the shell writes, as after `exec > >(tee log.txt)`.

        It reads the shell's output from a pipe, and so ends with the shell.
        """
        try:
            shell, process = Path(f"/proc/{self.process.pid}/fd"), Path(f"/proc/{pid}/fd")
            source, shown = (process / "0").readlink(), (process / "1").readlink()
            is_pipe = source.name.startswith("pipe:")
            return is_pipe and source == (shell / "1").readlink() and shown in self.outputs
        except OSError:
            return False

    def last_status(self) -> int | None:
        """Return the status that bash has ended with; its terminal closes a moment before."""
        deadline = time.monotonic() + GRACE
        while (status := self.process.poll()) is None and time.monotonic() < deadline:
            time.sleep(0.002)
        return status

    def everybody(self) -> list[ProcessInfo]:
        """List the shell itself and every process that was started from it."""
        return [ProcessInfo(self.process.pid, "bash"), *self.process.others()]

    def end(self) -> None:
        """End the shell and everything that was started from it; a second call does nothing."""
        if self.foreground is not None:
            self.foreground.pause()
        self.process.end()
        self.terminal.close()


def is_too_long(lines: Sequence[str]) -> bool:
    """Return whether a terminal takes no line of this length."""
    return any(len(line.encode()) > LONGEST_LINE for line in lines)
