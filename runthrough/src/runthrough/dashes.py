"""Part the arguments of a command at `--`: what follows goes to another program."""

from __future__ import annotations


def split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Return the arguments before `--` and those after it; the first `--` itself is in neither."""
    if "--" not in arguments:
        return arguments, []
    position = arguments.index("--")
    return arguments[:position], arguments[position + 1 :]
