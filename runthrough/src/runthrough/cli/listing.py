"""`runthrough list`: the pages of a site and their steps, without running anything."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runthrough.cli.arguments import parse, refuse_rest, site_of
from runthrough.model.places import Place, shown
from runthrough.model.report import NOT_RUN, counted, visible
from runthrough.model.steps import OtherTab

if TYPE_CHECKING:
    from runthrough.model.steps import Page


def list_pages(parser: argparse.ArgumentParser, given: list[str], rest: list[str]) -> int:
    """Print the pages in reading order; return 0, or 2 if the site can't be read."""
    from runthrough.model.converting import SettingsError
    from runthrough.model.site import ReadingError
    from runthrough.reading.site import read_site

    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATHS",
        help="a site, or folders and pages of one (default: the only site below the current "
        "folder; docs/ first)",
    )
    parser.add_argument(
        "--json", action="store_true", help="print a JSON list of pages, for other programs"
    )
    options = parse(parser, given, f"{parser.prog} docs/tutorial --json")
    refuse_rest(parser, rest)
    confdir = site_of(parser, options.paths, alone=True)
    try:
        with tempfile.TemporaryDirectory(prefix="runthrough-list-") as cache:
            site = read_site(confdir, Path(cache), options.paths or None)
    except (ReadingError, SettingsError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    pages = [page for page in site.pages if is_in(page, options.paths)]
    if options.json:
        print(json.dumps([page_record(page) for page in pages], indent=1, ensure_ascii=False))
    else:
        print_pages(pages)
    return 0


def is_in(page: Page, paths: Sequence[Path]) -> bool:
    """Return whether a page is one of the paths, or in a folder that is; no paths are all pages."""
    file = page.file.resolve()
    return not paths or any(file.is_relative_to(path.resolve()) for path in paths)


def print_pages(pages: Sequence[Page]) -> None:
    """Print a line for each page that asks for something, and one for each of its steps."""
    for page in pages:
        if page.steps:
            after = f" (continues from {page.continues})" if page.continues else ""
            print(f"{page.docname}{after}")
        for step, title in zip(page.steps, page.titles, strict=True):
            print(visible(f"  {step.place}: {title}"))
            for note in step.side_notes:
                print(visible(f"    from {note.place}: {note.what}"))
    steps = sum(len(page.steps) for page in pages)
    line = f"{counted(len(pages), 'pages')}: {counted(steps, 'steps')}"
    if number := len(unreached(pages)):
        line += f", {counted(number, 'blocks')} {NOT_RUN['unreached']}"
    print(line)


def unreached(pages: Sequence[Page]) -> set[Place]:
    """Return the places of the blocks in tabs that no path takes."""
    steps = (step for page in pages for step in page.steps)
    return {step.place for step in steps if isinstance(step, OtherTab) and not step.taken_on}


def page_record(page: Page) -> dict[str, Any]:
    """Write a page as values of JSON; paths are seen from the current folder."""
    return {
        "name": page.docname,
        "file": shown(page.file),
        "continues": page.continues,
        "steps": [
            {
                "kind": type(step).__name__,
                "title": title,
                "file": shown(step.place.file),
                "line": step.place.line,
                "side_notes": [
                    {"line": note.place.line, "what": note.what} for note in step.side_notes
                ],
            }
            for step, title in zip(page.steps, page.titles, strict=True)
        ],
    }
