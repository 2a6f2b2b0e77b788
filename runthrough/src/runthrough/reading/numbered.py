"""Find which lines of a file a `literalinclude` takes."""

from __future__ import annotations

import os
import re
from typing import Any

from sphinx.config import Config
from sphinx.directives.code import LiteralIncludeReader

MARKED = re.compile("\0([0-9]+)\0")
"""How a line carries its number through Sphinx's own selection."""


class NumberedReader(LiteralIncludeReader):
    """Sphinx's own selection of lines, from a file in which each line ends with its number."""

    def read_file(self, filename: str | os.PathLike[str], location: Any = None) -> list[str]:
        lines = super().read_file(filename, location)
        numbered, number = [], 1
        for line in lines:
            text = line.rstrip("\r\n")
            numbered.append(f"{text}\0{number}\0{line[len(text) :]}")
            number += line.endswith("\n")
        return numbered


def line_numbers(filename: str, options: dict[str, Any], config: Config) -> list[int | None]:
    """Return, for each line that these options select, its number in the file.

    None for a line that isn't in the file, but added by an option.
    """
    text, _ = NumberedReader(filename, options, config).read()
    marks = map(MARKED.search, text.removesuffix("\n").split("\n"))
    return [int(mark[1]) if mark else None for mark in marks]
