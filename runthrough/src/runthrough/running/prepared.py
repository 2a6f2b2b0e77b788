"""Folders that a run fills with the help of other programs, and that later runs reuse."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

KEY = "key"
"""The file in such a folder that says what it was made of; it's written last."""
SHOWN = 30
"""Lines at the end of what a program prints that an error shows."""


@contextmanager
def filled(folder: Path, made_of: str) -> Iterator[bool]:
    """Yield whether a folder has to be filled: it's empty then, unless it's as before.

    It counts as filled from the end of the block on, if that raises nothing.
    """
    kept = folder / KEY
    if kept.is_file() and kept.read_text() == made_of:
        yield False
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield True
    kept.write_text(made_of)


def call(command: Sequence[str], variables: Mapping[str, str]) -> tuple[int, str]:
    """Run a program that asks nothing; return its status, and the end of what it printed.

    `variables` are added to our own environment.
    """
    done = subprocess.run(
        command,
        env={**os.environ, **variables, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    lines = done.stdout.splitlines()[-SHOWN:]
    return done.returncode, "\n".join(f"    {line}" for line in lines)
