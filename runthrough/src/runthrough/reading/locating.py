"""Find the lines of a source file that the text of a block comes from.

docutils, MyST and other extensions say where a block is, but they aren't always right: an `include`
that leaves out lines, a `source-read` handler and a translation all move text. So a place is
trusted only if the text is there. Otherwise, the file is searched for the text.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from runthrough.model.places import Place
from runthrough.reading.sources import known_lines

MARGIN = re.compile(r"(?:>|[-*+|%]\s|\d+[.)]\s|#:?|//|--\s|\.\.\s|[rbuRBU]?\"{3}|[rR]?'{3})\s*")
"""What may be left of a line: marks of quotes, lists, comments and docstrings."""
QUOTED = re.compile(r'(?:msgstr\s+)?("(?:[^"\\]|\\.)*"),?')
"""A line of a translation (gettext) or of a notebook (JSON)."""
QUOTING = (".po", ".ipynb")
DOCTEST_FLAGS = re.compile(r"\s*#\s*doctest:.+$")
"""What Sphinx doesn't show of a line that is typed at Python's prompt."""
FILLED = re.compile(r"\|\S(?:[^|]*\S)?\||\{\{.*?\}\}|\{%.*?%\}|%\(\w+\)s|\$?\{\w+\}|@\w+@")
"""What a substitution or a template puts other text in the place of."""
ALIKE = 0.6
"""How much of a line must be as its source has it, where something was filled in."""

Texts = tuple[str, ...]


def squeezed(text: str) -> str:
    """Leave all blanks out: tabs and indentation differ between a source and its page."""
    return "".join(text.split())


def readings(line: str, suffix: str) -> Iterator[str]:
    """Yield what a line of a source may show: the whole line, and what's right of its marks."""
    rest = line.strip()
    if suffix in QUOTING and (quoted := QUOTED.fullmatch(rest)):
        rest = unquoted(quoted[1])
    yield rest
    if flags := DOCTEST_FLAGS.search(rest):
        yield rest[: flags.start()]
    if rest.startswith("|") and rest.endswith("|"):  # the cells of a table's row
        yield from rest.split("|")
    while mark := MARGIN.match(rest):
        rest = rest[mark.end() :]
        yield rest
    if suffix == ".py":
        for quotes in ('"""', "'''"):
            yield rest.removesuffix(quotes)
        yield rest.replace("\\\\", "\\")


def unquoted(text: str) -> str:
    """Read a text in double quotes, as JSON and gettext write it."""
    try:
        return str(json.loads(text)).rstrip("\n")
    except ValueError:
        return text


@lru_cache(maxsize=256)
def read_at(file: Path, changed: int) -> tuple[frozenset[str], ...]:
    """Read what each line of a file may show; `changed` keeps the cache true."""
    lines = known_lines(file)
    return tuple(frozenset(map(squeezed, readings(line, file.suffix))) for line in lines)


def shown_by(file: Path) -> tuple[frozenset[str], ...]:
    """Return what each line of a file may show, without blanks; none if it can't be read."""
    try:
        return read_at(file, file.stat().st_mtime_ns)
    except OSError:
        return ()


def fits(text: str, place: Place) -> bool:
    """Return whether a line of a source shows this text, blanks aside."""
    lines, number = shown_by(place.file), place.line or 0
    return 0 < number <= len(lines) and squeezed(text) in lines[number - 1]


def alike(text: str, place: Place) -> bool:
    """Return whether a line shows this text once something was filled in."""
    lines, number = shown_by(place.file), place.line or 0
    wanted = squeezed(text)
    return 0 < number <= len(lines) and any(
        is_filled(one, wanted) or is_close(one, wanted) for one in lines[number - 1]
    )


def is_filled(source: str, wanted: str) -> bool:
    """Return whether a text is its source with something filled in for marks of a template."""
    literal = [re.escape(part) for part in FILLED.split(source)]
    return any(literal) and re.fullmatch(".*".join(literal), wanted) is not None


def is_close(source: str, wanted: str) -> bool:
    """Return whether a text is its source with some other words."""
    start = common(source, wanted)
    end = common(source[start:][::-1], wanted[start:][::-1])
    return start + end >= ALIKE * max(len(source), len(wanted), 1)


def common(one: str, other: str) -> int:
    """Count the characters with which both texts begin."""
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def trimmed(texts: Texts) -> Texts:
    """Leave out blank lines at the end: MyST counts the end of a fence's last line as one."""
    end = max((i for i, text in enumerate(texts, 1) if text.strip()), default=0)
    return texts[:end]


def at(first: Place, texts: Texts) -> tuple[Place, ...]:
    """Place lines that follow each other."""
    return tuple(first.down(number) for number in range(len(texts)))


def occurrences(texts: Texts, file: Path) -> list[int]:
    """Find all lines of a file at which these lines begin."""
    lines = shown_by(file)
    wanted = [squeezed(text) for text in trimmed(texts)]
    return [
        start + 1
        for start in range(len(lines) - len(wanted) + 1)
        if all(text in lines[start + i] for i, text in enumerate(wanted))
    ]


def filled_in(texts: Texts, file: Path) -> list[int]:
    """Find all lines of a file at which these lines begin, once something was filled in."""
    lines = shown_by(file)
    wanted = [squeezed(text) for text in trimmed(texts)]
    return [
        start + 1
        for start in range(len(lines) - len(wanted) + 1)
        if all(
            text in lines[start + i] or any(is_filled(one, text) for one in lines[start + i])
            for i, text in enumerate(wanted)
        )
    ]


@dataclass
class Locator:
    """Finds the lines of a page's blocks, one after the other in reading order."""

    files: tuple[Path, ...]
    """Where to look: the page, and the files that it includes."""
    counts: Counter[tuple[Path, Texts]] = field(default_factory=Counter)
    """How many blocks of the page have the same text and say that they are in the same file."""
    passed: Counter[tuple[Path, Texts]] = field(default_factory=Counter)
    expected: list[tuple[Texts, Place]] = field(default_factory=list)
    """All blocks of the page, and where each claims to be."""

    def expect(self, texts: Texts, claimed: Place) -> None:
        """Take note of a block: of equal ones, each is at the occurrence of its number."""
        self.counts[claimed.file, texts] += 1
        self.expected.append((texts, claimed))

    @cached_property
    def moved(self) -> dict[Path, set[int]]:
        """By how many lines blocks are below where they claim to be, if their text is found once.

        Only a block whose own text is in several places asks for it.
        """
        moved: dict[Path, set[int]] = {}
        for texts, claimed in self.expected:
            found = occurrences(texts, claimed.file) if claimed.line else []
            if claimed.line and len(found) == 1:
                moved.setdefault(claimed.file, set()).add(found[0] - claimed.line)
        return moved

    def find(self, texts: Texts, claimed: Sequence[Place]) -> tuple[Place, ...] | None:
        """Return the places of a block's lines, None if its text isn't found or ambiguous."""
        file = claimed[0].file
        key = file, texts
        number = self.passed[key]
        self.passed[key] += 1
        right = all(map(fits, trimmed(texts), claimed))
        if right and self.counts[key] < 2:
            return tuple(claimed)
        found = occurrences(texts, file)
        if len(found) == max(1, self.counts[key]):
            return at(Place(file, found[min(number, len(found) - 1)]), texts)
        if right:
            return tuple(claimed)
        if found:
            return self.as_others(found, texts, claimed[0])
        return self.elsewhere(texts, file) or self.filled(texts, claimed)

    def as_others(
        self, found: Sequence[int], texts: Texts, claimed: Place
    ) -> tuple[Place, ...] | None:
        """Return the only occurrence that has moved as other blocks have."""
        moved = self.moved.get(claimed.file, set())
        alike = [line for line in found if line - (claimed.line or line) in moved]
        return at(Place(claimed.file, alike[0]), texts) if len(alike) == 1 else None

    def elsewhere(self, texts: Texts, claimed: Path) -> tuple[Place, ...] | None:
        """Look for the text in the other files of the page."""
        found = [
            at(Place(file, line), texts)
            for file in dict.fromkeys(self.files)
            if file != claimed
            for line in occurrences(texts, file)
        ]
        return found[0] if len(found) == 1 else None

    def filled(self, texts: Texts, claimed: Sequence[Place]) -> tuple[Place, ...] | None:
        """Look for the text with something filled in."""
        if all(fits(*one) or alike(*one) for one in zip(trimmed(texts), claimed, strict=False)):
            return tuple(claimed)
        found = filled_in(texts, claimed[0].file)
        return at(Place(claimed[0].file, found[0]), texts) if len(found) == 1 else None
