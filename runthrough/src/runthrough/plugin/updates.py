"""Write the corrections of a run at its end, and report them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from runthrough.model.converting import SettingsError
from runthrough.model.results import Correction
from runthrough.model.site import ReadingError
from runthrough.model.steps import Page
from runthrough.plugin import _compat
from runthrough.plugin.items import StepItem
from runthrough.plugin.run import Run
from runthrough.plugin.sites import read
from runthrough.updating.rewriting import ReadFailed, Update, summed_up, told
from runthrough.updating.sources import Reviewer

UNFINISHED = (
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.INTERNAL_ERROR,
    pytest.ExitCode.USAGE_ERROR,
)
"""Exit statuses of a run that hasn't run everything: it doesn't know enough."""


def refuse_workers(config: pytest.Config) -> None:
    """Raise UsageError if steps are run by several processes."""
    if _compat.is_distributed(config):
        raise pytest.UsageError(
            "--runthrough-update needs one process to run all pages, but this run hands the steps "
            "to workers of pytest-xdist. Leave --numprocesses (-n) and --dist out, or give '-n 0'"
        )


class Updates:
    """Turns the corrections that a run has noted into sources."""

    def __init__(self, run: Run, reviewer: Reviewer) -> None:
        self.run, self.reviewer = run, reviewer
        self.written: list[Correction] = []
        self.refused: list[tuple[Correction, str]] = []
        self.unrestored: list[tuple[Path, str]] = []

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the corrections of a run that has come to its end."""
        if exitstatus in UNFINISHED:
            self.run.closing.also.append("nothing was rewritten, because the run didn't finish")
            return
        for confdir in self.run.runners:
            self.update(confdir, session.items)
        self.run.closing.also.append(summed_up(self.written))
        if self.refused and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def update(self, confdir: Path, items: Sequence[pytest.Item]) -> None:
        """Write the corrections of one site."""
        runner = self.run.runners[confdir]
        asked = {
            (item.page.docname, item.position)
            for item in items
            if isinstance(item, StepItem) and item.runner is runner
        }

        def reread() -> Sequence[Page]:
            try:
                return read(self.run.config, confdir).pages
            except (ReadingError, SettingsError) as error:
                raise ReadFailed(str(error)) from error

        one = Update(runner.site.pages, runner.results, asked, self.reviewer.sources, reread)
        one.apply()
        self.written += one.written
        self.refused += one.refused
        self.unrestored += one.unrestored

    @pytest.hookimpl(tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show what was rewritten, and what was not."""
        if self.written or self.refused:
            terminalreporter.write_sep("=", "update")
        for said in told(self.written, self.refused, self.unrestored):
            for line in said.split("\n"):
                terminalreporter.write_line(line)
