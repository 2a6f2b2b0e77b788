"""`runthrough run` and `runthrough update`: pytest, with the options of our plugin."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from runthrough.cli.arguments import parse, the_one_site
from runthrough.model.places import shown

if TYPE_CHECKING:
    from runthrough.plugin.options import Option

PREFIX = "--runthrough-"
"""The prefix that our options have in pytest; here they don't have it."""
ANYWAY = f"{PREFIX}update-anyway"
UPDATING = ("update", "update-anyway")
UNFIT = ("export", "reuse", "cache", "cache-days", "cache-refresh")
"""Options that an update implies, or that can't be combined with it."""
REWRITTEN = "ignore:Module already imported so cannot be rewritten; runthrough"
"""pytest's warning that our package was imported before it could rewrite its assertions."""


def run_pages(parser: argparse.ArgumentParser, given: list[str], rest: list[str]) -> int:
    """Run pages; return pytest's exit status."""
    return run_pytest(parser, given, rest, ["--runthrough"], UPDATING, "docs -- -x -k install")


def update_pages(parser: argparse.ArgumentParser, given: list[str], rest: list[str]) -> int:
    """Run pages and rewrite what differs; return pytest's exit status."""
    parser.add_argument(
        "--anyway",
        action="store_true",
        help="also rewrite files with uncommitted changes",
    )
    parser.add_argument(ANYWAY, dest="anyway", action="store_true", help=argparse.SUPPRESS)
    switches = ["--runthrough", "--runthrough-update"]
    if {"--anyway", ANYWAY} & {*given}:
        switches.append(ANYWAY)
    return run_pytest(parser, given, rest, switches, (*UPDATING, *UNFIT), "docs/index.rst")


def run_pytest(
    parser: argparse.ArgumentParser,
    given: list[str],
    rest: list[str],
    switches: list[str],
    unfit: Iterable[str],
    example: str,
) -> int:
    """Run pytest with our options, those after `--`, and the site if no path is named."""
    import pytest

    from runthrough.plugin.options import OPTIONS

    parser.usage = "%(prog)s [OPTIONS] [PATHS] [-- PYTEST OPTIONS]"
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATHS",
        help="sites, folders of pages, pages, or one step as in 'docs/index.rst::$ wc -l tea.txt' "
        "(default: the only site below the current folder; docs/ first)",
    )
    ours = [one for one in OPTIONS if one.name.removeprefix(PREFIX) not in unfit]
    ours = [one for one in ours if one.name.startswith(PREFIX)]
    for option in ours:
        name = option.name.replace(PREFIX, "--")
        keywords = option.arguments
        keywords["help"] = keywords["help"].replace(PREFIX, "--")
        parser.add_argument(name, dest=dest_of(option), **keywords)
        # Messages and docs name an option as pytest does, so that name is taken too.
        hidden = {**keywords, "help": argparse.SUPPRESS}
        parser.add_argument(option.name, dest=dest_of(option), **hidden)
    options = parse(parser, given, f"{parser.prog} {example}", others="pytest")
    paths = options.paths or [shown(the_one_site(parser))]
    arguments = [*switches, *passed_on(ours, options), *rest, *paths]
    # By its name, the plugin is loaded also where PYTEST_DISABLE_PLUGIN_AUTOLOAD is set.
    return int(pytest.main(["-p", "runthrough", "-W", REWRITTEN, *arguments]))


def passed_on(ours: Iterable[Option], options: argparse.Namespace) -> Iterator[str]:
    """Yield the given options, in pytest's spelling."""
    for option in ours:
        value = getattr(options, dest_of(option))
        if value is True:
            yield option.name
        elif isinstance(value, list):
            yield from (f"{option.name}={one}" for one in value)
        elif value:
            yield f"{option.name}={value}"


def dest_of(option: Option) -> str:
    """Return the name of the attribute in which argparse keeps the value of an option."""
    return option.name.removeprefix("--").replace("-", "_")
