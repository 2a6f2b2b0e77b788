"""The settings in conf.py: one table, which Sphinx, runs and the reference all use.

To add a setting, add a field to `Settings`, with a `Setting` that says everything about it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_type_hints

from runthrough.model import converting
from runthrough.model import paths as reading_paths
from runthrough.model.converting import (
    PREFIX,
    Checkpoint,
    Exported,
    Given,
    ServiceClass,
    SettingsError,
)
from runthrough.model.dialects import STRICT, Dialect
from runthrough.model.errorlines import ERRORS
from runthrough.model.paths import ReadingPath


@dataclass(frozen=True)
class Setting:
    """Everything about a setting except its name."""

    read: Callable[[Given], Any]
    """Checks and converts its value; raises SettingsError."""
    default: Any
    types: tuple[type, ...]
    """What conf.py may give."""
    description: str
    """In reStructuredText, for the reference."""
    rebuild: Literal["env", "html", ""] = "env"
    """What Sphinx builds again after a change: all, the HTML, or nothing."""
    changes_results: bool = True
    """Whether a result may be another one with another value."""


LISTS = (list, tuple, set)


@dataclass(frozen=True)
class Settings:
    """What conf.py says about how its pages are run."""

    directory: Annotated[
        str,
        Setting(
            converting.folder_of_pages,
            "/home/reader/dev",
            (str,),
            "The folder in which a run starts, as the pages write it. Its parent is the reader's "
            "home.",
        ),
    ]
    database: Annotated[
        str | None,
        Setting(
            converting.database,
            None,
            (str, NoneType),
            "The database URL, as the pages show it.",
        ),
    ]
    services: Annotated[
        Mapping[str, ServiceClass],
        Setting(
            converting.services,
            {},
            (dict,),
            "Other services that the pages use, by name: the class of each and its options.",
        ),
    ]
    ports: Annotated[
        Mapping[int, str],
        Setting(
            converting.ports,
            {},
            (dict,),
            "The ports that the pages show. Each run of a page uses free ports instead. A server "
            "learns its port from the variable that you give here, or from its command.",
        ),
    ]
    captures: Annotated[
        Mapping[str, re.Pattern[str]],
        Setting(
            converting.expressions,
            {},
            (dict,),
            "Named regular expressions for values that differ in every run and that the pages "
            "use again.",
        ),
    ]
    patterns: Annotated[
        Mapping[str, re.Pattern[str]],
        Setting(
            converting.expressions,
            {},
            (dict,),
            "Named regular expressions for values that only have to keep their form.",
        ),
    ]
    values: Annotated[
        Mapping[str, str],
        Setting(
            converting.values,
            {},
            (dict,),
            "What pages write in place of a reader's own value, such as ``/path/to/project``, "
            "and what a run uses instead.",
        ),
    ]
    columns: Annotated[
        int, Setting(converting.columns, 80, (int,), "The width of the run's terminal.")
    ]
    timeout: Annotated[
        float, Setting(converting.number, 60, (int, float), "How many seconds a command may take.")
    ]
    environment: Annotated[
        tuple[str, ...],
        Setting(
            converting.variables,
            [],
            LISTS,
            "Names of environment variables that a run inherits from its caller.",
        ),
    ]
    variables: Annotated[
        Mapping[str, str],
        Setting(
            converting.variables_with_values,
            {},
            (dict,),
            "Environment variables that are set for every page, with their values.",
        ),
    ]
    path: Annotated[
        tuple[str, ...],
        Setting(
            converting.folders,
            [],
            LISTS,
            "Folders, relative to ``conf.py``, that come first on the ``PATH`` of every page.",
        ),
    ]
    projects: Annotated[
        Mapping[str, str],
        Setting(
            converting.projects,
            {},
            (dict,),
            "Python projects that pages install from this working tree, by name: the folder of "
            "each.",
        ),
    ]
    virtualenv: Annotated[
        tuple[str, ...] | None,
        Setting(
            converting.requirements,
            None,
            (list, tuple, NoneType),
            "What to install in a virtual environment that's active when a page begins.",
        ),
    ]
    errors: Annotated[
        re.Pattern[str],
        Setting(
            converting.errors,
            list(ERRORS),
            LISTS,
            "Regular expressions for lines that three dots in an output must not hide.",
        ),
    ]
    dialects: Annotated[
        Mapping[str, Dialect],
        Setting(
            converting.dialects,
            {},
            (dict,),
            "What the blocks mean on pages that weren't written for runthrough, by pattern of "
            "page names.",
        ),
    ]
    after_failure: Annotated[
        Literal["continue", "stop"],
        Setting(
            converting.word_of("continue", "stop"),
            "continue",
            (str,),
            "Whether a page goes on after a wrong output or status, or stops there.",
        ),
    ]
    unclassified: Annotated[
        Literal["error", "count"],
        Setting(
            converting.word_of("error", "count"),
            "error",
            (str,),
            "What to do with a block that is neither a step nor skipped.",
            changes_results=False,
        ),
    ]
    must_have_steps: Annotated[
        tuple[str, ...],
        Setting(
            converting.texts,
            [],
            LISTS,
            "Patterns of page names, such as ``tutorial/*``: each of these pages must have "
            "something for the reader to do.",
            changes_results=False,
        ),
    ]
    uncached: Annotated[
        tuple[str, ...],
        Setting(
            converting.texts,
            [],
            LISTS,
            "Patterns of page names, such as ``how-to/*``: these pages are run every time, even "
            "with ``--runthrough-cache``.",
            "",
            changes_results=False,
        ),
    ]
    tabs: Annotated[
        tuple[str, ...],
        Setting(
            converting.texts,
            [],
            LISTS,
            "Labels of the tabs that a run takes. In a set that has none of them, it takes the "
            "first tab.",
            changes_results=False,
        ),
    ]
    paths: Annotated[
        tuple[ReadingPath, ...],
        Setting(
            reading_paths.paths,
            {},
            (dict,),
            "Other paths through the site, by name: with other tabs, other pages to continue "
            "from, or Sphinx's tags.",
            changes_results=False,
        ),
    ]
    continues: Annotated[
        Mapping[str, str],
        Setting(
            converting.page_names,
            {},
            (dict,),
            "What pages continue from if their own heads don't say so, by pattern of page names: "
            '``"toctree"`` or the name of a page.',
            # What is built from it is compared at each build. What a page begins with is part of
            # what a result is bound to, setting or not.
            "",
            changes_results=False,
        ),
    ]
    exports: Annotated[
        tuple[Exported, ...],
        Setting(
            converting.exports,
            {},
            (dict,),
            "Folders of the repository that must match what a run leaves.",
            changes_results=False,
        ),
    ]
    checkpoints: Annotated[
        tuple[Checkpoint, ...],
        Setting(
            converting.checkpoints,
            {},
            (dict,),
            "Pages at whose end the reader's folder is packed for download.",
            changes_results=False,
        ),
    ]
    artefacts: Annotated[
        Path,
        Setting(
            converting.folder_below,
            "_build/runthrough",
            (str,),
            "The folder in which runs put what a build offers for download.",
            changes_results=False,
        ),
    ]
    results: Annotated[
        Path | None,
        Setting(
            converting.file,
            None,
            (str, NoneType),
            "The file with the results that a build shows next to the blocks.",
            # The style sheet that comes with it has every page written again. With a rebuild of its
            # own, Sphinx would keep the value with the pages of every site.
            "",
            changes_results=False,
        ),
    ]
    about: Annotated[
        str | None,
        Setting(
            converting.text,
            None,
            (str, NoneType),
            "The page that explains the badges.",
            "html",
            changes_results=False,
        ),
    ]
    packages: Annotated[
        tuple[str, ...],
        Setting(
            converting.texts,
            [],
            LISTS,
            "Python packages whose versions are shown with the results.",
            changes_results=False,
        ),
    ]

    @classmethod
    def read(cls, config: Mapping[str, Any], confdir: Path) -> Settings:
        """Check and convert the values of conf.py.

        Raises SettingsError, whose message has the setting, its value and what was expected.
        """
        given = {
            name: Given(name, config.get(PREFIX + name, one.default), confdir)
            for name, one in SETTINGS.items()
        }
        settings = cls(**{name: one.read(given[name]) for name, one in SETTINGS.items()})
        if twice := settings.captures.keys() & settings.patterns.keys():
            raise given["patterns"].wrong(
                f"names that differ from those in captures; both have {min(twice)!r}"
            )
        return settings

    def dialect(self, docname: str) -> Dialect:
        """Return the dialect of a page: that of the first pattern that matches its name."""
        named = (one for pages, one in self.dialects.items() if fnmatchcase(docname, pages))
        dialect = next(named, STRICT)
        if dialect.unclassified is not None:
            return dialect
        return dataclasses.replace(dialect, unclassified=self.unclassified)

    def labels(self, path: ReadingPath) -> tuple[str, ...]:
        """Return the labels of the tabs that a path takes, in order of precedence."""
        return (*path.tabs, *self.tabs)

    def checkpoint(self, docname: str) -> Checkpoint | None:
        """Return what is packed at the end of a page, if anything; always None on further paths."""
        if any(docname.endswith(path.name_of("")) for path in self.paths):
            return None
        return next((one for one in self.checkpoints if fnmatchcase(docname, one.pages)), None)

    def archive(self, docname: str) -> Path:
        """Return the file of a page's archive."""
        return self.artefacts / "checkpoints" / f"{docname}.zip"


SETTINGS: dict[str, Setting] = {
    name: get_args(annotation)[1]
    for name, annotation in get_type_hints(Settings, include_extras=True).items()
}
"""Every setting by its name in conf.py, without the prefix."""


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
