"""A pseudo-terminal with a bash at its other side: typed text out, markers and output in."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import termios
import time
from pathlib import Path

from runthrough.shell.markers import BEGIN, END, FIELD, Markers, new_nonce

KEPT = 1_000_000
"""Bytes kept at each end of an output."""

ROWS = 24
CTRL_C = b"\x03"
LITERAL = b"\x16"
"""Ctrl-V: the terminal takes the character after it as it is (stty's lnext)."""
NEAR = 20_000
"""Bytes that may come from elsewhere before a terminal has shown a typed line in full."""
LOCAL = 3
"""Where the local modes are in what tcgetattr returns."""


class ShellExited(Exception):
    """The shell has ended; contains what came before that."""

    def __init__(self, before: Capture) -> None:
        super().__init__("the shell has ended")
        self.before = before


class Terminal:
    """Our side of the terminal, and the markers that tell one command's output from the next."""

    def __init__(self, columns: int, nonce: bytes | None = None) -> None:
        self.nonce = nonce or new_nonce()
        self.markers = Markers(self.nonce)
        self.pending = b""
        self.ours, self.bashs = pty.openpty()
        self.name = Path(os.ttyname(self.bashs))
        fcntl.ioctl(self.bashs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))

    def type(self, line: str, enter: bytes = b"\n") -> None:
        """Type a line and Enter; control characters are typed so that the terminal keeps them."""
        typed = b"".join(
            LITERAL + bytes([byte]) if is_control(byte) else bytes([byte]) for byte in line.encode()
        )
        os.write(self.ours, typed + enter)

    def has(self, mode: int) -> bool:
        """Return whether a local mode of the terminal is on, such as termios.ECHO."""
        return bool(termios.tcgetattr(self.ours)[LOCAL] & mode)

    def marker(self, deadline: float, before: Capture) -> list[bytes] | None:
        """Return the fields of the next marker, and what comes before it; None at the deadline.

        The last field is what was printed while the marker was. Raises Gone if the shell
        ends instead.
        """
        begin = BEGIN + self.nonce + FIELD
        while True:
            self.pass_on(before)
            end = self.pending.find(END) if self.pending.startswith(begin) else -1
            if end >= 0:
                fields = self.pending[len(begin) : end].split(FIELD)
                self.pending = self.pending[end + 1 :]
                return fields
            if not self.read(deadline, before):
                return None

    def pass_on(self, before: Capture) -> None:
        """Move what comes before the next marker, or before what may be the beginning of one."""
        begin = BEGIN + self.nonce + FIELD
        sure = self.pending.find(begin)
        if sure < 0:
            sure = self.pending.rfind(BEGIN, -len(begin))
        if sure < 0:
            sure = len(self.pending)
        before.add(self.pending[:sure])
        self.pending = self.pending[sure:]

    def read(self, deadline: float, before: Capture) -> bool:
        """Take what the terminal has received; False at the deadline."""
        remaining = deadline - time.monotonic()  # endless output isn't a reason to go on
        if remaining <= 0 or not select.select([self.ours], [], [], remaining)[0]:
            return False
        try:
            data = os.read(self.ours, 65536)
        except OSError:  # EIO: the other side is closed
            data = b""
        if not data:
            raise ShellExited(before)
        self.pending += data
        return True

    def take_in(self, seconds: float, before: Capture) -> bool:
        """Take what the terminal receives within some seconds; False if no more can come."""
        try:
            self.read(time.monotonic() + seconds, before)
        except ShellExited:
            return False
        self.pass_on(before)
        return True

    def has_more(self) -> bool:
        """Return whether something was printed that has not been read yet.

        Whatever was printed before a look at a process is found by a call after that look: the
        kernel hands on what is under way before it answers.
        """
        return bool(select.select([self.ours], [], [], 0)[0])

    def interrupt(self) -> None:
        """Type Ctrl-C."""
        os.write(self.ours, CTRL_C)

    def hand_over(self) -> None:
        """Close bash's side, which bash itself has open by now."""
        os.close(self.bashs)

    def close(self) -> None:
        """Hang up; a second call does nothing."""
        if self.ours >= 0:
            os.close(self.ours)
        self.ours = -1


def is_control(byte: int) -> bool:
    """Return whether a terminal would act on a byte that is typed, rather than pass it on."""
    return (byte < 32 and byte != 9) or byte == 127


def echo_of(line: str) -> bytes:
    """Return what a terminal shows while a line is typed at it, with its Enter."""
    shown = bytearray()
    for byte in line.encode():
        # The terminal shows ^ for Ctrl-V, goes back over it, and shows the character as ^X.
        shown += b"^\b^" + bytes([byte ^ 64]) if is_control(byte) else bytes([byte])
    return bytes(shown) + b"\r\n"


def take_echo(heard: bytes, line: str) -> tuple[bytes, bytes] | None:
    """Split what was heard at the echo of a line; None if the line isn't in it.

    Something in the background may print while the terminal shows the line, and so in its middle.
    """
    echo = echo_of(line)
    near = heard[: len(echo) + NEAR]
    if (at := (b"\n" + near).find(b"\n" + echo)) >= 0:
        return heard[:at], heard[at + len(echo) :]
    for length in range(len(echo), 0, -1):
        start = near.find(echo[:length])
        rest = near.find(echo[length:], start + length) if start >= 0 else -1
        if rest >= 0:
            before = heard[:start] + heard[start + length : rest]
            return before, heard[rest + len(echo) - length :]
    return None


class Capture:
    """The beginning and the end of a stream of bytes, and how many there were."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self.head = bytearray()
        self.tail = bytearray()
        self.total = 0

    def add(self, data: bytes) -> None:
        """Take the next bytes."""
        self.total += len(data)
        room = self.kept - len(self.head)
        if room > 0:
            self.head += data[:room]
            data = data[room:]
        self.tail += data
        if len(self.tail) > 2 * self.kept:
            del self.tail[: -self.kept]

    @property
    def left_out(self) -> int:
        """How many bytes in the middle are not kept."""
        return max(0, self.total - len(self.head) - self.kept)

    def data(self) -> bytes:
        """Return what is kept."""
        return bytes(self.head) + bytes(self.tail[-self.kept :])
