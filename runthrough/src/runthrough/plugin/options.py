"""The plugin's options and settings: one table each, and which options can be combined."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import pytest

GROUP = "runthrough"
"""The name of the plugin, and of its part of `pytest --help`."""


class Option(NamedTuple):
    """An option of the command line: a flag, unless it takes a value."""

    name: str
    help: str
    value: str | None = None
    """What the help calls its value."""
    is_repeatable: bool = False

    @property
    def arguments(self) -> dict[str, Any]:
        """What argparse needs to know."""
        if self.value is None:
            return {"action": "store_true", "help": self.help}
        if self.is_repeatable:
            return {
                "action": "append",
                "default": [],
                "metavar": self.value,
                "help": f"{self.help}. You can give it several times",
            }
        return {"metavar": self.value, "help": self.help}


class Setting(NamedTuple):
    """A setting in pytest's configuration file."""

    name: str
    help: str
    type: Literal["bool", "linelist"]
    default: Any


OPTIONS = (
    Option("--runthrough", "run the pages of a Sphinx site: their commands run on this machine"),
    Option("--runthrough-show-steps", "print each step as it runs"),
    Option("--runthrough-keep", "keep the folders in which pages were run, and print their paths"),
    Option(
        "--runthrough-reuse",
        "reuse the results of an earlier run if everything that led to them is the same and "
        "they're less than a day old",
    ),
    Option(
        "--runthrough-cache",
        "a folder with the results of pages that passed, on this or another machine: don't run "
        "them again if everything that led to their results is the same, and add the pages that "
        "pass now. For CI, which saves and restores the folder",
        value="DIR",
    ),
    Option(
        "--runthrough-cache-days",
        "how old results from the cache may be (default: 7)",
        value="DAYS",
    ),
    Option(
        "--runthrough-cache-refresh",
        "don't use what's in the cache: run all pages, and write their results to it again",
    ),
    Option(
        "--runthrough-update",
        "rewrite outputs and shown listings that differ, in the sources of the pages. Files with "
        "uncommitted changes are left alone. Implies --runthrough-export",
    ),
    Option(
        "--runthrough-update-anyway",
        "like --runthrough-update, but also rewrite files with uncommitted changes",
    ),
    Option(
        "--runthrough-export",
        "write the folders that runthrough_exports in conf.py lists. Files that git couldn't "
        "restore are left alone",
    ),
    Option(
        "--runthrough-export-outside-git",
        "like --runthrough-export, but also replace and remove files that aren't in a git "
        "repository",
    ),
    Option(
        "--runthrough-results",
        "write the result of each step to a JSON file, from which the built site can show it. "
        "Pages that this run leaves out keep their results",
        value="FILE",
    ),
    Option(
        "--runthrough-report",
        "write one HTML page with every command, its result, and what differs",
        value="FILE",
    ),
    Option(
        "--runthrough-set",
        "set an environment variable for every page; it overrides any other value",
        value="NAME=VALUE",
        is_repeatable=True,
    ),
)

SETTINGS = (
    Setting("runthrough", "run pages in every run, as with --runthrough", "bool", False),
    Setting(
        "runthrough_allow_empty",
        "let a run pass even if all blocks of its pages are unchecked",
        "bool",
        False,
    ),
    Setting(
        "runthrough_markers",
        "markers for pages, by patterns of their names: one line for each marker, such as 'slow: "
        "how-to/* setup'",
        "linelist",
        [],
    ),
)


def add(parser: pytest.Parser) -> None:
    """Declare all options and settings; each option's value is in `runthrough_...`."""
    group = parser.getgroup(GROUP, f"{GROUP}: run the pages of a Sphinx site as tests")
    for option in OPTIONS:
        group.addoption(option.name, **option.arguments)
    for setting in SETTINGS:
        parser.addini(setting.name, setting.help, type=setting.type, default=setting.default)


def runs_pages(config: pytest.Config) -> bool:
    """Return whether this pytest run runs pages at all."""
    return bool(config.getoption("runthrough") or config.getini("runthrough"))


def updates(config: pytest.Config) -> bool:
    """Return whether to rewrite sources."""
    return bool(
        config.getoption("runthrough_update") or config.getoption("runthrough_update_anyway")
    )


def exports(config: pytest.Config) -> bool:
    """Return whether to write folders from what runs leave."""
    return bool(
        config.getoption("runthrough_export") or config.getoption("runthrough_export_outside_git")
    )


def check(config: pytest.Config) -> None:
    """Raise UsageError if options can't be combined."""
    if updates(config) and not runs_pages(config):
        raise pytest.UsageError("--runthrough-update needs a run of the pages: add --runthrough")
    check_cache(config)
    if not config.getoption("runthrough_reuse"):
        return
    if exports(config) or updates(config):
        raise pytest.UsageError(
            "--runthrough-export and --runthrough-update write what a whole run finds, so they "
            "can't be combined with --runthrough-reuse. Leave --runthrough-reuse out."
        )
    if config.getoption("runthrough_set"):
        raise pytest.UsageError(
            "--runthrough-set changes the environment of pages, but what --runthrough-reuse has "
            "kept was made in another one. Leave one of these options out."
        )


def check_cache(config: pytest.Config) -> None:
    """Raise UsageError if an option can't be combined with the cache, or needs one."""
    if config.getoption("runthrough_cache") is None:
        for name in ("--runthrough-cache-days", "--runthrough-cache-refresh"):
            if config.getoption(name.removeprefix("--").replace("-", "_")):
                raise pytest.UsageError(f"{name} needs a cache: add --runthrough-cache DIR")
        return
    others = {
        "--runthrough-update": updates(config),
        "--runthrough-export": exports(config),
        "--runthrough-reuse": config.getoption("runthrough_reuse"),
        "--runthrough-keep": config.getoption("runthrough_keep"),
    }
    for name, is_given in others.items():
        if is_given:
            raise pytest.UsageError(
                f"{name} needs all pages to be run now, but --runthrough-cache leaves out those "
                "that passed before. Leave one of these options out."
            )
