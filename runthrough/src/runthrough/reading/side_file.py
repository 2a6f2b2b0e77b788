"""Read the side file, which says what pages ask but can't say themselves, as checked values.

The keys that a table of the file may have are in `HEAD`, `BLOCK` and `AFTER`; block options come
from `OPTIONS`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from sphinx.application import Sphinx

from runthrough.model.converting import SettingsError
from runthrough.model.places import Place
from runthrough.model.report import listed
from runthrough.model.steps import SIDE_FILE, Line, SideNote
from runthrough.reading.options import ENTER, OPTIONS
from runthrough.reading.toml_lines import TomlError, Value, parse

Action = Literal["diff", "create", "replace", "append", "run", "session", "get", "interrupt"]
"""What the prose of a page can tell a reader to do."""
FILE_ACTIONS: tuple[Action, ...] = ("diff", "create", "replace", "append")
"""Those about a file, which need its path."""
HEAD = ("continues", "starts-with", "before", "skip", "timeout", "varying")
"""The keys of a page, or of the pages of a pattern."""
BLOCK = ("holds", "nth", "caption", "language")
"""The keys of a block, in addition to the options of blocks."""
ANSWERED: tuple[Action, ...] = ("get", "interrupt")
"""Those after which a reader sees something that the page may not show."""
AFTER = ("text", "nth", "path", "shows")
"""The keys of what the prose tells, in addition to its action and the options of commands."""
BARE = re.compile(r"[A-Za-z0-9_-]+")
"""A name that TOML allows without quotes."""
WILD = "*?["
"""A name with one of these is a pattern of names."""


class SideFileError(SettingsError):
    """The side file has something that can't be used on any page."""


@dataclass(frozen=True)
class Anchor:
    """A text of a page, by which an entry says where it belongs."""

    text: str
    place: Place
    nth: int | None = None
    """Which of the places with the text; None if there's one."""


@dataclass(frozen=True)
class BlockEntry:
    """What the file says of a block of a page."""

    place: Place
    anchor: Anchor
    options: Mapping[str, Any]
    """As the options of a directive, with the caption and the language."""
    places: Mapping[str, Place]
    """Where each of them is written."""
    notes: tuple[SideNote, ...]
    is_general: bool = False
    """Whether it's about every block of the page that has no entry of its own."""


@dataclass(frozen=True)
class Addition:
    """What the prose of a page tells, as the file says it: an edit, or commands."""

    place: Place
    anchor: Anchor | None
    """None at the beginning of the page."""
    action: Action
    lines: tuple[Line, ...]
    path: Line | None
    options: Mapping[str, Any]


@dataclass(frozen=True)
class PageEntry:
    """All that the file says of a page, or of the pages of a pattern."""

    name: Line
    continues: Line | None = None
    starts_with: tuple[Line, ...] = ()
    skip: Line | None = None
    timeout: Line | None = None
    """A number of seconds."""
    varying: tuple[Line, ...] = ()
    """Regular expressions."""
    blocks: tuple[BlockEntry, ...] = ()
    additions: tuple[Addition, ...] = ()

    @property
    def is_pattern(self) -> bool:
        return any(char in self.name.text for char in WILD)

    def fits(self, docname: str) -> bool:
        """Return whether it's about a page."""
        if self.is_pattern:
            return fnmatchcase(docname, self.name.text)
        return docname == self.name.text


@dataclass(frozen=True)
class SideFile:
    """The side file of a site; empty if there's none."""

    pages: tuple[PageEntry, ...] = ()

    def about(self, docname: str) -> tuple[PageEntry, ...]:
        """Return what's said of a page, that by its own name first."""
        fitting = [one for one in self.pages if one.fits(docname)]
        return tuple(sorted(fitting, key=lambda one: one.is_pattern))

    def continues(self, docname: str) -> Line | None:
        """Return the page that a page continues from, where the file says so.

        A pattern says nothing of the page that it names here.
        """
        named = (one.continues for one in self.about(docname) if one.continues is not None)
        return next((line for line in named if line.text != docname), None)

    def check_names(self, docnames: Collection[str]) -> None:
        """Raise SideFileError for a page, or a pattern of pages, that isn't there."""
        for entry in self.pages:
            before = entry.continues
            if before is not None and (
                before.text not in docnames or before.text == entry.name.text
            ):
                raise SideFileError(
                    f"{before.place}: {entry.name.text!r} continues from {before.text!r}, but "
                    f"there's no such page{meant(before.text, docnames)}"
                )
            if not any(map(entry.fits, docnames)):
                what = "doesn't match any page" if entry.is_pattern else "isn't a page"
                raise SideFileError(
                    f"{entry.name.place}: [{entry.name.text!r}] {what} of this "
                    f"site{meant(entry.name.text, docnames) or '.'} Write a page's name as in a "
                    "toctree: from the folder of conf.py, without the suffix."
                )


def head(docname: str, kind: Literal["block", "after"], text: str) -> tuple[str, str]:
    """Return the lines with which an entry about a text of a page begins."""
    name = docname if BARE.fullmatch(docname) else quoted(docname)
    return f"[[{name}.{kind}]]", f"{'holds' if kind == 'block' else 'text'} = {quoted(text)}"


def quoted(text: str) -> str:
    """Write a text as a string of TOML."""
    return json.dumps(text, ensure_ascii=False)


def side_file_of(app: Sphinx) -> SideFile:
    """Return the side file next to conf.py as it is now; raises SideFileError."""
    file = Path(app.confdir, SIDE_FILE)
    try:
        stat = file.stat()
    except OSError:
        return SideFile()
    return read_file(file, stat.st_mtime_ns, stat.st_size)


QUOTED = 'Put strings in quotes, and also the name of a page that has a slash: ["tutorial/start"].'
WRITTEN_ONCE = (
    "A page has one table, and its entries are either all in tables such as [[index.block]], or "
    "all in one list: block = [...]."
)


@lru_cache(maxsize=16)
def read_file(file: Path, changed: int, size: int) -> SideFile:
    """Read a side file; its time of change and its size keep the cache true."""
    try:
        whole = parse(file.read_text(encoding="utf-8"), file)
    except UnicodeDecodeError as error:
        raise SideFileError(f"{Place(file, None)}: this isn't UTF-8: {error}") from error
    except TomlError as error:
        # Every message about something that's there already begins like this.
        advice = WRITTEN_ONCE if error.what.startswith("Cannot ") else QUOTED
        raise SideFileError(
            f"{Place(file, error.line)}: this isn't valid TOML: {error.what}. {advice}"
        ) from error
    return SideFile(tuple(map(page_entry, whole.parts)))


def wrong(value: Value, expected: str) -> SideFileError:
    """Return the error that says a key's value and what was expected."""
    return SideFileError(f"{value.place}: {value.key} is {value.held!r}; expected {expected}")


def meant(name: str, known: Iterable[str]) -> str:
    """Return a question whether a similar name was meant; empty if there's none."""
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def refuse_unknown(table: Value, known: Collection[str]) -> None:
    """Raise SideFileError for a key that a table can't have."""
    for part in table.parts:
        if part.key not in known:
            raise SideFileError(
                f"{part.place}: there's no key {part.key!r} here"
                f"{meant(part.key, known) or f'; there are {listed(list(known))}'}"
            )


def page_entry(table: Value) -> PageEntry:
    """Read what's said of a page."""
    name = Line(table.key, table.place)
    if not isinstance(table.held, dict):
        raise wrong(
            table, f"a table: write [{table.key!r}] for a page of this name, and its keys below"
        )
    refuse_unknown(table, (*HEAD, "block", "after"))
    given = {part.key: part for part in table.parts}
    entry = PageEntry(
        name,
        text_in(given, "continues"),
        tuple(texts_in(given, "starts-with")),
        text_in(given, "skip"),
        seconds_in(given),
        tuple(expressions_in(given)),
        tuple(map(block_entry, tables_in(given, "block"))),
        (*commands_before(given), *map(addition, tables_in(given, "after"))),
    )
    about_text = [part for part in table.parts if part.key in ("block", "after")]
    if entry.is_pattern and about_text:
        raise SideFileError(
            f"{about_text[0].place}: {about_text[0].key!r} is about text on one page, but "
            f"{name.text!r} is a pattern. Put it under the page's own name."
        )
    return entry


def text_in(given: Mapping[str, Value], key: str) -> Line | None:
    """Read a text that a table may have."""
    if key not in given:
        return None
    value = given[key]
    if not isinstance(value.held, str) or not value.held.strip():
        raise wrong(value, "a string")
    return Line(" ".join(value.held.split()), value.place)


def texts_in(given: Mapping[str, Value], key: str) -> Iterator[Line]:
    """Read a list of texts that a table may have; one alone can be without brackets."""
    if key in given:
        for value in given[key].parts if isinstance(given[key].held, list) else (given[key],):
            if not isinstance(value.held, str) or not value.held.strip():
                raise wrong(given[key], "a list of strings")
            yield Line(value.held, value.lines()[0].place)


def tables_in(given: Mapping[str, Value], key: str) -> tuple[Value, ...]:
    """Read the entries of a page that have tables of their own."""
    if key not in given:
        return ()
    value = given[key]
    if not isinstance(value.held, list) or not all(isinstance(one, dict) for one in value.held):
        raise SideFileError(
            f"{value.place}: {key!r} is a list of entries: write the head of each in double "
            f"brackets, [[PAGE.{key}]]"
        )
    return value.parts


def seconds_in(given: Mapping[str, Value]) -> Line | None:
    """Read the time limit of a page."""
    if "timeout" not in given:
        return None
    return Line(f"{option(given['timeout']):g}", given["timeout"].place)


def expressions_in(given: Mapping[str, Value]) -> Iterator[Line]:
    """Read the texts of a page that only have to keep their form."""
    if "varying" in given:
        yield from (Line(text, given["varying"].place) for text in option(given["varying"]))


def anchor_in(given: Mapping[str, Value], key: str, table: Value) -> Anchor:
    """Read the text by which an entry says where it belongs."""
    text = text_in(given, key)
    if text is None:
        raise SideFileError(f"{table.place}: this entry needs {key!r}, some text of its page")
    nth = given.get("nth")
    if nth is not None and (type(nth.held) is not int or nth.held < 1):
        raise wrong(nth, "a number from 1 up: which of the places with this text you mean")
    return Anchor(text.text, text.place, None if nth is None else int(nth.held))


def option(value: Value) -> Any:
    """Read an option of a block as the option of a directive is read."""
    held = value.held
    if held is False:
        raise wrong(value, "true, or leave it out")
    if held is True:
        text = None
    elif isinstance(held, list):
        text = "\n".join(str(one) or ENTER for one in held)
    else:
        text = str(held)
    try:
        if value.key == "caption" or value.key == "language":
            return text_in({value.key: value}, value.key).text  # type: ignore[union-attr]
        return OPTIONS[value.key].read(text)  # type: ignore[arg-type]
    except (ValueError, TypeError) as error:
        raise SideFileError(f"{value.place}: {value.key} can't be {held!r}: {error}") from error


def options_in(given: Mapping[str, Value], names: Iterable[str]) -> dict[str, Any]:
    """Read the options of an entry."""
    return {name: option(given[name]) for name in names if name in given}


def note(value: Value) -> SideNote:
    """Return what the file says about a block, in one line."""
    held = value.held
    if held is True:
        return SideNote(value.key, value.place)
    parts = [str(one) or ENTER for one in (held if isinstance(held, list) else [held])]
    return SideNote(f"{value.key}: {' '.join(', '.join(parts).split())}", value.place)


def block_entry(table: Value) -> BlockEntry:
    """Read what's said of a block."""
    refuse_unknown(table, (*BLOCK, *OPTIONS))
    given = {part.key: part for part in table.parts}
    anchor = anchor_in(given, "holds", table)
    names = [name for name in given if name not in ("holds", "nth")]
    if not names:
        raise SideFileError(
            f"{table.place}: this entry says nothing about its block; it can have "
            f"{listed([*OPTIONS])}"
        )
    places = {name: given[name].place for name in names}
    notes = tuple(note(given[name]) for name in names)
    return BlockEntry(table.place, anchor, options_in(given, names), places, notes)


def addition(table: Value) -> Addition:
    """Read what the prose of a page tells."""
    actions = get_args(Action)
    fitting = [name for name, one in OPTIONS.items() if "session" in one.kinds]
    refuse_unknown(table, (*AFTER, *actions, *fitting))
    given = {part.key: part for part in table.parts}
    anchor = anchor_in(given, "text", table)
    asked = [name for name in actions if name in given]
    if len(asked) != 1:
        which = listed(asked) if asked else "nothing"
        raise SideFileError(
            f"{table.place}: this entry needs exactly one of {listed(actions)}; it has {which}"
        )
    action, path = asked[0], text_in(given, "path")
    if (path is None) == (action in FILE_ACTIONS):
        raise SideFileError(
            f"{table.place}: {action!r} "
            + (
                "needs the 'path' of its file"
                if path is None
                else "isn't about a file: remove 'path'"
            )
        )
    if "shows" in given and action not in ANSWERED:
        raise SideFileError(
            f"{given['shows'].place}: 'shows' goes with {listed(ANSWERED)}, not with {action!r}"
        )
    options = options_in(given, (*fitting, *ANSWERED))
    return Addition(given[action].place, anchor, action, lines_of(given, action), path, options)


def lines_of(given: Mapping[str, Value], action: Action) -> tuple[Line, ...]:
    """Read the lines of what a reader types, writes or sees.

    Where nothing says what's seen, the lines are what a page shows that compares nothing.
    """
    if action == "run":
        return tuple(commands(given[action]))
    if action not in ANSWERED:
        return text_of(given[action])
    if "shows" in given:
        return text_of(given["shows"])
    return (Line("^C" if action == "interrupt" else "...", given[action].place),)


def text_of(value: Value) -> tuple[Line, ...]:
    """Read the lines of a diff, a file or a session."""
    if not isinstance(value.held, str) or not value.held.strip():
        raise wrong(value, "a string; put several lines between triple quotes: '''")
    return value.lines()


def commands(value: Value) -> Iterator[Line]:
    """Read commands: one text for each, or all of them as the lines of one."""
    for one in value.parts if isinstance(value.held, list) else (value,):
        yield from text_of(one)


def commands_before(given: Mapping[str, Value]) -> Iterator[Addition]:
    """Read the commands that come first on a page."""
    if "before" in given:
        lines = tuple(commands(given["before"]))
        yield Addition(given["before"].place, None, "run", lines, None, {})
