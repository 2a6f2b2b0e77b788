"""One run of pytest over pages: its sites, its walks, and its closing line."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import nullcontext
from pathlib import Path

import pytest

from runthrough.converting import SettingsError
from runthrough.plugin.closing import Closing
from runthrough.plugin.items import BrokenSite, PageFile, StepItem
from runthrough.reading.caches import doctrees
from runthrough.reading.site import ReadingError, Site, find_confdir, read_site
from runthrough.updating.notes import Review
from runthrough.walking.walk import Options
from runthrough.walking.walks import Walks

ATTRIBUTE = "runthrough"
"""Where a test's report carries what became of its step, from process to process."""


class Run:
    """The sites read and walked in one run of pytest."""

    def __init__(self, config: pytest.Config, review: Review | None = None) -> None:
        self.config, self.review = config, review
        self.sites: dict[Path, Site | None] = {}
        self.walks: dict[Path, Walks] = {}
        self.closing = Closing()

    @property
    def reporter(self) -> pytest.TerminalReporter | None:
        plugin: pytest.TerminalReporter | None = self.config.pluginmanager.get_plugin(
            "terminalreporter"
        )
        return plugin

    def show(self, text: str) -> None:
        """Tell a person who watches what is being performed."""
        reporter = self.reporter if self.config.getoption("show_steps") else None
        if reporter is None:
            return
        capture = self.config.pluginmanager.get_plugin("capturemanager")
        with capture.global_and_fixture_disabled() if capture else nullcontext():
            for line in text.split("\n"):
                reporter.write_line(line)

    def read(self, confdir: Path) -> Site:
        """Read a site, with the doctrees of the last run where they still hold."""
        cache: pytest.Cache | None = getattr(self.config, "cache", None)  # it can be switched off
        with doctrees(cache.mkdir("runthrough") if cache else None, confdir) as folder:
            return read_site(confdir, folder)

    def pytest_sessionstart(self) -> None:
        """Leave pytest's own line for each file out where every step is shown."""
        if self.config.getoption("show_steps") and (reporter := self.reporter):
            reporter.showfspath = False

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """Collect a file that is a page of a Sphinx project."""
        confdir = find_confdir(file_path)
        if confdir is None:
            return None
        if confdir not in self.sites:
            try:
                self.sites[confdir] = site = self.read(confdir)
            except (ReadingError, SettingsError) as error:
                self.sites[confdir] = None
                return BrokenSite.from_parent(parent, path=file_path, reason=str(error))
            options = Options(
                self.show,
                bool(self.config.getoption("keep")),
                bool(self.config.getoption("export")) or self.review is not None,
                self.review,
            )
            self.walks[confdir] = Walks(site, options)
        known = self.sites[confdir]
        page = next((one for one in known.pages if one.file == file_path), None) if known else None
        if page is None or not page.steps:
            return None
        return PageFile.from_parent(parent, path=file_path, page=page, walks=self.walks[confdir])

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put steps into reading order, so that each walk is performed once."""
        sites = list(self.walks.values())

        def order(item: pytest.Item) -> tuple[int, int, int]:
            if not isinstance(item, StepItem):
                return (-1, 0, 0)
            return (sites.index(item.walks), *item.order)

        items.sort(key=order)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Print no letter for a step that does not fail, where each step is shown anyway."""
        if report.failed or report.when != "call" or not self.config.getoption("show_steps"):
            return None
        return report.outcome, "", ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Let the report of a step say what became of it."""
        report = yield
        if isinstance(item, StepItem) and item.said and report.when == "call":
            setattr(report, ATTRIBUTE, item.said)
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add what became of a step to the closing lines, wherever it was performed."""
        if said := getattr(report, ATTRIBUTE, None):
            self.closing.add(said)

    def pytest_keyboard_interrupt(self) -> None:
        """Remember what was being performed."""
        current = [walk.current for walks in self.walks.values() for walk in walks.live]
        self.closing.unfinished += [f"{one.place}: {one.title}" for one in current if one]

    def pytest_sessionfinish(self) -> None:
        """End every walk and every server."""
        for walks in self.walks.values():
            walks.end()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Close with a line that says what was performed, and name every waiver if asked."""
        terminalreporter.ensure_newline()
        for line in self.closing.lines(verbose=terminalreporter.verbosity > 0):
            terminalreporter.write_line(line)
