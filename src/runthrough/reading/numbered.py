"""Find which lines of a file a `literalinclude` takes."""

from __future__ import annotations

import os
from typing import Any

from sphinx.config import Config
from sphinx.directives.code import LiteralIncludeReader


class Numbered(str):
    """A line of a file that knows its number, counted from 1."""

    number: int

    def __new__(cls, text: str, number: int) -> Numbered:
        line = super().__new__(cls, text)
        line.number = number
        return line


class NumberedReader(LiteralIncludeReader):
    """Sphinx's own selection of lines, performed on lines that know their numbers."""

    def read_file(self, filename: str | os.PathLike[str], location: Any = None) -> list[str]:
        lines = super().read_file(filename, location)
        return [Numbered(text, number) for number, text in enumerate(lines, 1)]

    def dedent_filter(self, lines: list[str], location: Any = None) -> list[str]:
        return lines  # a cut changes no number, and would lose it

    def numbers(self) -> list[int]:
        """Number the selected lines; what an option adds takes its neighbour's number."""
        lines = self.read_file(self.filename)
        for select in (
            self.pyobject_filter,
            self.start_filter,
            self.end_filter,
            self.lines_filter,
            self.prepend_filter,
            self.append_filter,
        ):
            lines = select(lines)
        numbers: list[int] = []
        for line in lines:
            last = numbers[-1] if numbers else 1
            numbers.append(line.number if isinstance(line, Numbered) else last)
        return numbers


def line_numbers(filename: str, options: dict[str, Any], config: Config) -> list[int]:
    """Return the number in its file of each line that these options select."""
    if "diff" in options:
        return [1]  # made of two files, so no line of it stands in either
    return NumberedReader(filename, options, config).numbers()
