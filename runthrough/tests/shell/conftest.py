"""A bash of its own for each test that types into one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runthrough.shell.shell import CommandResult, Shell


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    """A shell in an empty home."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    shell = Shell(tmp_path, {**environment, "TERM": "xterm"}, 80)
    yield shell
    shell.end()


Say = Callable[..., str]


@pytest.fixture
def said(shell: Shell) -> Say:
    """Run commands one after the other, and return what the last of them printed."""

    def run(*commands: str) -> str:
        ran = CommandResult("done")
        for command in commands:
            ran = shell.run(command)
            assert ran.ended == "done", command
        return ran.output.decode().replace("\r\n", "\n")

    return run
