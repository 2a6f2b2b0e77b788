"""A command that runs at a terminal while its reader does something elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from threading import Event, Thread

from runthrough.shell.following import Attempt, CommandResult, Reached
from runthrough.shell.terminal import Capture, ShellExited, Terminal

BETWEEN = 0.05
"""Seconds between two looks at whether the terminal is wanted back."""


class Intake(Thread):
    """Takes what a terminal receives: a program whose terminal is full would stop."""

    def __init__(self, terminal: Terminal, heard: Capture) -> None:
        """Keep what comes in `heard`, up to the end of the command."""
        super().__init__(daemon=True)
        self.terminal, self.heard = terminal, heard
        self.is_wanted_back = Event()

    def run(self) -> None:
        """Take in output until the terminal is wanted back, or its other side is closed."""
        while not self.is_wanted_back.is_set():
            if not self.terminal.take_in(BETWEEN, self.heard):
                return

    def hand_back(self) -> None:
        """Let go of the terminal."""
        self.is_wanted_back.set()
        self.join()


class Foreground:
    """A command that keeps running after its reader has seen what they waited for.

    Between two calls its output is taken in, so that it never waits for us.
    """

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.ran: CommandResult | None = None
        """The result, once the command has ended or can't be followed any more."""
        self.intake: Intake | None = None

    @property
    def is_over(self) -> bool:
        """Whether the command has ended, or can't be followed any more."""
        return self.ran is not None

    def begin(self, reached: Reached) -> CommandResult:
        """Type the command, and wait until its output is `reached`."""
        return self.watched(lambda: self.attempt.follow(reached))

    def look(self, reached: Reached = lambda printed: True, timeout: float = 0.0) -> CommandResult:
        """Return what it has printed by now; wait until that is `reached`, at most so many seconds.

        The result is "running" where it is, "timeout" where it isn't.
        """
        if self.ran is not None:
            return self.ran
        self.attempt.deadline = time.monotonic() + timeout
        return self.watched(lambda: self.attempt.go_on(reached))

    def interrupt(self, timeout: float) -> tuple[CommandResult, int]:
        """Press Ctrl-C, and wait for the end of the command.

        Returns its result, and how many bytes of its output came before.
        """
        before = len(self.look().output)
        if self.ran is not None:
            return self.ran, before
        self.pause()
        self.attempt.terminal.interrupt()
        self.attempt.deadline = time.monotonic() + timeout
        return self.watched(self.attempt.go_on), before

    def watched(self, work: Callable[[], CommandResult]) -> CommandResult:
        """Do something with the command, and then take in what it prints."""
        self.pause()
        try:
            ran = work()
        except ShellExited:
            status = self.attempt.shell.last_status()
            ran = replace(self.attempt.result("gone"), status=status)
        if ran.ended not in ("running", "timeout"):
            self.ran = ran
        else:
            self.intake = Intake(self.attempt.terminal, self.attempt.heard)
            self.intake.start()
        return ran

    def pause(self) -> None:
        """Stop taking in."""
        if self.intake is not None:
            self.intake.hand_back()
        self.intake = None
