"""A pseudo-terminal with a bash at its other side: typed text out, markers and output in.

In bash's words: PS0 is printed when a command begins (marker S), PROMPT_COMMAND when it has
ended (E), PS1 when the next may be typed (P), PS2 when the one being typed is not complete (C).
"""

from __future__ import annotations

import fcntl
import os
import pty
import secrets
import select
import shlex
import struct
import termios
import time
from pathlib import Path

from runthrough.shell.capture import Capture

ROWS = 24
BEGIN, FIELD, END = b"\x1e", b"\x1d", b"\x1f"
CTRL_C = b"\x03"
LITERAL = b"\x16"
"""Ctrl-V: the terminal takes the character after it as it is (stty's lnext)."""


class Gone(Exception):
    """The shell has ended; holds what came before that."""

    def __init__(self, before: Capture) -> None:
        super().__init__("the shell has ended")
        self.before = before


class Terminal:
    """Our side of the terminal, and the markers that tell one command's output from the next."""

    def __init__(self, columns: int, nonce: bytes | None = None) -> None:
        self.nonce = nonce or b"RT" + secrets.token_hex(8).encode()
        self.pending = b""
        self.ours, self.bashs = pty.openpty()
        self.name = Path(os.ttyname(self.bashs))
        fcntl.ioctl(self.bashs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))

    def introduction(self) -> str:
        """Write the line that makes bash print our markers, and keep no history."""
        begin = f"$'\\036{self.nonce.decode()}'"
        one = f"$'\\036{self.nonce.decode()}\\035%s\\035\\037'"
        said = '"$?" "$PWD" "${!-}" "$-" "${PIPESTATUS[@]}"'
        ended = f"printf '%s\\035' {begin} E {said}; printf '\\037'"
        return (
            "set +o history; set +H; unset HISTFILE; "
            f"PS0={one % 'S'} PS1={one % 'P'} PS2={one % 'C'} PROMPT_COMMAND={shlex.quote(ended)}"
        )

    def type(self, line: str) -> None:
        """Type a line and Enter; control characters are typed so that the terminal keeps them."""
        typed = b"".join(
            LITERAL + bytes([byte]) if byte < 32 and byte != 9 else bytes([byte])
            for byte in line.encode()
        )
        os.write(self.ours, typed + b"\n")

    def marker(self, deadline: float, before: Capture) -> list[bytes] | None:
        """Return the fields of the next marker, and what comes before it; None at the deadline.

        Raises Gone where the shell ends instead.
        """
        begin = BEGIN + self.nonce + FIELD
        while True:
            at = self.pending.find(begin)
            end = self.pending.find(END, at) if at >= 0 else -1
            if end >= 0:
                before.add(self.pending[:at])
                fields = self.pending[at + len(begin) : end].split(FIELD)[:-1]
                self.pending = self.pending[end + 1 :]
                return fields
            sure = at if at >= 0 else self.pending.rfind(BEGIN, -len(begin))
            if sure < 0:
                sure = len(self.pending)
            before.add(self.pending[:sure])
            self.pending = self.pending[sure:]
            if not self.read(deadline, before):
                return None

    def read(self, deadline: float, before: Capture) -> bool:
        """Take what the terminal has received; False at the deadline."""
        remaining = deadline - time.monotonic()  # endless output is no reason to go on
        if remaining <= 0 or not select.select([self.ours], [], [], remaining)[0]:
            return False
        try:
            data = os.read(self.ours, 65536)
        except OSError:  # EIO: nobody holds the other side any more
            data = b""
        if not data:
            raise Gone(before)
        self.pending += data
        return True

    def interrupt(self) -> None:
        """Type Ctrl-C."""
        os.write(self.ours, CTRL_C)

    def hand_over(self) -> None:
        """Let go of bash's side, which bash itself holds by now."""
        os.close(self.bashs)

    def close(self) -> None:
        """Hang up; again does nothing."""
        if self.ours >= 0:
            os.close(self.ours)
        self.ours = -1
