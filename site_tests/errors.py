"""Gather the errors that pages show, as their readers meet and paste them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from runthrough import Console, Excerpt, Line, Page, Place, Site, Skip

FOLDER = "troubleshooting/"
GUIDE = ("tutorial/", "how-to/", "explanation/", "reference/", FOLDER)
"""Where the errors are shown that a reader of the guide may meet."""
ERROR = re.compile(
    r"(?:^|(?<=[\s:]))"
    r"(?:(?:\w+\.)*(?P<kind>(?<=\.)[A-Z]\w+|[A-Z]\w*(?:Error|Warning)): |FAILED: |ERROR: "
    r"|ERROR \[alembic\S*\] |FATAL: +|HINT: +|DETAIL: +)(?=\S)"
)
"""What stands before the message of an error: its class, or how loud it is."""
WITHIN = re.compile(r"^\((?:\w+\.)+\w+\) ")
"""SQLAlchemy's way to name the class of the driver."""
SAYS_NO = re.compile(
    r"\b(?:cannot|can't|could not|does not|doesn't|is not|has no|already exists|denied|refused"
    r"|halted|deadlock detected|lookup failed|without .* required)\b",
    re.IGNORECASE,
)
"""What errors say that are printed without either."""
LAST_LINE = re.compile(r"^(?:Is the server running|\(Background on this error at: )")
"""What is printed below the line that names an error, and pasted for it."""
OF_THE_RUN = re.compile(r"^docs/\S+:\d+: ")
"""What runthrough says of a page: it comes with what to do."""
INDEX = re.compile(r"^ +(?:! )?single: .*\n", re.MULTILINE)
ENTRIES = re.compile(r"^\.\. index::\n((?:.+\n)+)(?:\n|\.\. _.*:\n)*\Z", re.MULTILINE)
"""What comes before the heading of a section."""
MAIN = re.compile(r"^ +! single: (.*)$", re.MULTILINE)
"""Names an error that the section below answers, on any page."""
HEADING = re.compile(r"^(\S.*)\n(?:={3,}|-{3,})$", re.MULTILINE)
LITERAL = re.compile(r"(?<!`)``([^`]+)``(?!`)")
NAMES = (
    (re.compile(r'"[^"]*"'), '"..."'),
    (re.compile(r"\b(index|column|type|table|view) '?[\w.]+'?(?:\[\])?"), r"\1 ..."),
    (re.compile(r"\b[0-9a-f]{12}\b"), "..."),
    (re.compile(r"[\w-]+==[\d.]+"), "..."),
    (re.compile(r"'%\w[^']*'"), "..."),
    (re.compile(r"(identified by )'[^']*'"), r"\1'...'"),
    (re.compile(r"'[^']*'( is not among .*: )\w+(\. Possible values: ).*"), r"'...'\1...\2..."),
    (re.compile(r"(operations detected: )\[.*"), r"\1..."),
    (re.compile(r"\('[\d.]+', \d+\)"), "('...')"),
    (re.compile(r"(?<=\. )Original exception was: .*"), "..."),
)
"""What is the reader's own in a message: names of tables and the like, ids, versions, passwords."""


@dataclass(frozen=True)
class RawHtml:
    """An error on a page, as a reader pastes it."""

    page: str
    place: Place
    text: str

    @cached_property
    def kind(self) -> str:
        """The class of the error, empty where the line names none."""
        found = ERROR.search(self.text)
        return (found and found["kind"]) or ""

    @cached_property
    def message(self) -> str:
        """What it says, without the class and without names."""
        found = ERROR.search(self.text)
        text = self.text[found.end() :] if found else self.text
        return without_names(WITHIN.sub("", text)).removesuffix(" ...")


def without_names(text: str) -> str:
    """Put dots for what differs between readers, and single blanks for what separates words."""
    for pattern, dots in NAMES:
        text = "\n".join(pattern.sub(dots, line) for line in text.split("\n"))
    return " ".join(text.split())


def is_error(text: str) -> bool:
    """Return whether a line says that something has gone wrong."""
    if text.startswith("INFO ") or OF_THE_RUN.match(text):
        return False
    return bool(ERROR.search(text) or SAYS_NO.search(text) or LAST_LINE.search(text))


def shown_on(page: Page) -> Iterator[RawHtml]:
    """Yield the errors of a page: those in its blocks, and those that its text names."""
    for output in outputs(page):
        for number, line in enumerate(output):
            if is_error(line.text):
                yield RawHtml(page.docname, line.place, line.text.strip())
            if (whole := unwrapped(output[number:])) is not None:
                yield RawHtml(page.docname, line.place, whole)
    text = page.file.read_text()
    for found in LITERAL.finditer(text):
        if is_error(found[1]):
            place = Place(page.file, text.count("\n", 0, found.start()) + 1)
            yield RawHtml(page.docname, place, " ".join(found[1].split()))


def outputs(page: Page) -> Iterator[tuple[Line, ...]]:
    """Yield what is printed on a page, and what is shown and not run."""
    for step in page.steps:
        if isinstance(step, Console):
            yield from (command.output for command in step.commands)
        elif isinstance(step, Excerpt):
            yield step.lines
        elif isinstance(step, Skip):
            yield (Line(step.first_line, step.place),)


def unwrapped(lines: tuple[Line, ...]) -> str | None:
    """Join a message that Alembic has wrapped at the width of the terminal."""
    if not lines[0].text.startswith("  FAILED: "):
        return None
    texts = [lines[0].text.strip()]
    for line in lines[1:]:
        if not line.text.startswith("  "):
            break
        texts.append(line.text.strip())
    return " ".join(texts) if len(texts) > 1 else None


@dataclass(frozen=True)
class Errors:
    """The errors of a site, and which sections answer them."""

    shown: tuple[RawHtml, ...]
    sections: dict[str, Section]
    """Those that answer errors, by the names that results of a search have."""

    @classmethod
    def of(cls, site: Site) -> Errors:
        # A page that is read along other paths, too, comes again for each of them.
        own = [page for page in site.pages if not page.path]
        guide = [page for page in own if page.docname.startswith(GUIDE)]
        shown = (one for page in guide for one in shown_on(page))
        return cls(tuple(shown), {name: one for page in guide for name, one in sections(page)})

    def homes(self, one: RawHtml) -> list[str]:
        """Name the sections that answer an error."""
        return [name for name, section in self.sections.items() if section.answers(one)]


@dataclass(frozen=True)
class Section:
    """A section that answers errors with a block of its own."""

    text: str
    """What it says, without names."""
    entries: tuple[str, ...]
    """Its main entries in the index."""

    def answers(self, one: RawHtml) -> bool:
        """Return whether the section has the text of an error, or an entry with most of it."""
        kind = re.compile(rf"\b{re.escape(one.kind)}\b")
        if one.message in self.text and kind.search(self.text):
            return True
        line, message = words_of(one.text), words_of(one.message)
        counts = [words_in(line, entry) for entry in self.entries]
        return any(count > 1 and 2 * count > len(message) for count in counts)


def words_of(text: str) -> list[str]:
    """Split a text into words, as the search does."""
    return re.findall(r"\w+", text.lower())


def words_in(line: list[str], entry: str) -> int:
    """Count the words of those parts of an entry whose words are all in a line, in their order."""
    count = 0
    for part in entry.split("; "):
        rest, words = iter(line), words_of(part)
        if all(word in rest for word in words):
            count += len(words)
    return count


def sections(page: Page) -> Iterator[tuple[str, Section]]:
    """Yield the name and the text of each section that answers errors.

    On a troubleshooting page any section may; on another page, one with a main entry in the index.
    """
    text = page.file.read_text()
    headings = list(HEADING.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    for heading, end in list(zip(headings, ends, strict=True))[1:]:
        title = heading[1].replace("\\", "")
        whole = text[heading.start() : end]
        index = ENTRIES.search(text[: heading.start()])
        entries = tuple(MAIN.findall(index[1])) if index else ()
        if (entries or page.docname.startswith(FOLDER)) and "code-block::" in whole:
            yield f"{page.docname} > {title}", Section(without_names(INDEX.sub("", whole)), entries)


def with_other_names(text: str) -> str:
    """Write an error as another reader has it, who calls things by other names."""
    text = re.sub(r'"[^"]*"', '"my_things"', text)
    text = re.sub(r"\b[0-9a-f]{12}\b", "0123456789ab", text)
    return re.sub(r"\bcolumn \w+\.\w+", "column my_things.price", text)
