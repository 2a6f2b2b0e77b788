"""Keep what becomes of each step in a file, for the site to show."""

from __future__ import annotations

import os
import platform
from collections.abc import Generator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from runthrough.model.digests import Key, beginning, keys_of
from runthrough.model.places import shown
from runthrough.model.results import Failure, Result
from runthrough.pages import results_file
from runthrough.pages.results_file import NotAResultFile, RecordedResult, ReportedFailure
from runthrough.plugin import _compat
from runthrough.plugin.items import StepItem
from runthrough.reading.finding import find_confdir

ATTRIBUTE = "runthrough_receipt"
"""Where a test's report carries the result of its step, from process to process."""


def register(config: pytest.Config) -> None:
    """Add the recorder where a file is named; stop where that file is somebody else's."""
    named = config.getoption("runthrough_results")
    if named is None:
        return
    file = Path(config.invocation_params.dir, named)
    check_folder(file)
    try:
        results_file.read(file)
    except NotAResultFile as error:
        raise pytest.UsageError(f"--runthrough-results: {error}") from error
    writes = not _compat.is_worker(config)
    config.pluginmanager.register(Recorder(file if writes else None), "runthrough-recorder")


def check_folder(file: Path) -> None:
    """Stop where a folder would be made outside of a site: it's probably misspelled."""
    folder = file.parent
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise pytest.UsageError(
            f"--runthrough-results: nothing can be written in {shown(there)}: it isn't a folder, "
            "or a "
            "protected one. Name a file in a folder that you may write in"
        )
    if there != folder and find_confdir(there / "page") is None:
        raise pytest.UsageError(
            f"--runthrough-results: there's no folder {shown(folder)}, and only within a site's "
            "own folder "
            f"one is made. Fix the path, or make the folder first: mkdir -p {shown(folder)}"
        )


@dataclass(eq=False)
class Recorder:
    """Makes results where steps are run, and writes them where reports come together."""

    file: Path | None
    """None in a worker of many, which only reports."""
    new: dict[str, dict[int, RecordedResult]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    sites: set[str] = field(default_factory=set)
    keys: dict[Path, tuple[Key, ...]] = field(default_factory=dict)
    """Of the steps of each page that was run here, by the page's file."""
    error: str | None = None
    """Why the file could not be written the last time."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Let the report of a step carry its result."""
        report = yield
        if isinstance(item, StepItem) and report.when == "call":
            result = item.runner.results.get((item.page.docname, item.position))
            if result is not None:
                key = self.keys_of(item)[item.position]
                setattr(report, ATTRIBUTE, as_values(item, result, key))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a result in; those of a page are written when it is over, for who waits."""
        said: dict[str, Any] | None = getattr(report, ATTRIBUTE, None)
        if said is None or self.file is None:
            return
        self.sites.add(said["site"])
        page, size = said["page"], said["steps"]
        recorded = results_file.recorded_result_of(said["recorded"])
        self.new.setdefault(page, {})[recorded.position] = recorded
        self.sizes[page] = size
        if recorded.position == size - 1:
            self.write()

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write what is known of pages that were left half-way; no run is green without it."""
        self.write()
        if self.error is not None and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say why nothing more was written."""
        if self.error is not None:
            terminalreporter.write_line(f"--runthrough-results: {self.error}")
        if len(self.sites) > 1:
            named = ", ".join(shown(Path(site)) for site in sorted(self.sites))
            terminalreporter.write_line(
                f"--runthrough-results: this run has run pages of {len(self.sites)} sites "
                f"({named}), and a file "
                "is for one. Run each of them separately, with a file of its own."
            )

    def keys_of(self, item: StepItem) -> tuple[Key, ...]:
        """Name the steps of an item's page, once."""
        page = item.page
        if page.file not in self.keys:
            site = item.runner.site
            self.keys[page.file] = keys_of(site.chain(page), beginning(site.settings))
        return self.keys[page.file]

    def write(self) -> None:
        """Add what this run knows to what the file holds by now."""
        if self.file is None or len(self.sites) != 1:
            return
        try:
            known = results_file.read(self.file)
            results_file.write(self.file, results_file.merge(known, self.new, self.sizes))
            self.error = None
        except NotAResultFile as error:
            self.error = str(error)
        except OSError as error:
            self.error = (
                f"{shown(self.file)} can't be written: {error.strerror or error}. What it held "
                "before is still there. Make room or give permission, and run it again."
            )


def as_values(item: StepItem, result: Result, key: Key) -> dict[str, Any]:
    """Write a result in values that go from process to process."""
    runner, page = item.runner, item.page
    failure = result.blocked.failure if result.blocked else result.failure
    recorded = RecordedResult(
        position=item.position,
        digest=key.digest,
        chain=key.chain,
        verdict=result.verdict,
        when=(result.reused_at or datetime.now()).astimezone().isoformat(timespec="seconds"),
        python=platform.python_version(),
        services=tuple(runner.versions.items()),
        line=item.step.place.line,
        packages=result.versions,
        reported_failure=reported_failure_of(failure, runner.site.confdir) if failure else None,
    )
    return {
        "site": str(runner.site.confdir),
        "page": page.docname,
        "steps": len(page.steps),
        "recorded": asdict(recorded),
    }


def reported_failure_of(failure: Failure, confdir: Path) -> ReportedFailure:
    """Keep of a failure what a page shows of it."""
    return ReportedFailure(
        Path(os.path.relpath(failure.place.file, confdir)).as_posix(),
        failure.place.line,
        failure.what,
        failure.advice,
        failure.command,
        failure.difference,
        failure.printed,
    )
