"""Type one command, and follow it to its end by the markers that bash prints."""

from __future__ import annotations

import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from runthrough.processes.supervised import ProcessInfo
from runthrough.shell.inputs import Look, Waiting, look_at
from runthrough.shell.markers import CommandEnd, read_end
from runthrough.shell.terminal import Capture, ShellExited, take_echo

if TYPE_CHECKING:
    from runthrough.shell.shell import Shell

GRACE = 20.0
"""Seconds that bash has for a marker that nothing but bash itself can delay."""
FIRST_LOOK, LAST_LOOK = 0.02, 0.25
"""Seconds between two looks at a silent command; they grow from the first to the last."""
ASKING = 0.5
"""Seconds without output after which a program that reads the terminal waits for an answer."""
BLIND = 1.0
"""Seconds without output after which an answer is typed if the system doesn't show who reads."""

RETURN = b"\r"
"""What the Enter key sends. A terminal that collects lines makes a line feed of it."""

Ended = Literal[
    "done", "unfinished", "early", "long", "timeout", "input", "gone", "lost", "unheard", "running"
]
Reached = Callable[[bytes], bool]
"""Returns whether what a command has printed so far is what its reader waits for."""


@dataclass(frozen=True)
class CommandResult:
    """The result of one command."""

    ended: Ended
    output: bytes = b""
    left_out: int = 0
    """Bytes in the middle of the output that were not kept."""
    status: int | None = None
    parts: tuple[int, ...] = ()
    """The status of each part of the last pipeline."""
    background: int | None = None
    """Process id of the job started last in the background, by this command or one before."""
    waiting: ProcessInfo | None = None
    """The process that waits for input that the page doesn't give."""
    options: frozenset[str] = frozenset()
    """The shell options that are on at the end, such as errexit and pipefail."""
    before: bytes = b""
    """What came between the prompt and the command: something in the background printed it."""
    unsaid: int = 0
    """How many answers nothing has asked for."""


class Attempt:
    """One command while it is typed and run."""

    def __init__(
        self, shell: Shell, lines: Sequence[str], answers: Sequence[str], timeout: float
    ) -> None:
        self.shell, self.terminal = shell, shell.terminal
        self.lines, self.unsaid = list(lines), list(answers)
        self.deadline = time.monotonic() + timeout
        self.line = ""
        """The line typed last."""
        self.echo = Capture()
        """What has come since then, until bash says that the command begins or goes on."""
        self.output = Capture()
        self.before = b""
        self.traced = "xtrace" in shell.options
        """Whether the output may hold the trace of commands of ours."""
        self.has_begun = False
        self.is_waited_for = True
        """Whether it's the end of the command that is waited for: a server may read keys."""
        self.quiet_since = time.monotonic()
        self.suspect: Waiting | None = None
        """What was waiting for the terminal at the last look."""
        self.answered: Waiting | None = None
        """What was waiting when the last answer was typed."""
        self.owes_enter = False
        """Whether the last answer was typed without Enter, since a key alone may be asked for."""

    def follow(self, reached: Reached | None = None) -> CommandResult:
        """Type the lines, and wait for the end of the command, or until its output is `reached`."""
        self.type_next()
        return self.go_on(reached)

    def go_on(self, reached: Reached | None = None) -> CommandResult:
        """Wait for the end of the command, or until its output is `reached`."""
        pause = FIRST_LOOK
        self.is_waited_for = reached is None
        while True:
            heard = self.heard
            before = heard.total
            fields = self.terminal.marker(min(self.deadline, time.monotonic() + pause), heard)
            ran = None
            if fields is not None:
                ran = self.take(fields)
            elif time.monotonic() >= self.deadline:
                return self.result("running" if self.has_reached(reached) else "timeout")
            elif heard.total == before:
                ran = self.look()
            else:
                self.quiet_since = time.monotonic()
            if ran is not None:
                return ran
            if self.has_reached(reached):
                return self.result("running")
            is_silent = fields is None and heard.total == before
            pause = min(2 * pause, LAST_LOOK) if is_silent else FIRST_LOOK

    @property
    def heard(self) -> Capture:
        """What comes belongs to this: to the echo of the line until the command has begun."""
        return self.output if self.has_begun else self.echo

    def has_reached(self, reached: Reached | None) -> bool:
        """Return whether the command has printed what its reader waits for."""
        return reached is not None and self.has_begun and reached(self.output.data())

    def type_next(self) -> None:
        """Type the next line of the command."""
        self.line = self.lines.pop(0)
        self.terminal.type(self.line)

    def take(self, fields: Sequence[bytes]) -> CommandResult | None:
        """Act on a marker; return the result where it ends the command."""
        kind = fields[0]
        if kind == b"S":
            self.begin()
            return self.result("early") if self.lines else None
        if kind == b"C":
            self.begin(more=True)
            if self.lines:
                self.type_next()
                return None
            self.terminal.interrupt()
            self.shell.await_prompt(time.monotonic() + GRACE)
            return self.result("unfinished")
        if kind == b"E" and (end := read_end(fields)) is not None:
            executed = self.has_begun or not self.shell.shows_prompts
            self.begin()
            return self.finish(end, executed=executed)
        if kind == b"B":  # the prompt, and no report before it: PROMPT_COMMAND is another
            self.begin()
            prompt = Capture()
            while (fields := self.terminal.marker(self.deadline, prompt) or []) and (
                fields[0] != b"P"
            ):
                pass
            return self.restore()
        return None

    def begin(self, *, more: bool = False) -> None:
        """Take the echo of the line from what was heard; what is left was printed.

        Before `more` lines, that is whole lines alone: the rest is bash's prompt for them.
        """
        if self.has_begun:
            return
        heard = self.echo.data()
        before, after = take_echo(heard, self.line) or (b"", heard)
        self.before += before
        self.output.add(after[: after.rfind(b"\n") + 1] if more else after)
        self.has_begun = not more
        if more:
            self.echo = Capture()

    def look(self) -> CommandResult | None:
        """See why a command is silent: it has ended without a marker, or waits for an answer."""
        if self.shell.process.poll() is not None:  # what it has started may hold the terminal open
            raise ShellExited(self.output)
        everybody = self.shell.everybody()
        seen = look_at([one.pid for one in everybody], self.terminal.name)
        if self.terminal.has_more():
            return None
        for one in seen.waiting:
            if self.shell.prompts.hold(one):
                return self.at_prompt()
        for one in seen.waiting:
            if self.has_begun and self.shell.prompts.is_new_bash(one):
                return self.adopt(one)
        return self.answer(seen, everybody)

    def at_prompt(self) -> CommandResult | None:
        """Go on if bash reads a command line, but no marker has said so."""
        if not self.has_begun:
            shown = take_echo(self.echo.data(), self.line) is not None
            if not shown and (self.terminal.has(termios.ECHO) or not self.is_quiet(ASKING)):
                return None  # bash has not read the line yet
            if self.lines:
                self.begin(more=True)
                self.type_next()
                return None
            self.begin()
        return self.restore()

    def restore(self) -> CommandResult:
        """Bring the markers back, and have the status of the command reported."""
        self.terminal.type(self.terminal.markers.restoration())
        end = self.await_end()
        return self.result("lost") if end is None else self.finish(end)

    def adopt(self, one: Waiting) -> CommandResult:
        """Follow the bash that the command has started, which shows its first prompt."""
        self.terminal.type(self.terminal.markers.adoption())
        printed = self.output
        self.output = Capture()
        end = self.await_end()
        if end is None:
            self.output = printed
            return self.result("lost")
        ran = self.finish(replace(end, status=0, parts=()))
        self.shell.prompts.learn(one.call.pid)
        said, newline, _ = printed.data().rpartition(b"\n")
        return replace(ran, output=said + newline, left_out=printed.left_out)

    def await_end(self) -> CommandEnd | None:
        """Wait for the report of a line of ours."""
        deadline = time.monotonic() + GRACE
        while (fields := self.terminal.marker(deadline, self.output)) is not None:
            if fields[0] == b"E" and (end := read_end(fields)) is not None:
                return end
        return None

    def answer(self, seen: Look, everybody: Sequence[ProcessInfo]) -> CommandResult | None:
        """Type the next answer where something waits for it; see that something waits for more."""
        one = next(iter(sorted(seen.waiting, key=lambda found: not found.only)), None)
        suspect, self.suspect = self.suspect, one
        if not self.has_begun and self.shell.shows_prompts:
            return None
        if one is None:
            if self.unsaid and not seen.is_complete and self.is_quiet(BLIND):
                self.type_answer(None)
            return None
        if one.only:
            waits = one == suspect and one != self.answered
        else:
            waits = suspect is not None and one.call.thread == suspect.call.thread
            waits = waits and self.is_quiet(ASKING)
        if waits and self.unsaid:
            self.type_answer(one)
        elif waits and self.owes_enter:
            self.type_enter(one)
        elif waits and one.only and self.is_waited_for and self.is_quiet(ASKING):
            found = next(living for living in everybody if living.pid == one.call.pid)
            return self.result("input", waiting=self.named(found))
        return None

    def named(self, found: ProcessInfo) -> ProcessInfo:
        """Name a subshell as a page does, and not by the options that we start bash with."""
        try:
            return (
                replace(found, command="bash") if self.shell.prompts.is_ours(found.pid) else found
            )
        except (OSError, ValueError):
            return found

    def type_answer(self, to: Waiting | None) -> None:
        """Type the next answer; without Enter where the terminal hands on and shows each key.

        `read -n 1` asks so. Line editors show the keys themselves.
        """
        answer = self.unsaid.pop(0)
        by_key = not self.terminal.has(termios.ICANON)
        self.owes_enter = by_key and bool(answer) and self.terminal.has(termios.ECHO)
        self.terminal.type(answer, b"" if self.owes_enter else RETURN if by_key else b"\n")
        self.note_typed(to)

    def type_enter(self, to: Waiting) -> None:
        """Type the Enter that was held back, for a program that reads on after the last answer."""
        self.owes_enter = False
        if not self.terminal.has(termios.ICANON):
            self.terminal.type("", RETURN)
            self.note_typed(to)

    def note_typed(self, to: Waiting | None) -> None:
        """Take note of what was typed at."""
        self.answered, self.suspect = to, None
        self.quiet_since = time.monotonic()

    def is_quiet(self, seconds: float) -> bool:
        """Return whether nothing was printed or typed for some seconds."""
        return time.monotonic() - self.quiet_since >= seconds

    def finish(self, end: CommandEnd, *, executed: bool = True) -> CommandResult:
        """Wait until the next command may be typed, and sum up this one."""
        self.traced = self.traced or "xtrace" in end.options
        self.shell.directory = end.directory
        self.shell.options = end.options
        self.shell.virtual_env = end.virtual_env
        # A quick look leaves no time to wait, but bash prints its prompt right after a command.
        deadline = self.deadline if self.is_waited_for else time.monotonic() + GRACE
        after = self.shell.await_prompt(deadline)
        if after is None:
            return self.result("unheard")
        output = self.without_ours(end, after)
        status = end.status
        if not executed and not output:
            status = 0  # a comment: bash keeps the status of the command before
        return replace(
            self.result("done"),
            output=output,
            status=status,
            parts=end.parts if executed else (),
            background=end.background,
        )

    def without_ours(self, end: CommandEnd, after: bytes) -> bytes:
        """Join what was printed up to the end and after it, without what our commands have caused.

        That is their trace under `set -x`, and what a DEBUG trap prints before each of them.
        """
        output = self.output.data()
        trapped = self.without_nonce(end.trapped)
        if trapped and output.endswith(trapped):
            output = output.removesuffix(trapped)
            while after.startswith(trapped):
                after = after.removeprefix(trapped)
        else:
            output += trapped
        return self.without_nonce(output + after)

    def without_nonce(self, text: bytes) -> bytes:
        """Leave out our markers in prompts, as `echo "$PS1"` prints them, and lines of ours."""
        nonce = self.terminal.nonce
        if nonce not in text:
            return text
        if not self.traced:
            text = self.terminal.markers.written.sub(b"", text)
        return b"".join(line for line in text.splitlines(keepends=True) if nonce not in line)

    def result(self, ended: Ended, waiting: ProcessInfo | None = None) -> CommandResult:
        """Sum up what there is so far."""
        self.begin()
        return CommandResult(
            ended,
            self.without_nonce(self.output.data()),
            self.output.left_out + self.echo.left_out,
            waiting=waiting,
            options=self.shell.options,
            before=self.before,
            unsaid=len(self.unsaid),
        )
