"""The arguments of a command: sites, pages, and options for another program."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from runthrough.model.places import shown
from runthrough.model.report import counted

USUAL = "docs"
"""The folder that is searched first for a site."""
LISTED = 5
"""The most sites that an error lists."""
OTHERS = frozenset({"__pycache__", "_build", "build", "dist", "node_modules", "site-packages"})
"""Folders that never contain an author's site."""


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of examples, and has room for the names of our options."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=100)


def split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the arguments before the first `--` and those after it, which another program gets."""
    given = list(arguments)
    if "--" not in given:
        return given, []
    position = given.index("--")
    return given[:position], given[position + 1 :]


def parse(
    parser: argparse.ArgumentParser, given: Sequence[str], example: str, *, others: str = ""
) -> argparse.Namespace:
    """Read a subcommand's arguments, with an example in its help.

    `others` names the program that gets what follows `--`: an option that isn't ours may be one
    of its own.
    """
    parser.epilog = f"example:\n  {example}"
    options, unknown = parser.parse_known_intermixed_args(given)
    if unknown:
        way = f"; options of {others} go after '--'" if others else ""
        parser.error(
            f"there's no option {unknown[0]!r}{way}; '{parser.prog} --help' lists the options"
        )
    return options


def refuse_rest(parser: argparse.ArgumentParser, rest: Sequence[str]) -> None:
    """End the command if anything follows `--`, because no program would get it."""
    if rest:
        parser.error(f"this command takes nothing after '--': remove {' '.join(rest)!r}")


def site_of(parser: argparse.ArgumentParser, paths: Sequence[Path], *, alone: bool = False) -> Path:
    """Return the folder of the one site that all paths belong to; without paths, look for it.

    With `alone`, the result can be a file that isn't part of a site and is read by itself. Ends the
    command with an error if the paths don't belong to exactly one site.
    """
    from runthrough.reading.finding import find_confdir, is_alone

    if not paths:
        return the_one_site(parser)
    found: dict[Path, None] = {}
    for path in paths:
        absolute = Path(os.path.abspath(path))
        if not absolute.exists():
            parser.error(
                f"there's no file or folder {shown(absolute)}: give the folder of a site, or its "
                "pages"
            )
        confdir = find_confdir(absolute)
        if alone and is_alone(absolute):
            confdirs = [absolute]
        else:
            confdirs = [confdir] if confdir else list(sites_below(absolute))
        if not confdirs:
            parser.error(
                f"{shown(absolute)} isn't part of a Sphinx project: no folder above it has a "
                "conf.py and a first page, such as index.rst; give the folder of your site, or a "
                "page in it"
            )
        found |= dict.fromkeys(confdirs)
    if len(found) > 1:
        refuse_several(parser, list(found), "these paths belong to")
    return next(iter(found))


def the_one_site(parser: argparse.ArgumentParser) -> Path:
    """Find the site that a command without paths is about.

    That's the one of the current folder, else the one in docs/, else the only one below the
    current folder. Ends the command with an error where there's none, or more than one.
    """
    from runthrough.reading.finding import find_confdir

    here = Path.cwd()
    own = find_confdir(here)
    if own is not None:
        return own
    found = list(sites_below(here / USUAL)) or list(sites_below(here))
    if not found:
        parser.error(
            "there's no Sphinx project below the current folder: no folder has a conf.py and a "
            "first page, such as index.rst; change to the folder of your site, or give its path"
        )
    if len(found) > 1:
        refuse_several(parser, found, "below the current folder there are")
    return found[0]


def refuse_several(parser: argparse.ArgumentParser, confdirs: list[Path], said: str) -> NoReturn:
    """End the command, because it needs exactly one site and these were found."""
    names = ", ".join(map(shown, confdirs[:LISTED]))
    more = f" and {len(confdirs) - LISTED} more" if len(confdirs) > LISTED else ""
    sites = counted(len(confdirs), "Sphinx projects")
    parser.error(
        f"{said} {sites} ({names}{more}); choose one, for example '{parser.prog} "
        f"{shown(confdirs[0])}'"
    )


def sites_below(folder: Path) -> Iterator[Path]:
    """Yield the folders of the Sphinx projects in a folder; what lies in a site is part of it.

    Hidden folders, virtual environments and build outputs aren't searched.
    """
    from runthrough.reading.finding import is_project

    for name, folders, files in os.walk(folder):
        if "conf.py" in files and is_project(Path(name)):
            folders.clear()
            yield Path(name)
        elif "pyvenv.cfg" in files:
            folders.clear()
        folders[:] = sorted(one for one in folders if one[0] != "." and one not in OTHERS)
