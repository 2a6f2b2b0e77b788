"""Which value of the run each value of the page means.

*Captures* (a revision id, a path, an address) are bound: once the page has shown one where
the run printed another, the page's value means the run's, everywhere. *Patterns* (a date, a
duration) only have to have the same form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from runthrough.matching.wrapping import substitute
from runthrough.model.places import Place
from runthrough.model.results import Failure, StepFailed

PREFIX = 4
"""The fewest characters by which a command may name a capture."""
WORD = "[0-9A-Za-z]"
UNKNOWN = (
    "Show the output that prints the value before the page uses it, and write the value "
    "exactly as that output shows it."
)


class PlaceholderError(Exception):
    """The page's values contradict each other, given what was printed."""

    def __init__(self, what: str, value: str) -> None:
        super().__init__(what)
        self.value = value  # on the page


def check_known(placeholders: Placeholders, text: str, place: Place) -> None:
    """Fail at `place` if a text contains a capture that no output has introduced.

    Raises StepFailed.
    """
    try:
        placeholders.check_known(text)
    except PlaceholderError as error:
        raise StepFailed(Failure(place, str(error), UNKNOWN)) from error


def alone(pattern: str) -> str:
    """Return a pattern that matches only without a letter or digit right before or after it."""
    return f"(?<!{WORD})(?:{pattern})(?!{WORD})"


class Substitution:
    """Replaces each of some texts by its counterpart, in one pass, the longest first."""

    def __init__(self, pairs: Mapping[str, str], replaced: set[str] | None = None) -> None:
        self.pairs = pairs
        self.replaced: set[str] = set() if replaced is None else replaced
        """The texts that were replaced so far."""
        longest_first = sorted(pairs, key=len, reverse=True)
        self.pattern = re.compile(
            "|".join(alone(re.escape(one)) for one in longest_first) or r"(?!)"
        )

    def replace(self, match: re.Match[str]) -> str:
        self.replaced.add(match.group())
        return self.pairs[match.group()]

    def text(self, text: str) -> str:
        return self.pattern.sub(self.replace, text)

    def lines(self, lines: Sequence[str], columns: int) -> list[str]:
        return substitute(lines, self.pattern, self.replace, columns)


class Placeholders:
    """The values bound so far, and what else differs in every run."""

    def __init__(
        self,
        captures: Mapping[str, re.Pattern[str]],
        patterns: Mapping[str, re.Pattern[str]],
        columns: int,
    ) -> None:
        self.captures, self.patterns, self.columns = dict(captures), dict(patterns), columns
        self.typed: dict[str, str] = {}
        """Page's value -> run's, where a reader types or reads it."""
        self.printed: dict[str, str] = {}
        """Run's value -> page's, where it can only be read."""
        self.kinds: dict[str, str] = {}
        """Page's value -> its kind, for captures bound by an output, and beginnings of these."""
        self.told: set[str] = set()
        """The page's values whose counterparts the run has been told."""
        kinds = [*(("i", one) for one in captures), *(("s", one) for one in patterns)]
        compiled = {**self.captures, **self.patterns}
        self.groups = {f"{mark}{n}": kind for n, (mark, kind) in enumerate(kinds)}
        self.any = re.compile(
            "|".join(
                f"(?P<{group}>{alone(compiled[kind].pattern)})"
                for group, kind in self.groups.items()
            )
            or r"(?!)"
        )
        self.rebuild()

    def rebuild(self) -> None:
        """Make the substitutions again after a value was bound."""
        self.to_run_values = Substitution(self.typed, self.told)
        self.to_page_values = Substitution(self.printed)

    def fix(self, page: str, run: str, *, typed: bool = True) -> None:
        """Bind a value that is known before anything is printed (a path, an address)."""
        if typed:
            self.typed[page] = run
        self.printed[run] = page
        self.rebuild()

    def bind(self, kind: str, page: str, run: str) -> None:
        """Let the page's value mean the run's from now on.

        Raises PlaceholderError if one of the two already means something else.
        """
        if self.typed.get(page, run) != run:
            meant = self.typed[page]
            raise PlaceholderError(
                f"the page's {kind} {page} stood for {meant!r} before, but here it would stand "
                f"for {run!r}",
                page,
            )
        if self.printed.get(run, page) != page:
            raise PlaceholderError(
                f"the page shows {page} here and {self.printed[run]} before, but the run printed "
                f"the same {kind} in both places",
                page,
            )
        self.kinds[page] = kind
        self.fix(page, run)

    def to_run(self, text: str) -> str:
        """Put the run's values where a text of the page has the page's.

        Raises PlaceholderError for a capture that no output has introduced.
        """
        self.check_known(text)
        return self.to_run_values.text(text)

    def command_to_run(self, text: str) -> str:
        """Do the same for a command, which may name a capture by its first characters."""
        for page, kind in list(self.kinds.items()):
            lengths = range(len(page) - 1, PREFIX - 1, -1)
            shortened = "|".join(re.escape(page[:length]) for length in lengths)
            for short in re.findall(alone(shortened), text) if shortened else ():
                if short not in self.typed:
                    self.kinds[short] = kind
                    self.fix(short, self.typed[page][: len(short)])
        return self.to_run(text)

    def to_page(self, text: str) -> str:
        """Put the page's values where a text of the run has the run's."""
        return "\n".join(self.lines_to_page(text.split("\n")))

    def content_to_page(self, content: bytes) -> bytes:
        """Do the same for the content of a file; a binary file contains no values."""
        with suppress(UnicodeDecodeError):
            return self.to_page(content.decode("utf-8")).encode("utf-8")
        return content

    def lines_to_page(self, lines: Sequence[str]) -> list[str]:
        """Do the same for lines, also where a value goes on in the next line."""
        return self.to_page_values.lines(lines, self.columns) if self.printed else list(lines)

    def unknown(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield kind and value of each capture in a text of the page that nothing has bound."""
        for match in self.any.finditer(text):
            group = match.lastgroup or ""
            if group.startswith("i") and match.group() not in self.kinds:
                yield self.groups[group], match.group()

    def check_known(self, text: str) -> None:
        """Raise PlaceholderError for a capture that no output has introduced."""
        for kind, value in self.unknown(text):
            known = [page for page, of in self.kinds.items() if of == kind]
            raise PlaceholderError(
                f"no output of this run has shown the {kind} {value}; shown so far: "
                + (", ".join(known) or "none"),
                value,
            )

    def normalise(self, lines: Sequence[str]) -> list[str]:
        """Hide every pattern, and every capture that is not bound yet, behind its kind."""
        return substitute(lines, self.any, self.placeholder, self.columns)

    def placeholder(self, match: re.Match[str]) -> str:
        group = match.lastgroup or ""
        if group.startswith("i") and match.group() in self.kinds:
            return match.group()
        return f"\0{self.groups[group]}\0"

    def learn(self, page: Sequence[str], run: Sequence[str]) -> None:
        """Bind the captures of lines that are the same but for their values.

        Lines that differ in more, and are the same by `comparison.same_line` alone, bind nothing.
        Raises PlaceholderError if the values contradict each other.
        """
        on_page, in_run = self.values(page), self.values(run)
        if [kind for kind, _ in on_page] != [kind for kind, _ in in_run]:
            return
        for (kind, shown), (_, value) in zip(on_page, in_run, strict=True):
            put_back = shown == value and shown in self.kinds
            if not put_back:
                self.bind(kind, shown, value)

    def values(self, lines: Sequence[str]) -> list[tuple[str, str]]:
        """List kind and value of the captures in these lines."""
        found: list[tuple[str, str]] = []

        def keep(match: re.Match[str]) -> str:
            group = match.lastgroup or ""
            if group.startswith("i"):
                found.append((self.groups[group], match.group()))
            return match.group()

        substitute(lines, self.any, keep, self.columns)
        return found
