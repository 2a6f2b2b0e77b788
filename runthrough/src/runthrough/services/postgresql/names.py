"""Random names and passwords, as long as those that a page shows."""

from __future__ import annotations

import secrets
import string

ALPHABET = string.ascii_lowercase + string.digits
PREFIX = "rt_"
"""What the name of every database of ours begins with, so that a leftover is recognised."""


def password(length: int) -> str:
    """Return letters and digits that can't be guessed, as far as `length` allows."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))


def database(length: int) -> str:
    """Return a new database name of `length` characters."""
    return PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(length - len(PREFIX)))
