"""The project's own settings, as conf.py gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from runthrough.model import converting
from runthrough.model.converting import PREFIX, Checkpoint, Exported, SettingsError, wrong
from runthrough.model.errorlines import ERRORS, QUOTING

DEFAULTS: dict[str, Any] = {
    "directory": "/home/reader/dev",
    "database": None,
    "captures": {},
    "patterns": {},
    "columns": 80,
    "timeout": 60,
    "environment": [],
    "errors": list(ERRORS),
    "packages": [],
    "unclassified": "error",
    "must_have_steps": [],
    "exports": {},
    "checkpoints": {},
    "artefacts": "_build/runthrough",
}
"""Every setting by its name in conf.py, without the prefix, and its default value."""


def refuse_unknown(names: Iterable[str], known: Iterable[str]) -> None:
    """Raise SettingsError for a name that begins as ours do and that no extension has declared.

    `names` are those that conf.py assigns, `known` those that Sphinx has a setting for.
    """
    ours = sorted(name.removeprefix(PREFIX) for name in known if name.startswith(PREFIX))
    for name in names:
        short = name.removeprefix(PREFIX)
        if name == short or short in ours:
            continue
        near = get_close_matches(short.lower(), ours, n=1)
        listed = ", ".join(PREFIX + one for one in near or ours)
        meant = f"did you mean {listed}?" if near else f"the settings are {listed}."
        raise SettingsError(
            f"conf.py: there's no setting {name}; {meant} Fix the name, or remove it. A name of "
            f"your own in conf.py must not begin with '{PREFIX}'."
        )


@dataclass(frozen=True)
class Settings:
    """What conf.py says about how its pages are run."""

    directory: str
    """The folder in which a run starts, as the pages name it; its parent is the home."""
    database: str | None
    """The database's address, as the pages name it; None where they use no database."""
    captures: Mapping[str, re.Pattern[str]]
    patterns: Mapping[str, re.Pattern[str]]
    columns: int
    timeout: float
    """Seconds that a command may take."""
    environment: tuple[str, ...]
    """Names of variables that a run takes over from its caller, beside the usual few."""
    errors: re.Pattern[str]
    """What a line that an ellipsis leaves out must not look like."""
    packages: tuple[str, ...]
    """Names of Python packages whose versions a result tells, where a page installs them."""
    unclassified: str
    """'error' or 'count': what becomes of a block that is no step and is not skipped."""
    must_have_steps: tuple[str, ...]
    """Patterns of page names, such as 'tutorial/*', that the reader has something to do on."""
    exports: tuple[Exported, ...]
    checkpoints: tuple[Checkpoint, ...]
    artefacts: Path
    """The folder in which runs leave what a build offers to the reader."""

    @classmethod
    def read(cls, config: Mapping[str, Any], confdir: Path) -> Settings:
        """Check and convert the values of conf.py.

        Raises SettingsError, naming the setting, what it holds and what it may hold.
        """
        values = {name: config.get(PREFIX + name, DEFAULTS[name]) for name in DEFAULTS}
        errors = converting.listed("errors", values["errors"])
        for one in errors:
            converting.expression("errors", one)
        captures = converting.expressions("captures", values["captures"])
        patterns = converting.expressions("patterns", values["patterns"])
        if twice := captures.keys() & patterns.keys():
            raise wrong(
                "patterns", values["patterns"], f"other names than captures: {min(twice)!r}"
            )
        return cls(
            directory=converting.directory(values["directory"]),
            database=converting.database(values["database"]),
            captures=captures,
            patterns=patterns,
            columns=int(
                converting.number(
                    "columns", values["columns"], converting.NARROWEST, converting.WIDEST
                )
            ),
            timeout=converting.number("timeout", values["timeout"]),
            environment=converting.environment(values["environment"]),
            errors=re.compile(
                rf"^(?!{QUOTING}).*?(?:{'|'.join(f'(?:{one})' for one in errors) or '(?!)'})"
            ),
            packages=converting.listed("packages", values["packages"]),
            unclassified=converting.one_of(
                "unclassified", values["unclassified"], "error", "count"
            ),
            must_have_steps=converting.listed("must_have_steps", values["must_have_steps"]),
            exports=tuple(converting.exports(values["exports"], confdir)),
            checkpoints=tuple(converting.checkpoints(values["checkpoints"])),
            artefacts=confdir / converting.relative_path("artefacts", values["artefacts"]),
        )

    def checkpoint(self, docname: str) -> Checkpoint | None:
        """Return what is packed at the end of a page, if anything."""
        return next((one for one in self.checkpoints if fnmatchcase(docname, one.pages)), None)

    def archive(self, docname: str) -> Path:
        """Name the archive of a page."""
        return self.artefacts / "checkpoints" / f"{docname}.zip"
