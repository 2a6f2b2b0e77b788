"""Measure, side by side in one run, what the engine costs; print ratios, and write them as JSON.

Nothing is asserted here: a machine is as busy as it is. The figures of a tutorial need one, which
RUNTHROUGH_BENCH_SITE (the folder of its conf.py) and RUNTHROUGH_BENCH_PAGE (its last page) name.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bench import matching, shells, sites, tutorial

FIGURES = {
    "tutorial: its run, against bash -e of the same commands": tutorial.against_bash,
    "tutorial: its run as a whole process, against bash -e of the same commands": (
        tutorial.process_against_bash
    ),
    "tutorial: an edit in the last chapter with --runthrough-reuse, against a whole run": (
        tutorial.edit_in_last_chapter
    ),
    "snapshots: restoring one, against beginning with nothing": tutorial.restoring,
    "sites: 200 pages of 20 steps without workers, against two": sites.workers,
    "sites: 1,000 steps, against 100": sites.growth,
    "sites: one edit in 200 pages with a CI cache, against a whole run": sites.cached_edit,
    "sites: the first run of a page of 20 steps, against the second": sites.start,
    "sites: reading 50 unchanged pages, against reading them first": sites.reading,
    "sites: reading one page of 600 for the first time, against all": sites.reading_a_page_first,
    "sites: reading one page of 600 unchanged ones, against all": sites.reading_a_page,
    "shell: CPU of a cheap command, against one in bash -e": shells.cpu_of_a_command,
    "shell: a page without a command, against bash -e without one": shells.start,
    "shell: 1,000 commands, against 100": shells.growth,
    "shell: 1,000 commands, against the same in bash -e": shells.against_bash,
    "matching: 100,000 lines against 10,000, both with 50 ellipses": matching.growth,
    "matching: 100,000 lines with 50 ellipses, against bash that prints them": (
        matching.against_bash
    ),
}


def arguments() -> argparse.Namespace:
    """Return the file to write and the words that select figures; each word selects some."""
    parser = argparse.ArgumentParser(
        prog="bench",
        description="Measure what runthrough costs, and print ratios.",
        epilog="\n".join(["figures:", *(f"  {name}" for name in FIGURES)]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="where the figures are written, as JSON")
    parser.add_argument("words", nargs="*", help="take only the figures whose names contain one")
    given = parser.parse_args()
    for word in given.words:
        if not any(word in name for name in FIGURES):
            parser.error(f"no figure's name contains {word!r}; --help lists them")
    return given


def main() -> None:
    """Take every figure, or those that the words select, and write them to the file."""
    given = arguments()
    taken = {}
    for name, measure in FIGURES.items():
        if given.words and not any(word in name for word in given.words):
            continue
        if measure.__module__ == tutorial.__name__ and not tutorial.LAST:
            print(f"left out  {name}: it needs RUNTHROUGH_BENCH_SITE and RUNTHROUGH_BENCH_PAGE")
            continue
        figure = measure()
        taken[name] = {"ratio": figure.ratio, "seconds": figure.seconds, "against": figure.against}
        print(
            f"{figure.ratio:8.3f}  {name} ({figure.seconds:.5f} s, {figure.against:.5f} s)",
            flush=True,
        )
    given.file.write_text(json.dumps(taken, indent=2) + "\n")


main()
