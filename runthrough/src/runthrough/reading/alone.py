"""Read a file that isn't part of a Sphinx project, such as a README, as a site with one page.

There's no conf.py, so the settings come from `[tool.runthrough]` in a pyproject.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from runthrough.model.converting import PREFIX, SettingsError
from runthrough.model.places import shown
from runthrough.model.settings import SETTINGS, Settings, refuse_unknown
from runthrough.model.site import ReadingError
from runthrough.reading.finding import ALONE
from runthrough.reading.side_file import SideFile

SETTINGS_FILE = "pyproject.toml"
TABLE = "tool.runthrough"
"""The table of the settings there; their names have no prefix."""
MARKDOWN = (".md", ".markdown")
USUAL: Mapping[str, object] = {"dialects": {"*": "common"}}
"""Settings of a file that wasn't written to be run, unless pyproject.toml says otherwise."""


def settings_file(file: Path) -> Path | None:
    """Find the nearest pyproject.toml with our settings: next to the file, or above it."""
    found = (folder / SETTINGS_FILE for folder in file.parents)
    return next((one for one in found if one.is_file() and table(one) is not None), None)


def base_of(file: Path) -> Path:
    """Return the folder from which the settings name files: that of pyproject.toml, or its own."""
    return (settings_file(file) or file).parent


def table(pyproject: Path) -> Mapping[str, Any] | None:
    """Return our settings in a pyproject.toml; None if it has none.

    Raises SettingsError if it can't be read.
    """
    try:
        tool = tomllib.loads(pyproject.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, ValueError) as error:
        raise SettingsError(f"{shown(pyproject)} can't be read: {error}") from error
    if not isinstance(tool, Mapping) or "runthrough" not in tool:
        return None
    settings = tool["runthrough"]
    if not isinstance(settings, Mapping):
        raise SettingsError(
            f"{shown(pyproject)}: {TABLE} is {settings!r}; expected a table of settings"
        )
    return settings


def configuration(file: Path) -> dict[str, Any]:
    """Return Sphinx's configuration for a file, our settings included.

    Raises SettingsError for a wrong value or name, ReadingError where a parser is missing.
    """
    is_markdown = file.suffix in MARKDOWN
    if is_markdown and find_spec("myst_parser") is None:
        raise ReadingError(
            f"{shown(file)} is Markdown, and myst-parser, which reads it, isn't installed. "
            "To fix this: pip install myst-parser"
        )
    pyproject = settings_file(file)
    given = (table(pyproject) if pyproject else None) or {}
    values = {PREFIX + name: value for name, value in given.items()}
    refuse_unknown(sorted(values), [PREFIX + name for name in SETTINGS])
    # Sphinx would convert a string, or leave it out with a warning.
    base = (pyproject or file).parent
    Settings.read(values, base)
    return {
        "extensions": ["myst_parser"] if is_markdown else [],
        "root_doc": file.relative_to(base).with_suffix("").as_posix(),
        "source_suffix": {file.suffix: "markdown" if is_markdown else "restructuredtext"},
        "include_patterns": [exactly(file.relative_to(base).as_posix())],
        "exclude_patterns": list(beside_the_way(base, file)),
        **{PREFIX + name: value for name, value in USUAL.items()},
        **values,
    }


@contextmanager
def naming_settings(file: Path) -> Iterator[None]:
    """Let a SettingsError name the setting as it's written in pyproject.toml."""
    try:
        yield
    except SettingsError as error:
        pyproject = settings_file(file) or Path(SETTINGS_FILE)
        said = str(error).partition(" A name of your own in conf.py")[0]
        said = said.replace("conf.py", shown(pyproject)).replace(PREFIX, f"{TABLE}.")
        raise SettingsError(said) from None


def beside_the_way(base: Path, file: Path) -> Iterator[str]:
    """Yield patterns of the folders that Sphinx needn't look into, to find just this file."""
    folder = base
    for name in file.relative_to(base).parts:
        for other in folder.iterdir():
            if other.name != name and other.is_dir():
                yield exactly(other.relative_to(base).as_posix())
        folder /= name


def exactly(name: str) -> str:
    """Return a pattern for Sphinx that matches only this name."""
    return re.sub(r"([*?\[])", r"[\1]", name)


def files_named(side_file: SideFile, base: Path) -> Iterator[str]:
    """Yield the names in a side file that are those of files which can be read by themselves."""
    for entry in side_file.pages:
        if any((base / f"{entry.name.text}{suffix}").is_file() for suffix in ALONE):
            yield entry.name.text
