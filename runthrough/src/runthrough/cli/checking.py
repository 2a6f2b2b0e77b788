"""`runthrough mutants` and `runthrough twice`: how much a green run is worth."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from runthrough.cli.arguments import parse, refuse_rest, site_of
from runthrough.model.places import shown

WRITTEN = ('[\n {\n  "page": ', "[]\n")
"""How a file begins that `runthrough mutants --json` has written, which it may replace."""


def check_mutants(parser: argparse.ArgumentParser, given: list[str], rest: list[str]) -> int:
    """Count the mistakes that a run catches; return 1 if they are fewer than `--least`."""
    from runthrough.model.converting import SettingsError
    from runthrough.model.site import ReadingError
    from runthrough.mutants.measuring import Plan, measure, record, summary
    from runthrough.reading.site import read_site
    from runthrough.running.workspace import WorkspaceError
    from runthrough.services import ServiceError

    add_mutants_arguments(parser)
    options = parse(parser, given, f"{parser.prog} docs --pages 'tutorial/*' --number 50 --seed 2")
    refuse_rest(parser, rest)
    if options.json and (problem := why_unfit(options.json)):
        parser.error(f"--json: {problem}")
    confdir = site_of(parser, [options.site] if options.site else [])
    plan = Plan(
        tuple(options.pages), options.number, options.seed, options.follow, options.processes
    )
    try:
        with tempfile.TemporaryDirectory(prefix="runthrough-mutants-") as cache:
            site = read_site(confdir.resolve(), Path(cache))
        measured = measure(site, plan)
    except (ReadingError, SettingsError, ServiceError, WorkspaceError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    if measured is None:
        parser.error(
            "there's nothing to change on the pages "
            f"{', '.join(plan.patterns) or 'of this site'}: choose others with --pages, whose "
            "patterns match page names such as 'tutorial/install'"
        )
    for line in summary(measured.judged, measured.seconds, plan.seed):
        print(line)
    if options.json:
        records = [record(one) for one in measured.judged]
        options.json.write_text(json.dumps(records, indent=1) + "\n")
    return 1 if measured.is_red or 100 * measured.caught < options.least else 0


def why_unfit(file: Path) -> str | None:
    """Return why results can't be written to a file; None if they can."""
    if not file.parent.is_dir():
        return f"there's no folder {shown(file.parent)}; fix the path, or create the folder first"
    try:
        with file.open(encoding="utf-8") as stream:
            is_earlier = stream.read(len(WRITTEN[0])).startswith(WRITTEN)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        is_earlier = False
    if is_earlier:
        return None
    return f"{shown(file)} exists, but it isn't an earlier result; choose another file"


def number_from(least: int) -> Callable[[str], int]:
    """Return what reads an argument that is a whole number, at least so large."""

    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} isn't a number from {least} up")
        return int(text)

    return read


def add_mutants_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `runthrough mutants`."""
    parser.add_argument(
        "site",
        nargs="?",
        type=Path,
        metavar="SITE",
        help="the folder of conf.py (default: the only site below the current folder; docs/ first)",
    )
    parser.add_argument(
        "--pages",
        nargs="+",
        default=[],
        metavar="PATTERN",
        help="only these pages, such as 'how-to/*'",
    )
    parser.add_argument(
        "--number", type=number_from(1), default=100, help="how many mutants to run (default: 100)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="seed of the random choice (default: 1)"
    )
    parser.add_argument(
        "--follow",
        type=number_from(0),
        default=3,
        metavar="PAGES",
        help="how many pages to run, at most, that continue from one that passes (default: 3)",
    )
    parser.add_argument(
        "--processes",
        type=number_from(1),
        default=os.cpu_count() or 1,
        help="how many mutants to run at once (default: one per processor)",
    )
    parser.add_argument(
        "--least",
        type=float,
        default=0,
        metavar="PERCENT",
        help="exit with status 1 if a smaller share is caught",
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="also write every result to this file"
    )


def run_twice(parser: argparse.ArgumentParser, given: list[str], rest: list[str]) -> int:
    """Run pages twice and report each difference; return 1 if anything differs or fails."""
    from runthrough.twice.comparing import RunFailed, Twice, compare
    from runthrough.twice.variations import variations

    parser.usage = "%(prog)s [PATHS] [-- PYTEST OPTIONS]"
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATHS",
        help="a site, or folders and pages of one (default: the only site below the current "
        "folder; docs/ first)",
    )
    options = parse(parser, given, f"{parser.prog} docs/tutorial -- -n 2", others="pytest")
    confdir = site_of(parser, options.paths)
    usable = [one for one in variations() if not one.missing]
    for one in variations():
        print(f"{one.name}: not varied, {one.missing}" if one.missing else f"varied: {one}")
    with tempfile.TemporaryDirectory(prefix="runthrough-twice-") as folder:
        paths = tuple(map(str, options.paths))
        try:
            return compare(Twice(confdir.resolve(), paths, tuple(rest), Path(folder)), usable)
        except RunFailed as error:
            print(f"{parser.prog}: pytest didn't run the pages: {error}")
            return 2
