"""Distinguish a bash at its prompt from any other program that reads the terminal (Linux)."""

from __future__ import annotations

import os
import time
from pathlib import Path

from runthrough.shell.inputs import IS_KNOWN, Waiting, calls_of, fields

ARGUMENTS_START = 45
"""Where proc(5)'s arg_start is, from the state on. It changes with each program that is run."""
LEARNING = 5.0
"""Seconds that a bash which has printed its prompt has to begin to read."""
WITH_OPERAND = ("--rcfile", "--init-file", "-O", "+O", "-o", "+o")

Signature = tuple[int, int, tuple[int, ...]]
Image = tuple[int, str]


class Prompts:
    """The shells of a page that we follow, and how each of them reads a command line.

    The call in which bash reads a command has a buffer of its own; `read` uses another one.
    """

    def __init__(self) -> None:
        self.followed: set[Image] = set()
        self.reading: set[Signature] = set()

    def learn(self, pid: int) -> None:
        """Note a bash that is about to read at its prompt."""
        deadline = time.monotonic() + LEARNING
        while IS_KNOWN and time.monotonic() < deadline:
            try:
                self.followed.add(image(pid))
                calls = [call for call in calls_of(pid) if call.kind == "read"]
            except (OSError, ValueError):
                return
            if calls:
                self.reading.add((pid, calls[0].number, calls[0].arguments[:3]))
                return
            time.sleep(0.0005)

    def follow(self, pid: int) -> bool:
        """Return whether a process is a bash that we follow."""
        return any(pid == followed for followed, _ in self.followed)

    def is_ours(self, pid: int) -> bool:
        """Return whether a process runs the same program as a bash that we follow, as ( ... )
        does."""
        return image(pid)[1] in {program for _, program in self.followed}

    def hold(self, one: Waiting) -> bool:
        """Return whether what waits is a bash that we follow, at its prompt."""
        call = one.call
        return (call.pid, call.number, call.arguments[:3]) in self.reading

    def is_new_bash(self, one: Waiting) -> bool:
        """Return whether what waits is an interactive bash that we don't follow yet."""
        process = Path(f"/proc/{one.call.pid}")
        try:
            if not (process / "exe").readlink().name.startswith("bash"):
                return False
            words = (process / "cmdline").read_bytes().rstrip(b"\0").split(b"\0")
            known = self.is_ours(one.call.pid)
        except (OSError, ValueError):
            return False
        return not known and is_interactive([os.fsdecode(word) for word in words])


def image(pid: int) -> Image:
    """Identify the program that a process runs; `exec` gives it another."""
    return pid, fields(Path(f"/proc/{pid}"))[ARGUMENTS_START]


def is_interactive(words: list[str]) -> bool:
    """Return whether the arguments of a bash name neither a script nor a command to run."""
    rest = words[1:]
    while rest:
        word = rest.pop(0)
        if word in WITH_OPERAND:
            del rest[:1]
        elif word[:1] not in ("-", "+") or (word[:2] != "--" and "c" in word):
            return False
    return True
