"""Pages that are made for one measurement, and run as those of a site are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from runthrough import (
    Command,
    Console,
    EndCheck,
    Line,
    Page,
    Place,
    Runner,
    Settings,
    Site,
    explain,
)

FILE = Path("bench.rst")
PLACE = Place(FILE, 1)


def command(text: str, output: Iterable[str] = ()) -> Command:
    """Make a command, with the output that the page shows."""
    return Command(text, PLACE, tuple(Line(line, PLACE) for line in output))


def page(*commands: Command) -> Page:
    """Make a page of one block, without one where there's no command."""
    block = (Console(PLACE, commands),) if commands else ()
    return Page("bench", FILE, (*block, EndCheck(PLACE)))


def run(page: Page) -> None:
    """Run a page alone, in a shell and a home of its own."""
    confdir = Path(tempfile.gettempdir())
    with Runner(Site(confdir, Settings.read({}, confdir), (page,))) as runner:
        hold(runner, page)


def hold(runner: Runner, page: Page) -> None:
    """Run a page, and make sure that it's right: only then is the right thing measured."""
    for result in runner.run(page):
        if result.failure is not None:
            raise AssertionError(explain(result.failure))
