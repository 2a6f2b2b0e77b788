"""A Python at a terminal of its own, to which the `>>> ` lines of a page are typed.

A page's shell starts it, so it has the shell's folder, PATH and virtual environment. It goes on
while commands are typed in that shell.
"""

from __future__ import annotations

import base64
import contextlib
import os
import shlex
import signal
import termios
import time
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from runthrough.shell import python_prompt
from runthrough.shell.following import ASKING, FIRST_LOOK, GRACE
from runthrough.shell.inputs import look_at
from runthrough.shell.shell import Shell
from runthrough.shell.terminal import LOCAL, Capture, ShellExited, Terminal

CHUNK = 3000
"""Characters of a statement in one line: a terminal takes no more than 4095."""
ANY_PYTHON = "$(builtin command -v python3 || builtin command -v python || builtin echo python3)"

Ended = Literal["done", "failed", "open", "input", "timeout", "gone"]
ENDED: dict[str, Ended] = {"done": "done", "failed": "failed", "open": "open"}
"""How a statement has ended that has left Python as it is, by what Python says of it."""


@dataclass(frozen=True)
class Ran:
    """The result of a statement."""

    ended: Ended
    """Whether it has raised an error (failed), isn't complete (open), waits for someone to type,
    hasn't ended in time, or has ended its Python (gone)."""
    output: bytes
    status: int | None = None
    """Of the Python that has ended."""


class Interpreter:
    """A Python that waits for statements."""

    def __init__(self, shell: Shell, program: str = "", columns: int = 80) -> None:
        """Start `program`, a word of bash; otherwise the Python that the shell's PATH has."""
        self.is_ipython = PurePath(program.split(" ")[0]).name.startswith("ipython")
        self.terminal = Terminal(columns)
        self.pid = 0
        modes = termios.tcgetattr(self.terminal.bashs)
        modes[LOCAL] &= ~termios.ECHO
        termios.tcsetattr(self.terminal.bashs, termios.TCSANOW, modes)
        nonce, name = self.terminal.nonce.decode(), shlex.quote(str(self.terminal.name))
        file = shlex.quote(str(Path(python_prompt.__file__)))
        run = f"{program or ANY_PYTHON} {file} {nonce}"
        gone = f"builtin printf '\\036{nonce}\\035gone %s\\037' $?"
        shell.run_unseen(f"( {{ {run}; {gone}; }} < {name} > {name} 2>&1 & )")
        self.started = self.wait(time.monotonic() + GRACE)
        self.terminal.hand_over()

    def run(self, statement: str, timeout: float) -> Ran:
        """Type a statement and wait until it has ended; `timeout` is in seconds."""
        typed = base64.b64encode(statement.encode()).decode()
        while len(typed) > CHUNK:
            self.terminal.type(f"+{typed[:CHUNK]}")
            typed = typed[CHUNK:]
        self.terminal.type(f".{typed}")
        return self.wait(time.monotonic() + timeout)

    def wait(self, deadline: float) -> Ran:
        """Wait until Python is ready for the next statement."""
        output, silent, asks = Capture(), time.monotonic(), False
        while time.monotonic() < deadline:
            before = output.total
            try:
                fields = self.terminal.marker(
                    min(deadline, time.monotonic() + 5 * FIRST_LOOK), output
                )
            except ShellExited:
                return Ran("gone", output.data())
            if fields is not None:
                ended, _, number = fields[0].decode().partition(" ")
                if ended == "gone":
                    return Ran("gone", output.data(), int(number))
                if ended == "ready":
                    self.pid = int(number)
                    return Ran("done", output.data())
                return Ran(ENDED[ended], output.data())
            if output.total != before:
                silent, asks = time.monotonic(), False
            elif time.monotonic() - silent > ASKING and self.pid:
                waits = bool(look_at([self.pid], self.terminal.name).waiting)
                if waits and asks:
                    return Ran("input", output.data())
                asks = waits
        return Ran("timeout", output.data())

    def end(self) -> None:
        """End Python; a second call does nothing."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, signal.SIGKILL)
        self.pid = 0
        self.terminal.close()
