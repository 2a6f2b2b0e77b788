"""Check and convert the values that conf.py gives to our settings."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from runthrough.model.address import Address

PREFIX = "runthrough_"
NARROWEST = 20
"""A terminal has more columns than these."""
WIDEST = 10_000
"""And no more than these; the kernel keeps the number in 16 bits."""


WITHOUT = (".venv", "__pycache__")
"""Names of what can be made anew, at any depth of a folder."""


MADE = {
    "HOME": "its home is a new folder",
    "PWD": "it begins in a new folder",
    "COLUMNS": f"the width of its terminal is {PREFIX}columns",
}
"""Variables that can't come from the caller, and why."""


class SettingsError(Exception):
    """A setting of conf.py has a value that cannot be used."""


@dataclass(frozen=True)
class Exported:
    """A folder of the project that mirrors what a run leaves."""

    target: Path
    page: str
    folder: str
    own: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True)
class Checkpoint:
    """The reader's folder at the end of pages, packed for those who begin with the next one."""

    pages: str
    """A pattern of page names."""
    folder: str
    begin: tuple[str, ...]
    """What is typed after unpacking, to be where the page ends."""
    without: tuple[str, ...]
    note: str = ""
    """What else those who begin there ought to know."""


def wrong(name: str, found: object, expected: str) -> SettingsError:
    """Say what is wrong with a setting."""
    return SettingsError(
        f"conf.py: {PREFIX}{name} is {found!r}; expected {expected}. Fix it in conf.py."
    )


def environment(value: object) -> tuple[str, ...]:
    """Read the names of the caller's variables that a run gets; it must make some itself."""
    names = listed("environment", value)
    for name in names:
        if not name.isidentifier():
            raise wrong("environment", value, "names of variables alone, such as 'PATH'")
        if name in MADE:
            raise SettingsError(
                f"conf.py: {PREFIX}environment has {name!r}, which each run needs to set itself: "
                f"{MADE[name]}. Remove it in conf.py."
            )
    return names


def directory(value: object) -> str:
    """Read the folder in which a run starts."""
    if not isinstance(value, str) or not re.fullmatch(r"(/[\w.+-]+){2,}", value):
        raise wrong("directory", value, "an absolute path with a parent, '/home/me/dev'")
    return value


def relative_path(name: str, value: object) -> str:
    """Read a path below the folder of conf.py."""
    if not isinstance(value, str) or not value or Path(value).is_absolute():
        raise wrong(name, value, "a path relative to conf.py, '_build/runthrough'")
    return value


def database(value: object) -> str | None:
    """Read the address of the database that the pages use, if any."""
    if value is None:
        return None
    try:
        Address.parse(str(value))
    except ValueError as error:
        raise SettingsError(f"conf.py: {PREFIX}database: {error}. Fix it in conf.py.") from error
    return str(value)


def number(name: str, value: object, least: float = 0, most: float = math.inf) -> float:
    """Read a number above the least, and not above the most."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise wrong(name, value, f"a number above {least:g}")
    if not math.isfinite(value) or value <= least:
        raise wrong(name, value, f"a number above {least:g}")
    if value > most:
        raise wrong(name, value, f"a number of at most {most:g}")
    return value


def listed(name: str, value: object) -> tuple[str, ...]:
    """Read a list of texts."""
    if not isinstance(value, (list, tuple, set)) or not all(isinstance(one, str) for one in value):
        example = [value] if isinstance(value, str) else ["..."]
        raise wrong(name, value, f"a list, such as {example!r}")
    return tuple(value)


def one_of(name: str, value: object, *known: str) -> str:
    """Read one of a few words."""
    if value not in known:
        raise wrong(name, value, " or ".join(map(repr, known)))
    return str(value)


def expression(name: str, value: object) -> re.Pattern[str]:
    """Read a regular expression that can become a part of another."""
    if not isinstance(value, str):
        raise wrong(name, value, "a regular expression, as a text")
    try:
        compiled = re.compile(f"(?:)(?:{value})")
    except re.error as error:
        raise wrong(name, value, f"a regular expression ({error})") from error
    if compiled.groups:
        raise wrong(name, value, "a regular expression whose groups are of the kind (?:...)")
    return re.compile(value)


def expressions(name: str, values: object) -> dict[str, re.Pattern[str]]:
    """Read named regular expressions, none of which matches nothing."""
    if not isinstance(values, Mapping):
        raise wrong(name, values, "a dictionary of names and regular expressions")
    compiled = {}
    for kind, value in values.items():
        compiled[str(kind)] = pattern = expression(f"{name}[{kind!r}]", value)
        if pattern.fullmatch(""):
            raise wrong(f"{name}[{kind!r}]", value, "a regular expression that needs a character")
    return compiled


def exports(values: object, confdir: Path) -> Iterator[Exported]:
    """Read which folders of the project mirror what a run leaves."""
    if not isinstance(values, Mapping):
        raise wrong("exports", values, "a dictionary of folders")
    for target, said in values.items():
        name = f"exports[{target!r}]"
        known = {"page", "folder", "own", "without"}
        if not isinstance(said, Mapping) or not {"page", "folder"} <= said.keys() <= known:
            raise wrong(name, said, "'page' and 'folder', and perhaps 'own' and 'without'")
        yield Exported(
            target=Path(os.path.normpath(confdir.resolve() / target)),
            page=str(said["page"]),
            folder=str(said["folder"]),
            own=listed(f"{name}['own']", said.get("own", ())),
            without=listed(f"{name}['without']", said.get("without", WITHOUT)),
        )


def checkpoints(values: object) -> Iterator[Checkpoint]:
    """Read which folder of the reader's is packed at the end of which pages."""
    if not isinstance(values, Mapping):
        raise wrong("checkpoints", values, "a dictionary of patterns of page names")
    for pages, said in values.items():
        name = f"checkpoints[{pages!r}]"
        known = {"folder", "begin", "without", "note"}
        if not isinstance(said, Mapping) or not {"folder", "begin"} <= said.keys() <= known:
            raise wrong(name, said, "'folder' and 'begin', and perhaps 'without' and 'note'")
        yield Checkpoint(
            pages=str(pages),
            folder=str(said["folder"]),
            begin=listed(f"{name}['begin']", said["begin"]),
            without=listed(f"{name}['without']", said.get("without", WITHOUT)),
            note=str(said.get("note", "")),
        )
