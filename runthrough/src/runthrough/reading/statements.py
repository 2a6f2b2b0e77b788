"""Read the statements that a page has a reader type at Python's prompt, and what they print.

The format is doctest's: a statement begins with `>>> ` and continues with `... `. With IPython's
prompt, it begins with `In [1]: ` and continues with `   ...: `.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from runthrough.model.steps import Command, Line
from runthrough.reading.session import SessionError
from runthrough.reading.sources import source_line

PROMPT = re.compile(r"(?:>>>|(?P<ipython>In \[\d+\]:))(?: (?P<text>.*))?")
FURTHER = re.compile(r"(?:\.\.\.| +\.{3,}:)(?: (?P<text>.*))?")
IPYTHON = re.compile(r"In \[\d+\]: ")
"""How a line begins that is typed at IPython's prompt."""
BLANK_LINE = "<BLANKLINE>"
"""What doctest writes for a blank line that is printed."""
FLAGS = re.compile(r"#\s*doctest:\s*(?P<flags>[+\-\w, ]+)")
OPENS = re.compile(r"(?:\S*/)?(?:i?python[\d.]*|py)(?: -[BEIOPRSbdiqsuvx]+| -[WX] ?\S+)*")
"""A command that opens Python's prompt."""


def doctest_flags(line: Line) -> set[str]:
    """Return the flags that a comment of a line turns on for doctest; Sphinx doesn't show it."""
    found = FLAGS.search(source_line(line.place) or line.text)
    words = re.split(r"[\s,]+", found["flags"]) if found else []
    return {word.removeprefix("+") for word in words if word.startswith("+")}


def read_statements(lines: Sequence[Line]) -> tuple[Command, ...]:
    """Split the lines of a block into statements and what they print; without those to skip.

    Raises SessionError if a line comes before any prompt, and where a prompt has no statement.
    """
    return tuple(statements_in(lines))


def statements_in(lines: Sequence[Line]) -> Iterator[Command]:
    """Yield the statements of `read_statements`."""
    rest = list(lines)
    while rest and not rest[0].text.strip():
        del rest[0]
    while rest:
        first = rest.pop(0)
        found = PROMPT.fullmatch(first.text.rstrip())
        if found is None:
            raise SessionError(
                first,
                f"this line of a Python session comes before any prompt: {first.text!r}",
                "Write '>>> ' before each statement, including the space, and '... ' before its "
                "other lines.",
            )
        texts, flags = [found["text"] or ""], doctest_flags(first)
        while rest and (more := FURTHER.fullmatch(rest[0].text.rstrip())) and texts[0]:
            texts.append(more["text"] or "")
            flags |= doctest_flags(rest.pop(0))
        output = []
        while rest and not PROMPT.fullmatch(rest[0].text.rstrip()):
            output.append(rest.pop(0))
        while output and not output[-1].text.strip():
            output.pop()
        text = "\n".join(texts).rstrip()
        if text and "SKIP" not in flags:
            shown = (replace(one, text="") if one.text == BLANK_LINE else one for one in output)
            reader: Literal["ipython", "python"] = "ipython" if found["ipython"] else "python"
            yield Command(text, first.place, tuple(shown), read_by=reader)


def with_statements(commands: Sequence[Command]) -> tuple[Command, ...]:
    """Take the statements out of what a command shows that opens Python's prompt.

    What Python says at its start is left out, since it tells its version and its system.
    """
    found: list[Command] = []
    for command in commands:
        start = next((i for i, line in enumerate(command.output) if PROMPT.match(line.text)), None)
        if start is None or not OPENS.fullmatch(command.text):
            found.append(command)
        else:
            found.append(replace(command, output=()))
            found += read_statements(command.output[start:])
    return tuple(found)
