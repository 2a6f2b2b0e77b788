"""Run pages twice, the second time under other circumstances, and report each difference.

The second run has another time zone, locale, hash seed, user name and clock; every run has a home,
a port and a database of its own anyway. What passes in the first run and fails in the second is a
value that no placeholder covers. Each such page is then run under one of the changes at a time,
which names the cause.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, groupby
from pathlib import Path

from runthrough.model.paths import document_of
from runthrough.model.places import shown
from runthrough.model.recorded import RecordedResult
from runthrough.model.report import counted
from runthrough.pages import results_file
from runthrough.pages.results_file import Pages
from runthrough.processes.interrupting import started_run
from runthrough.twice.variations import Variation


@dataclass(frozen=True)
class Difference:
    """A step that passes in the first run and not in the second."""

    page: str
    recorded: RecordedResult
    """Of the second run."""

    @property
    def lines(self) -> Iterator[str]:
        """Describe it: where, what, and the lines that differ."""
        failed = self.recorded.reported_failure
        if failed is None:
            yield f"{self.page}, line {self.recorded.line}: {self.recorded.verdict}"
            return
        yield f"{failed.file}:{failed.line}: {failed.what}"
        yield from (f"    {row}" for row in (*failed.difference, *failed.printed))


@dataclass(frozen=True)
class Twice:
    """A site, and how pytest runs its pages."""

    confdir: Path
    paths: tuple[str, ...]
    arguments: tuple[str, ...]
    folder: Path
    """For the results of the runs."""
    numbers: Iterator[int] = field(default_factory=count)

    def run(self, name: str, changed: Sequence[Variation], paths: Sequence[str] = ()) -> Pages:
        """Run pages under some variations, and return the result of each step.

        Raises RunFailed if pytest ends without results.
        """
        results = self.folder / f"{next(self.numbers)}.json"
        environment = {n: value for one in changed for n, value in one.environment.items()}
        command = [
            *(sys.executable, "-m", "pytest", "-q", "--runthrough", "--tb=no"),
            *("-p", "no:cacheprovider", "--runthrough-results", str(results)),
            *(f"--runthrough-set={n}={value}" for n, value in environment.items()),
            *(self.arguments),
            *(paths or self.paths or [str(self.confdir)]),
        ]
        with started_run(command, subprocess.PIPE) as process:
            printed, said = process.communicate()
        if process.returncode not in (0, 1) or not results.exists():
            raise RunFailed(f"{' '.join(command)}\n{printed}{said}")
        where = f" on {shown(Path(paths[0]))}" if paths else ""
        print(f"{name}{where}: {(printed.splitlines() or [''])[-1]}", flush=True)
        return results_file.read(results)

    def file_of(self, difference: Difference) -> str:
        """Return the source file of the page on which something differs."""
        suffixes = (".rst", ".md", ".txt", ".ipynb")
        files = (self.confdir / f"{document_of(difference.page)}{suffix}" for suffix in suffixes)
        return str(next(file for file in files if file.exists()))


class RunFailed(Exception):
    """pytest has not run the pages."""


def differences(first: Pages, second: Pages) -> Iterator[Difference]:
    """Yield each step that passes in the first run and fails in the second."""
    for page, found in second.items():
        passed = {one.position for one in first.get(page, ()) if one.verdict == "passed"}
        for recorded in found:
            if recorded.position in passed and recorded.verdict == "failed":
                yield Difference(page, recorded)


def failures(pages: Pages) -> Iterator[Difference]:
    """Yield each step that fails in the first run already."""
    for page, found in pages.items():
        yield from (Difference(page, one) for one in found if one.verdict == "failed")


def explained(
    twice: Twice, first: Pages, differing: Sequence[Difference], changed: Sequence[Variation]
) -> Iterator[tuple[str, Difference]]:
    """Run a page that differs under one change at a time; yield each difference, and why."""
    alone: set[int] = set()
    for one in changed:
        for found in differences(first, twice.run(one.name, [one], [twice.file_of(differing[0])])):
            alone.add(found.recorded.position)
            yield str(one), found
    for difference in differing:
        if difference.recorded.position not in alone:
            yield "all of the changes together, or by chance", difference


def compare(twice: Twice, usable: Sequence[Variation]) -> int:
    """Run twice, and print what differs and why."""
    first = twice.run("first run", [])
    second = twice.run("second run", usable)
    red = list(failures(first))
    for one in red:
        print("already fails in the first run:", *one.lines, sep="\n")
    found = 0
    for _, differing in groupby(differences(first, second), key=lambda one: one.page):
        for cause, one in explained(twice, first, list(differing), usable):
            found += 1
            print(f"differs under {cause}:", *one.lines, sep="\n")
    steps = sum(map(len, second.values()))
    ran = f"ran {counted(len(second), 'pages')} twice"
    print(f"{ran}: {counted(steps, 'steps')}, {counted(found, 'differences')}")
    return 1 if red or found else 0
