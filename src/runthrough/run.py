"""One run of pytest over pages: its sites, its walks, and its closing line."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import pytest

from runthrough.items import PROPERTY, BrokenSite, PageFile, StepItem
from runthrough.reading import ReadingError, Site, find_confdir, read_site
from runthrough.report import closing_line
from runthrough.settings import SettingsError
from runthrough.walk import Options
from runthrough.walks import Walks


class Run:
    """The sites read and walked in one run of pytest."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.sites: dict[Path, Site | None] = {}
        self.walks: dict[Path, Walks] = {}
        self.counts: Counter[str] = Counter()
        self.pages: set[str] = set()
        self.waivers: list[str] = []
        self.server: str | None = None
        self.began = time.monotonic()

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

    def cache(self, confdir: Path) -> Path:
        """Choose a folder for a site's doctrees, one for each process that reads it."""
        worker = getattr(self.config, "workerinput", {}).get("workerid", "")
        name = hashlib.sha256(f"{confdir} {worker}".encode()).hexdigest()[:12]
        if self.config.cache is None:
            return Path(tempfile.mkdtemp(prefix="runthrough-doctrees-"))
        return self.config.cache.mkdir("runthrough") / name

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
                self.sites[confdir] = site = read_site(confdir, self.cache(confdir))
            except (ReadingError, SettingsError) as error:
                self.sites[confdir] = None
                return BrokenSite.from_parent(parent, path=file_path, reason=str(error))
            options = Options(
                self.show,
                bool(self.config.getoption("keep")),
                bool(self.config.getoption("export")),
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

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a step's share to the closing line, wherever it was performed."""
        for name, said in report.user_properties if report.when == "call" else ():
            if name == PROPERTY and isinstance(said, dict):
                self.counts.update(said["counts"])
                if said["counts"].keys() != {"blocked"}:
                    self.pages.add(said["page"])
                self.server = said["server"] or self.server
                self.waivers += said["waivers"]

    def pytest_sessionfinish(self) -> None:
        """End every walk and every server."""
        for walks in self.walks.values():
            walks.end()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Close with a line that says what was performed, and name every waiver if asked."""
        if not self.pages:
            return
        terminalreporter.ensure_newline()
        if terminalreporter.verbosity > 0:
            for waiver in self.waivers:
                terminalreporter.write_line(f"waived {waiver}")
        seconds = time.monotonic() - self.began
        terminalreporter.write_line(
            closing_line(len(self.pages), self.counts, seconds, self.server)
        )
