"""Record the result of each step in a file, for the site to show."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from runthrough.model.places import shown
from runthrough.model.recorded import RecordedResult
from runthrough.pages import results_file
from runthrough.pages.results_file import NotAResultFile
from runthrough.plugin import _compat
from runthrough.plugin.closing import StepReport
from runthrough.reading.finding import find_confdir


def register(config: pytest.Config) -> None:
    """Add the recorder if a file is given; stop if that file isn't a file of results."""
    named = config.getoption("runthrough_results")
    if named is None:
        return
    file = Path(config.invocation_params.dir, named)
    check_folder(file)
    try:
        results_file.read(file)
    except NotAResultFile as error:
        raise pytest.UsageError(f"--runthrough-results: {error}") from error
    if not _compat.is_worker(config):
        config.pluginmanager.register(Recorder(file), "runthrough-recorder")


def check_folder(file: Path) -> None:
    """Stop if a folder would be created outside of a site, because it's probably misspelled."""
    folder = file.parent
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise pytest.UsageError(
            f"--runthrough-results: can't write in {shown(there)}: it isn't a folder, or it's "
            "write-protected. Choose a file in a folder that you can write to"
        )
    if there != folder and find_confdir(there / "page") is None:
        raise pytest.UsageError(
            f"--runthrough-results: there's no folder {shown(folder)}, and a folder is only "
            "created inside a site's own folder. Fix the path, or create the folder first: mkdir "
            f"-p {shown(folder)}"
        )


@dataclass(eq=False)
class Recorder:
    """Writes results in the process that gets the reports of all steps."""

    file: Path
    new: dict[str, dict[int, RecordedResult]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    sites: set[Path] = field(default_factory=set)
    error: str | None = None
    """Why the file could not be written the last time."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a result in; those of a page are written as soon as the page is done."""
        step = StepReport.of(report)
        if step is None:
            return
        self.sites.add(step.confdir)
        self.new.setdefault(step.page, {})[step.result.position] = step.result
        self.sizes[step.page] = step.steps
        if step.result.position == step.steps - 1:
            self.write()

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write what is known about unfinished pages; a run that can't isn't green."""
        self.write()
        if self.error is not None and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print why nothing more was written."""
        if self.error is not None:
            terminalreporter.write_line(f"--runthrough-results: {self.error}")
        if len(self.sites) > 1:
            named = ", ".join(shown(site) for site in sorted(self.sites))
            terminalreporter.write_line(
                f"--runthrough-results: this run has pages of {len(self.sites)} sites ({named}), "
                "but a file is for one site. Run each site separately, with a file of its own."
            )

    def write(self) -> None:
        """Add what this run knows to what's in the file by now."""
        if len(self.sites) != 1:
            return
        try:
            known = results_file.read(self.file)
            results_file.write(self.file, results_file.merge(known, self.new, self.sizes))
            self.error = None
        except NotAResultFile as error:
            self.error = str(error)
        except OSError as error:
            self.error = (
                f"{shown(self.file)} can't be written: {error.strerror or error}. Its earlier "
                "contents are still there. Free some space or fix the permissions, and run it "
                "again."
            )
