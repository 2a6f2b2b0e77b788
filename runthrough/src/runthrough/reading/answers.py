"""What a reader answers a program with: the lines of the option `:input:`."""

from __future__ import annotations

ENTER = "<Enter>"
"""Stands for the Enter key alone; an empty line would end a directive's options."""


def to_type(option: str) -> tuple[str, ...]:
    """Return the lines that are typed, without their line ends."""
    return tuple("" if line.strip() == ENTER else line for line in option.splitlines())


def to_read(option: str) -> str:
    """Tell the reader what to answer, in a markup that reStructuredText and Markdown share."""
    lines = (line.strip() for line in option.splitlines())
    return "Answer with " + ", ".join("Enter" if one == ENTER else f"``{one}``" for one in lines)
