"""`runthrough serve` and `runthrough postgres`, which run until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

from runthrough.cli.arguments import parse, refuse_rest, site_of
from runthrough.model.address import Address


def serve_pages(parser: argparse.ArgumentParser, given: list[str], rest: list[str]) -> int:
    """Build, serve and run a site until Ctrl-C or SIGTERM; return 1 if the server ends before."""
    parser.usage = "%(prog)s [OPTIONS] [SITE] [BUILT] [-- SPHINX-AUTOBUILD OPTIONS]"
    parser.add_argument(
        "site",
        nargs="?",
        type=Path,
        metavar="SITE",
        help="the folder of conf.py (default: the only site below the current folder; docs/ first)",
    )
    parser.add_argument(
        "built",
        nargs="?",
        type=Path,
        metavar="BUILT",
        help="the folder to build the site in (default: _build/html in SITE)",
    )
    parser.add_argument(
        "--watch",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="another folder that pages are built from; you can give it several times",
    )
    example = f"{parser.prog} docs -- --open-browser"
    options = parse(parser, given, example, others="sphinx-autobuild")
    site = options.site or site_of(parser, ())
    if not (site / "conf.py").is_file():
        parser.error(f"there's no conf.py in {site}: give the folder of your site")
    built = options.built or site / "_build" / "html"
    if built.exists() and not built.is_dir():
        parser.error(f"{built} is a file: give a folder to build the site in")
    for folder in options.watch:
        if not folder.exists():
            parser.error(f"--watch: there's no folder {folder}; fix the path, or make the folder")
    if find_spec("sphinx_autobuild") is None:
        parser.error(
            "serving the pages needs sphinx-autobuild, which isn't installed in this environment; "
            "to fix this: pip install sphinx-autobuild"
        )
    # It needs watchfiles, which comes with sphinx-autobuild.
    from runthrough.pages.live import Live

    heed_signals()
    try:
        status = Live(site, built, tuple(options.watch), tuple(rest)).run()
    except KeyboardInterrupt:
        print(f"\nStopped. The pages from the last build are in {built}.")
        return 0
    print(f"{parser.prog}: the server ended by itself, with status {status}", file=sys.stderr)
    return 1


def heed_signals() -> None:
    """Shut down cleanly on Ctrl-C and SIGTERM.

    A shell that starts us in the background may have switched Ctrl-C off, for us and for all that
    we start.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


def serve_postgres(parser: argparse.ArgumentParser, given: list[str], rest: list[str]) -> int:
    """Run a server until Ctrl-C or SIGTERM; return 1 if it can't be started."""
    from runthrough.services.postgresql.errors import DatabaseError
    from runthrough.services.postgresql.serving import serve

    parser.add_argument(
        "--like",
        metavar="URL",
        type=address,
        required=True,
        help="the database URL on your pages, with user, password and database",
    )
    parser.add_argument(
        "--keep", metavar="DIR", type=Path, help="keep the data in this folder for next time"
    )
    options = parse(
        parser, given, f"{parser.prog} --like postgresql://ada:grey@localhost:5432/shop"
    )
    refuse_rest(parser, rest)
    heed_signals()
    try:
        serve(options.like, options.keep, lambda text: print(text, flush=True))
    except KeyboardInterrupt:
        data = f"kept in {options.keep}" if options.keep else "deleted"
        print(f"\nStopped. The data is {data}.")
        return 0
    except DatabaseError as error:
        print(error, file=sys.stderr)
    return 1


def address(url: str) -> Address:
    """Read a database URL."""
    try:
        return Address.parse(url)
    except ValueError as error:
        # argparse shows the message of this exception only.
        raise argparse.ArgumentTypeError(str(error)) from None
