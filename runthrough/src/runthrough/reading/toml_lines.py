"""Parse TOML and keep the line of each value, which `tomllib` doesn't."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runthrough.model.places import Place
from runthrough.model.steps import Line

Keys = tuple[str | int, ...]
"""The keys that lead to a value; of an array, the number of the element."""
AT = re.compile(r"\s*\(at line (\d+), column (\d+)\)$")
QUOTES = ('"""', "'''")


class TomlError(Exception):
    """A text isn't TOML."""

    def __init__(self, what: str, line: int | None) -> None:
        super().__init__(what)
        self.what, self.line = what, line


@dataclass(frozen=True)
class Value:
    """A value of the file, and the lines of the statement that sets it."""

    key: str
    held: Any
    """As `tomllib` reads it; of a table or an array, see `parts`."""
    place: Place
    statement: tuple[Line, ...] = field(repr=False)
    parts: tuple[Value, ...] = ()
    """Of a table, the values by their keys; of an array, its elements."""

    def lines(self) -> tuple[Line, ...]:
        """Return the lines of a text, each where it's written.

        A text that's written with escapes is at the first line of its statement as a whole.
        """
        texts = str(self.held).removesuffix("\n").split("\n")
        for start in range(len(self.statement) - len(texts) + 1):
            rows = self.statement[start : start + len(texts)]
            if texts in contents([row.text for row in rows]):
                return tuple(Line(text, row.place) for text, row in zip(texts, rows, strict=True))
        near = next((row.place for row in self.statement if texts[0] in row.text), self.place)
        return tuple(Line(text, near) for text in texts)


def contents(rows: list[str]) -> Iterator[list[str]]:
    """Yield what lines of the file may hold of a text: all, or what's within its quotes."""
    yield rows
    for quotes in QUOTES:
        first, last = rows[0].partition(quotes)[2], rows[-1].removesuffix(quotes)
        yield [*rows[:-1], last]
        if len(rows) > 1 and first:
            yield [first, *rows[1:]]
            yield [first, *rows[1:-1], last]


def parse(text: str, file: Path) -> Value:
    """Parse a text as a table whose values know their lines; raises TomlError."""
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = AT.search(str(error))
        what = AT.sub("", str(error))
        raise TomlError(what, int(found[1]) if found else None) from error
    rows = tuple(Line(row, Place(file, number)) for number, row in enumerate(text.split("\n"), 1))
    return built("", whole, (), spans(rows), rows[:1])


def built(
    key: str, held: Any, path: Keys, known: dict[Keys, tuple[Line, ...]], around: tuple[Line, ...]
) -> Value:
    """Make the value at a path; one within another's statement or element has that of the other."""
    statement = known.get(path, around)
    named: list[tuple[str, Keys, Any]] = []
    if isinstance(held, dict):
        named = [(name, (*path, name), part) for name, part in held.items()]
    elif isinstance(held, list):
        named = [(key, (*path, number), part) for number, part in enumerate(held)]
    parts = tuple(built(name, part, where, known, statement) for name, where, part in named)
    return Value(key, held, statement[0].place, statement, parts)


def spans(rows: tuple[Line, ...]) -> dict[Keys, tuple[Line, ...]]:
    """Return the lines of the statement that gives each value, or begins each table."""
    known: dict[Keys, tuple[Line, ...]] = {}
    counts: Counter[Keys] = Counter()
    table: Keys = ()
    for statement, parsed in statements(rows):
        if statement[0].text.lstrip().startswith("["):
            table = path_of(parsed, counts)
            paths = [table[:end] for end in range(1, len(table) + 1)]
        else:
            paths = [(*table, *path) for path in keys_in(parsed)]
            known |= {(*table, *path): rows for path, rows in elements(statement, parsed)}
        for path in paths:
            known.setdefault(path, statement)
    return known


def elements(
    statement: tuple[Line, ...], parsed: dict[str, Any]
) -> Iterator[tuple[Keys, tuple[Line, ...]]]:
    """Yield the lines of each element of an array that's written over several lines.

    An element is there as soon as the array can be closed behind it.
    """
    *_, path = keys_in(parsed)
    start = known = 0
    for end in range(1, len(statement)):
        try:
            value: Any = tomllib.loads("\n".join(row.text for row in statement[:end]) + "\n]")
        except tomllib.TOMLDecodeError:
            continue
        for key in path:
            value = value[key]
        yield from (((*path, number), statement[start:end]) for number in range(known, len(value)))
        start, known = end, len(value)


def statements(rows: tuple[Line, ...]) -> Iterator[tuple[tuple[Line, ...], dict[str, Any]]]:
    """Yield the lines of each statement, and what they are by themselves.

    TOML is read from left to right, and a statement ends with its line: so it's the fewest lines
    that can be parsed.
    """
    start = 0
    for end in range(1, len(rows) + 1):
        try:
            parsed = tomllib.loads("\n".join(row.text for row in rows[start:end]))
        except tomllib.TOMLDecodeError:
            continue
        if parsed:
            yield rows[start:end], parsed
        start = end


def path_of(header: Any, counts: Counter[Keys]) -> Keys:
    """Return the path of the table that a header begins; `counts` are those of arrays so far."""
    path: Keys = ()
    while header:
        if isinstance(header, list):
            counts[path] += 1
            return (*path, counts[path] - 1)
        ((key, header),) = header.items()
        path = (*path, key)
        if path in counts and isinstance(header, dict):
            path = (*path, counts[path] - 1)
    return path


def keys_in(parsed: dict[str, Any], path: Keys = ()) -> Iterator[Keys]:
    """Yield the paths of the values of one statement, and of what they are in."""
    for key, part in parsed.items():
        yield (*path, key)
        if isinstance(part, dict):
            yield from keys_in(part, (*path, key))
