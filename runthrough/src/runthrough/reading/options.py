"""The options by which a block says what it asks of the reader: one table, used everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from docutils.parsers.rst import directives


@dataclass(frozen=True)
class Option:
    """An option of a block."""

    read: Callable[[str], Any]
    """Checks and converts its value; raises ValueError."""
    belongs: Literal["command", "file", "any"]
    """What it fits: a console block, a listing, or a block that asks for nothing else."""


def seconds(argument: str) -> float:
    """Read a time limit, in seconds."""
    value = float(directives.unchanged_required(argument))
    if not 0 < value < float("inf"):
        raise ValueError(f"{argument!r} is not a number of seconds above 0")
    return value


OPTIONS: dict[str, Option] = {
    "create": Option(directives.flag, "file"),
    "replace": Option(directives.flag, "file"),
    "append": Option(directives.flag, "file"),
    "status": Option(directives.nonnegative_int, "command"),
    "input": Option(directives.unchanged_required, "command"),
    "timeout": Option(seconds, "command"),
    "quotes": Option(directives.flag, "any"),
    "output": Option(directives.flag, "any"),
    "skip": Option(directives.unchanged_required, "any"),
}
"""What the block directives accept besides their own options."""

FILE_ONLY = tuple(name for name, one in OPTIONS.items() if one.belongs == "file")
"""What a reader may do with the file of a listing, beside looking at it."""
COMMAND_ONLY = tuple(name for name, one in OPTIONS.items() if one.belongs == "command")
FLAGS = tuple(name for name, one in OPTIONS.items() if one.read is directives.flag)

DIFFS = frozenset({"diff", "udiff"})
"""Languages of blocks that change lines of a file."""
