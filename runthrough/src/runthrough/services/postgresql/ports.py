"""Ports for a server of our own."""

from __future__ import annotations

import errno
import random
import socket
from collections.abc import Iterator

LOOPBACK = "127.0.0.1"
RANGES = {4: range(6000, 10000), 5: range(20000, 32768)}
"""Ports by their digits: no year, none that Linux hands out to clients (from 32768 on)."""


def candidates(shown: int | None) -> Iterator[int]:
    """Yield free ports with as many digits as the one that the page shows, and not that one."""
    choices = RANGES.get(len(str(shown)), RANGES[4])
    for port in random.sample(choices, 100):
        if port != shown and is_free(port):
            yield port


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Return whether nothing listens on a port of this machine."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            # As PostgreSQL does: connections that have just ended are no hindrance.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        # Where there is no IPv6, nobody listens on it.
        return error.errno != errno.EADDRINUSE
    return True
