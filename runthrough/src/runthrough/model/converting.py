"""Functions that check and convert the settings in conf.py.

Each takes a `Given` and returns the value that runs use, or raises SettingsError, whose message has
the setting, its value, and what was expected.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from runthrough.model.address import Address
from runthrough.model.dialects import DIALECTS, Dialect, DialectError
from runthrough.model.errorlines import QUOTING

PREFIX = "runthrough_"
TOCTREE = "toctree"
"""In place of a page's name: the page before, as a table of contents has them."""
NARROWEST = 20
"""A terminal has more columns than these."""
WIDEST = 10_000
"""And no more than these; the kernel keeps the number in 16 bits."""


WITHOUT = (".venv", "__pycache__")
"""Names of files and folders that can be built again, at any depth of a folder."""
MADE = {
    "HOME": "its home is a new folder",
    "PWD": "it begins in a new folder",
    "COLUMNS": f"the width of its terminal is {PREFIX}columns",
}
"""Variables that can't come from the caller, and why."""


class SettingsError(Exception):
    """A setting in conf.py has a value that can't be used."""


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


@dataclass(frozen=True)
class ServiceClass:
    """The class of a service that a project brings, and what it's made with."""

    path: str
    """Module and class: "tea_services:Queue"."""
    options: Mapping[str, object]


@dataclass(frozen=True)
class Given:
    """What conf.py gives to a setting, or to a part of one."""

    name: str
    """Without the prefix; of a part `captures['order']`."""
    value: object
    confdir: Path

    def part(self, key: object, value: object) -> Given:
        """Return a part of a value that is a dictionary."""
        return Given(f"{self.name}[{key!r}]", value, self.confdir)

    def wrong(self, expected: str) -> SettingsError:
        """Return the error for a value that isn't what is expected."""
        return wrong(self.name, self.value, expected)


def wrong(name: str, value: object, expected: str) -> SettingsError:
    """Return the error that says a setting's value and what was expected."""
    return SettingsError(
        f"conf.py: {PREFIX}{name} is {value!r}; expected {expected}. Fix it in conf.py."
    )


def services(given: Given) -> dict[str, ServiceClass]:
    """Read which services the project brings."""
    if not isinstance(given.value, Mapping):
        raise given.wrong("a dictionary of names and services")
    classes = {}
    for name, described in given.value.items():
        if not isinstance(name, str) or not name.isidentifier() or name == "database":
            raise given.wrong("names such as 'queue', but not 'database'")
        path = described.get("class") if isinstance(described, Mapping) else None
        if not isinstance(path, str) or not re.fullmatch(r"\w+(\.\w+)*:\w+", path):
            expected = "'class', as 'module:Class', and that class's options"
            raise given.part(name, described).wrong(expected)
        options = {key: value for key, value in described.items() if key != "class"}
        classes[name] = ServiceClass(path, options)
    return classes


def variables(given: Given) -> tuple[str, ...]:
    """Read the names of the caller's variables that a run gets; some it has to set itself."""
    names = texts(given)
    for name in names:
        if not name.isidentifier():
            raise given.wrong("only names of variables, such as 'PATH'")
        refuse_made(given, name, MADE)
    return names


def values(given: Given) -> dict[str, str]:
    """Read what pages write in place of a reader's own values, and what a run takes for it."""
    pairs = given.value.items() if isinstance(given.value, Mapping) else ()
    if not isinstance(given.value, Mapping) or not all(
        isinstance(text, str) and text.strip() for pair in pairs for text in pair
    ):
        raise given.wrong('a dictionary of strings, such as {"/path/to/project": "/home/me/dev"}')
    return dict(pairs)


def variables_with_values(given: Given) -> dict[str, str]:
    """Read variables and their values; some are set by each run itself."""
    value = given.value
    if not isinstance(value, Mapping):
        raise given.wrong("a dictionary of names and values, {'TEA_SHOP': 'Lapsang'}")
    for name, text in value.items():
        if not isinstance(name, str) or not name.isidentifier():
            raise given.wrong("names of variables, such as 'TEA_SHOP'")
        if not isinstance(text, str) or "\0" in text:
            raise given.part(name, text).wrong("a string")
        refuse_made(given, name, MADE | {"PATH": f"add folders to {PREFIX}path instead"})
    return dict(value)


def ports(given: Given) -> dict[int, str]:
    """Read the ports that pages show, and the variable by which a server gets to know each."""
    value = given.value
    if not isinstance(value, Mapping):
        raise given.wrong("a dictionary of ports and variables, {5000: 'FLASK_RUN_PORT'}")
    for port, variable in value.items():
        if not isinstance(port, int) or not 0 < port < 65536:
            raise given.wrong("port numbers from 1 to 65535, such as 5000")
        if not isinstance(variable, str) or (variable and not variable.isidentifier()):
            raise given.wrong("the name of a variable for each port, or an empty string")
        refuse_made(given, variable, MADE)
    return dict(value)


def refuse_made(given: Given, name: str, made: Mapping[str, str]) -> None:
    """Raise SettingsError for a variable that each run sets itself; `made` says why."""
    if name in made:
        raise SettingsError(
            f"conf.py: {PREFIX}{given.name} has {name!r}, which each run sets itself: "
            f"{made[name]}. Remove it from conf.py."
        )


def projects(given: Given) -> dict[str, str]:
    """Read names of Python projects, and their folders as seen from conf.py."""
    value = given.value
    if not isinstance(value, Mapping):
        raise given.wrong("a dictionary of names and folders, such as {'tea': '..'}")
    for name, folder in value.items():
        if not isinstance(name, str) or not re.fullmatch(r"\w(?:[\w.-]*\w)?", name, re.ASCII):
            raise given.wrong("names that pip accepts, such as 'tea-shop'")
        if not isinstance(folder, str) or not folder:
            raise given.part(name, folder).wrong("a folder relative to conf.py, such as '..'")
    return dict(value)


def requirements(given: Given) -> tuple[str, ...] | None:
    """Read what pip installs, if anything; an empty list isn't the same as none."""
    return None if given.value is None else texts(given)


def folders(given: Given) -> tuple[str, ...]:
    """Read paths of folders, as seen from conf.py; whether they're there, a run finds out."""
    paths = texts(given)
    if any(not path or ":" in path or path.startswith("~") for path in paths):
        raise given.wrong("paths relative to conf.py, such as '../.venv/bin'")
    return paths


def folder_of_pages(given: Given) -> str:
    """Read the folder in which a run starts."""
    if not isinstance(given.value, str) or not re.fullmatch(r"(/[\w.+-]+){2,}", given.value):
        raise given.wrong("an absolute path with a parent, '/home/me/dev'")
    return given.value


def folder_below(given: Given) -> Path:
    """Read a path below the folder of conf.py."""
    path = Path(os.path.normpath(given.value) if isinstance(given.value, str) else os.pardir)
    if not given.value or path.is_absolute() or path.parts[:1] == (os.pardir,):
        raise given.wrong("a path below the folder of conf.py, such as '_build/runthrough'")
    return given.confdir / path


def text(given: Given) -> str | None:
    """Read a string, if there is any."""
    if not isinstance(given.value, str | None):
        raise given.wrong("a string")
    return given.value or None


def file(given: Given) -> Path | None:
    """Read the path of a file, as seen from the folder of conf.py, if there is any."""
    path = text(given)
    return None if path is None else given.confdir / path


def database(given: Given) -> str | None:
    """Read the address of the database that the pages use, if any."""
    if given.value is None:
        return None
    try:
        Address.parse(str(given.value))
    except ValueError as error:
        raise SettingsError(
            f"conf.py: {PREFIX}{given.name}: {error}. Fix it in conf.py."
        ) from error
    return str(given.value)


def number(given: Given, least: float = 0, most: float = math.inf) -> float:
    """Read a number above the least, and not above the most."""
    value = given.value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise given.wrong(f"a number above {least:g}")
    if not math.isfinite(value) or value <= least:
        raise given.wrong(f"a number above {least:g}")
    if value > most:
        raise given.wrong(f"a number of at most {most:g}")
    return value


def columns(given: Given) -> int:
    """Read the width of a terminal."""
    return int(number(given, NARROWEST, WIDEST))


def texts(given: Given) -> tuple[str, ...]:
    """Read a list of texts."""
    value = given.value
    if not isinstance(value, (list, tuple, set)) or not all(isinstance(one, str) for one in value):
        example = [value] if isinstance(value, str) else ["..."]
        raise given.wrong(f"a list, such as {example!r}")
    return tuple(value)


def page_names(given: Given) -> dict[str, str]:
    """Read the page that those of each pattern continue from, or where to look for it."""
    if not isinstance(given.value, Mapping):
        raise given.wrong(f"a dictionary, such as {{'tutorial/*': {TOCTREE!r}}}")
    names = {}
    for pattern, name in given.value.items():
        if not isinstance(pattern, str):
            raise given.wrong("patterns of page names, such as 'tutorial/*'")
        if not isinstance(name, str) or not name.strip("/ "):
            raise given.part(pattern, name).wrong(f"{TOCTREE!r}, or the name of a page")
        names[pattern] = name.strip("/ ")
    return names


def word_of(*known: str) -> Callable[[Given], str]:
    """Make a reader of one of a few words."""

    def read(given: Given) -> str:
        if given.value not in known:
            raise given.wrong(" or ".join(map(repr, known)))
        return str(given.value)

    return read


def dialects(given: Given) -> dict[str, Dialect]:
    """Read what the blocks of pages mean, by patterns of page names."""
    if not isinstance(given.value, Mapping):
        raise given.wrong(
            'a dictionary of patterns of page names, such as {"tutorial/*": "common"}'
        )
    return {str(pages): dialect(given.part(pages, one)) for pages, one in given.value.items()}


def dialect(given: Given) -> Dialect:
    """Read one dialect: the value itself, the name of a ready-made one, or its fields."""
    if isinstance(given.value, Dialect):
        return given.value
    if isinstance(given.value, str) and given.value in DIALECTS:
        return DIALECTS[given.value]
    if isinstance(given.value, Mapping):
        try:
            return Dialect.of(given.value)
        except DialectError as error:
            raise SettingsError(
                f"conf.py: {PREFIX}{given.name}: {error}. Fix it in conf.py."
            ) from error
    raise given.wrong(f"a Dialect, or one of {', '.join(map(repr, DIALECTS))}")


def expression(given: Given) -> re.Pattern[str]:
    """Read a regular expression that can become a part of another."""
    if not isinstance(given.value, str):
        raise given.wrong("a regular expression, as a string")
    try:
        compiled = re.compile(f"(?:)(?:{given.value})")
    except re.error as error:
        raise given.wrong(f"a regular expression ({error})") from error
    if compiled.groups:
        raise given.wrong("a regular expression whose groups all have the form (?:...)")
    return re.compile(given.value)


def expressions(given: Given) -> dict[str, re.Pattern[str]]:
    """Read named regular expressions, none of which matches an empty string."""
    if not isinstance(given.value, Mapping):
        raise given.wrong("a dictionary of names and regular expressions")
    compiled = {}
    for name, value in given.value.items():
        part = given.part(name, value)
        compiled[str(name)] = pattern = expression(part)
        if pattern.fullmatch(""):
            raise part.wrong("a regular expression that doesn't match an empty string")
    return compiled


def errors(given: Given) -> re.Pattern[str]:
    """Read what a line of an error looks like, as one expression that matches from its start."""
    listed = texts(given)
    for value in listed:
        expression(Given(given.name, value, given.confdir))
    return re.compile(rf"^(?!{QUOTING}).*?(?:{'|'.join(f'(?:{one})' for one in listed) or '(?!)'})")


def exports(given: Given) -> tuple[Exported, ...]:
    """Read which folders of the project mirror what a run leaves."""
    if not isinstance(given.value, Mapping):
        raise given.wrong("a dictionary of folders")
    return tuple(exported(given, target, value) for target, value in given.value.items())


def exported(given: Given, target: str, value: object) -> Exported:
    """Read one of these folders."""
    part = given.part(target, value)
    known = {"page", "folder", "own", "without"}
    if not isinstance(value, Mapping) or not {"page", "folder"} <= value.keys() <= known:
        raise part.wrong("'page' and 'folder', and optionally 'own' and 'without'")
    return Exported(
        target=Path(os.path.normpath(given.confdir.resolve() / target)),
        page=str(value["page"]),
        folder=str(value["folder"]),
        own=texts(part.part("own", value.get("own", ()))),
        without=texts(part.part("without", value.get("without", WITHOUT))),
    )


def checkpoints(given: Given) -> tuple[Checkpoint, ...]:
    """Read which folder of the reader's is packed at the end of which pages."""
    if not isinstance(given.value, Mapping):
        raise given.wrong("a dictionary of patterns of page names")
    return tuple(checkpoint(given, pages, value) for pages, value in given.value.items())


def checkpoint(given: Given, pages: object, value: object) -> Checkpoint:
    """Read what is packed at the end of the pages of one pattern."""
    part = given.part(pages, value)
    known = {"folder", "begin", "without", "note"}
    if not isinstance(value, Mapping) or not {"folder", "begin"} <= value.keys() <= known:
        raise part.wrong("'folder' and 'begin', and optionally 'without' and 'note'")
    return Checkpoint(
        pages=str(pages),
        folder=str(value["folder"]),
        begin=texts(part.part("begin", value["begin"])),
        without=texts(part.part("without", value.get("without", WITHOUT))),
        note=str(value.get("note", "")),
    )
