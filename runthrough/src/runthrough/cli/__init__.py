"""The command `runthrough`: it runs the pages of a site, and helps to write them.

`main` finds the function of a subcommand and hands it an argument parser, the arguments up to
`--`, and those after it. What a command needs is imported by its function, so that `--help` is
quick and needs nothing that isn't installed.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches

from runthrough._version import __version__
from runthrough.cli.arguments import HelpFormatter, split
from runthrough.cli.checking import check_mutants, run_twice
from runthrough.cli.init import init_site
from runthrough.cli.listing import list_pages
from runthrough.cli.running import run_pages, update_pages
from runthrough.cli.serving import serve_pages, serve_postgres
from runthrough.processes.interrupting import interrupted_by_signals

Subcommand = Callable[[argparse.ArgumentParser, list[str], list[str]], int]
"""Reads its arguments with a parser; returns the exit status of the command."""

SUBCOMMANDS: dict[str, tuple[Subcommand, str]] = {
    "run": (run_pages, "run pages as a reader would, and fail where a reader would get stuck"),
    "update": (update_pages, "run pages, and rewrite outputs and shown files that differ"),
    "init": (
        init_site,
        "look at a site, and write settings that say what its blocks mean; runs nothing",
    ),
    "list": (list_pages, "list pages and their steps, with file and line; runs nothing"),
    "serve": (
        serve_pages,
        "serve the site to a browser; build and run what changes with each save",
    ),
    "postgres": (serve_postgres, "run a PostgreSQL server at the URL that your pages show"),
    "mutants": (
        check_mutants,
        "put mistakes into copies of the pages, and count how many a run catches",
    ),
    "twice": (run_twice, "run pages again in another time zone, locale, ...; report differences"),
}
"""The function of each subcommand, and what it does, in the order of the help."""

EXAMPLES = """\
examples:
  runthrough run                       the only site below the current folder
  runthrough run docs/index.rst        one page
  runthrough run docs -- -x            pytest's own options go after '--'
  runthrough COMMAND --help            the help of one command
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status, which is pytest's where pages are run."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0].startswith("-"):
        make_parser().parse_args(given or ["--help"])
        return 0
    name, *rest = given
    if name not in SUBCOMMANDS:
        near = get_close_matches(name, SUBCOMMANDS, n=1)
        meant = f"did you mean {near[0]!r}?" if near else f"expected {', '.join(SUBCOMMANDS)}"
        make_parser().error(f"there's no command {name!r}: {meant}")
    subcommand, does = SUBCOMMANDS[name]
    parser = argparse.ArgumentParser(
        prog=f"runthrough {name}",
        description=f"{does[0].upper()}{does[1:]}.",
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    try:
        try:
            with interrupted_by_signals():
                status = subcommand(parser, *split(rest))
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        print(f"\nrunthrough {name}: stopped", file=sys.stderr)
        return 128 + signal.SIGINT
    except BrokenPipeError:  # the program that reads our output has ended, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    return status


def make_parser() -> argparse.ArgumentParser:
    """Make the parser of what comes before a subcommand."""
    listed = "\n".join(f"  {name:<10}{does}" for name, (_, does) in SUBCOMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="runthrough",
        usage="runthrough COMMAND [ARGUMENTS]",
        description="Follow the pages of a Sphinx site as a reader would. Their commands run on "
        "this machine, with your permissions.",
        epilog=f"commands:\n{listed}\n\n{EXAMPLES}",
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"runthrough {__version__}")
    return parser
