"""Keep what a command prints, in bounded memory."""

from __future__ import annotations

KEPT = 1_000_000
"""Bytes kept at each end of an output."""


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
