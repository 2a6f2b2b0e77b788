"""Write what a run found as one HTML page: every command with its result, and each problem once."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import Environment, StrictUndefined

from runthrough.model.places import Place, shown
from runthrough.model.report import INSTEAD, visible
from runthrough.model.results import Failure, Verdict
from runthrough.model.steps import SIDE_FILE
from runthrough.plugin import _compat
from runthrough.plugin.closing import Closing, StepReport
from runthrough.sources.replacing import written

TEMPLATE = "report.html.j2"
GENERATOR = '<meta name="generator" content="runthrough">'
"""The line by which a report recognises an earlier one, which it may replace."""


@dataclass(frozen=True)
class Row:
    """A command, or another step, and its result."""

    place: Place
    text: str
    verdict: Verdict
    why: str = ""
    """Why it's skipped or blocked."""
    side: str = ""
    """What the side file says of its step, and where."""


@dataclass(frozen=True)
class Problem:
    """A failure, and those that follow from it."""

    place: Place
    failure: Failure
    following: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class PageSummary:
    """All rows of a page."""

    name: str
    rows: Sequence[Row]

    @property
    def counts(self) -> Counter[str]:
        """How many rows have each verdict."""
        return Counter(row.verdict for row in self.rows)


def register(config: pytest.Config, closing: Closing) -> None:
    """Write the report at the end of the run, if one is asked for."""
    named = config.getoption("runthrough_report")
    if named is None or _compat.is_worker(config):
        return
    file = Path(config.invocation_params.dir, named)
    if not file.parent.is_dir():
        raise pytest.UsageError(
            f"--runthrough-report: there's no folder {shown(file.parent)}. Fix the path, or "
            f"create the folder first: mkdir -p {shown(file.parent)}"
        )
    if os.path.lexists(file) and not is_report(file):
        raise pytest.UsageError(
            f"--runthrough-report: {shown(file)} exists, but it isn't an earlier report. Choose "
            "another file, or move that one away"
        )
    config.pluginmanager.register(ReportWriter(file, closing), "runthrough-report")


def is_report(file: Path) -> bool:
    """Return whether a file is a report, which a newer one may replace."""
    try:
        return file.is_file() and GENERATOR in file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False


@dataclass(eq=False)
class ReportWriter:
    """Writes the page when all results are there."""

    file: Path
    closing: Closing
    error: str = ""
    """Why it couldn't be written."""

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the page; a run that can't write it isn't green."""
        try:
            page = page_of(self.closing).encode("utf-8")
            with written(self.file.parent, page, mode=0o666) as new:
                new.replace(self.file)
        except OSError as error:
            self.error = f"{shown(self.file)} can't be written: {error.strerror or error}"
            if exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print where the page is, or why there's none."""
        said = self.error or f"report: {shown(self.file)}"
        terminalreporter.write_line(visible(said))


def page_of(closing: Closing) -> str:
    """Return the page as HTML."""
    lines = list(closing.lines(verbose=False, environment={}))
    *notes, summary = lines or ("nothing was run",)
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    template = files("runthrough.plugin").joinpath(TEMPLATE).read_text(encoding="utf-8")
    steps = list(closing.steps.values())
    return environment.from_string(template).render(
        title="What readers meet",
        instead=INSTEAD,
        summary=summary,
        verdicts=get_args(Verdict),
        pages=list(pages_of(steps)),
        problems=problems_of(steps),
        notes=notes,
    )


def pages_of(steps: Iterable[StepReport]) -> Iterator[PageSummary]:
    """Yield the pages of a run with all their rows, in the order of the run."""
    rows: dict[tuple[Path, str], list[Row]] = {}
    for step in steps:
        notes = (f"{SIDE_FILE}:{line}: {what}" for line, what in step.result.side_notes)
        side = "; ".join(notes)
        found = (replace(row, side=side) for row in rows_of(step))
        rows.setdefault((step.confdir, step.page), []).extend(found)
    for (_, name), listed in rows.items():
        yield PageSummary(name, listed)


def rows_of(step: StepReport) -> Iterator[Row]:
    """Yield a row for each command of a step; a step without commands is one row."""
    result = step.result
    first = result.reported_failure
    why = result.reason or ""
    if result.verdict == "blocked" and first is not None:
        why = f"by {first.failure(step.confdir).place}"
    if len(step.commands) < 2 or result.verdict != "failed":
        named = step.commands or ((result.line, step.title),)
        for line, text in named:
            yield Row(Place(step.at.file, line), text, result.verdict, why)
        return
    failed = {failure.command_line or failure.line for failure in step.reported}
    stopped = max((line for line in failed if line is not None), default=0)
    for line, text in step.commands:
        place = Place(step.at.file, line)
        if line in failed:
            yield Row(place, text, "failed")
        elif not result.goes_on and line is not None and line > stopped:
            yield Row(place, text, "blocked", f"by {Place(step.at.file, stopped)}")
        else:
            yield Row(place, text, "passed")


def problems_of(steps: Iterable[StepReport]) -> list[Problem]:
    """Return the failures of a run; those that follow from another one are below it."""
    problems: list[Problem] = []
    by_place: dict[Place, Problem] = {}
    for step in steps:
        for failure in step.failures:
            problem = Problem(failure.place, failure)
            cause = by_place.get(failure.follows) if failure.follows else None
            (problems if cause is None else cause.following).append(problem)
            by_place.setdefault(failure.place, problem)
    return problems
