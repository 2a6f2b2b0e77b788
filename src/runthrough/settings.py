"""The project's own settings, as conf.py gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PREFIX = "runthrough_"

DEFAULTS: dict[str, Any] = {
    "directory": "/home/reader/dev",
    "database": None,
    "identities": {},
    "shapes": {},
    "columns": 80,
    "timeout": 60,
    "environment": [],
    "errors": ["Traceback", "ERROR", "FAILED"],
    "unclassified": "error",
    "must_have_steps": [],
    "exports": {},
}
"""Every setting by its name in conf.py, without the prefix, and its default value."""


class SettingsError(Exception):
    """A setting of conf.py has a value that cannot be used."""


@dataclass(frozen=True)
class Exported:
    """A folder of the project that mirrors what a walk leaves."""

    target: Path
    page: str
    folder: str
    own: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """What conf.py says about how its pages are walked."""

    directory: str
    """The folder in which a walk starts, as the pages name it; its parent is the home."""
    database: str | None
    """The database's address, as the pages name it; None where they use no database."""
    identities: Mapping[str, re.Pattern[str]]
    shapes: Mapping[str, re.Pattern[str]]
    columns: int
    timeout: float
    """Seconds that a command may take."""
    environment: tuple[str, ...]
    """Names of variables that a walk takes over from its caller, beside the usual few."""
    errors: re.Pattern[str]
    """What a line that an ellipsis leaves out must not look like."""
    unclassified: str
    """'error' or 'count': what becomes of a block that is no step and is not waived."""
    must_have_steps: tuple[str, ...]
    """Patterns of page names, such as 'tutorial/*', that the reader has something to do on."""
    exports: tuple[Exported, ...]

    @classmethod
    def read(cls, config: Mapping[str, Any], confdir: Path) -> Settings:
        """Check and convert the values of conf.py.

        Raises SettingsError, naming the setting, what it holds and what it may hold.
        """
        values = {name: config.get(PREFIX + name, DEFAULTS[name]) for name in DEFAULTS}
        directory = str(values["directory"])
        if not re.fullmatch(r"(/[\w.+-]+){2,}", directory):
            raise wrong("directory", directory, "an absolute path with a parent, '/home/me/dev'")
        if values["unclassified"] not in ("error", "count"):
            raise wrong("unclassified", values["unclassified"], "'error' or 'count'")
        for name in ("environment", "errors", "must_have_steps"):
            if isinstance(values[name], str):
                raise wrong(name, values[name], f"a list, such as [{values[name]!r}]")
        for name in ("columns", "timeout"):
            if not isinstance(values[name], (int, float)) or values[name] <= 0:
                raise wrong(name, values[name], "a number above 0")
        return cls(
            directory=directory,
            database=values["database"],
            identities=patterns("identities", values["identities"]),
            shapes=patterns("shapes", values["shapes"]),
            columns=int(values["columns"]),
            timeout=float(values["timeout"]),
            environment=tuple(values["environment"]),
            errors=re.compile("|".join(f"(?:{one})" for one in values["errors"]) or r"(?!)"),
            unclassified=values["unclassified"],
            must_have_steps=tuple(values["must_have_steps"]),
            exports=tuple(exports(values["exports"], confdir)),
        )


def wrong(name: str, found: object, expected: str) -> SettingsError:
    """Say what is wrong with a setting."""
    return SettingsError(
        f"conf.py: {PREFIX}{name} is {found!r}; expected {expected}. Mend it in conf.py."
    )


def patterns(name: str, values: object) -> dict[str, re.Pattern[str]]:
    """Compile the regular expressions of a setting."""
    if not isinstance(values, Mapping):
        raise wrong(name, values, "a dictionary of names and regular expressions")
    compiled = {}
    for kind, pattern in values.items():
        try:
            compiled[str(kind)] = re.compile(pattern)
        except (re.error, TypeError) as error:
            raise wrong(f"{name}[{kind!r}]", pattern, f"a regular expression ({error})") from error
    return compiled


def exports(values: Mapping[str, Mapping[str, Any]], confdir: Path) -> Iterator[Exported]:
    """Read which folders of the project mirror what a walk leaves."""
    for target, said in values.items():
        if not {"page", "folder"} <= said.keys() <= {"page", "folder", "own", "without"}:
            raise wrong(
                f"exports[{target!r}]",
                dict(said),
                "'page' and 'folder', and perhaps 'own' and 'without'",
            )
        yield Exported(
            target=(confdir / target).resolve(),
            page=said["page"],
            folder=said["folder"],
            own=tuple(said.get("own", ())),
            without=tuple(said.get("without", (".venv", "__pycache__"))),
        )
