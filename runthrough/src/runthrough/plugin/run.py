"""One run of pytest over pages: its sites, its runners, and its closing line."""

from __future__ import annotations

import traceback
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runthrough.model.digests import Key, beginning, keys_of
from runthrough.model.places import shown
from runthrough.model.recorded import record
from runthrough.model.report import visible
from runthrough.model.results import Failure, Result, StepFailed
from runthrough.model.site import Site
from runthrough.model.steps import Page
from runthrough.plugin import _compat, options
from runthrough.plugin.arguments import assignment
from runthrough.plugin.asked import Asked
from runthrough.plugin.closing import ATTRIBUTE, Closing, StepReport
from runthrough.plugin.ending import Signals, hand_over, left_by, undisturbed
from runthrough.plugin.items import BrokenSite, PageFile, StepItem
from runthrough.plugin.sites import Broken, SharedSite, Sites, given
from runthrough.processes import leftovers
from runthrough.running.page_run import Options, PageStart, Settle

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

SHOWN = "runthrough_shown"
"""Where a report carries what a worker has shown of a page."""


ENDED = (
    pytest.ExitCode.OK,
    pytest.ExitCode.NO_TESTS_COLLECTED,
    pytest.ExitCode.USAGE_ERROR,  # of a file that isn't collected, for example
)
"""How a run ends in which no test has failed."""


class Run:
    """The sites read and run in one run of pytest."""

    def __init__(self, config: pytest.Config, settle: Settle | None = None) -> None:
        self.config = config
        self.is_worker = _compat.is_worker(config)
        self.signals = Signals()
        self.unsaid: list[str] = []
        """What a worker has to show, because nobody sees its output."""
        self.is_last = False
        self.keys: dict[tuple[Path, str], tuple[Key, ...]] = {}
        """Of the steps of each page that was run here, by the page's file and name."""
        self.looked_up: dict[Path, SharedSite] = {}
        """Sites of which this process has looked up what a cache has, by their folder."""
        self.uncached: dict[tuple[Path, str], str] = {}
        """Why pages can't be cached, as far as only this process knows; by site and name."""
        self.item: pytest.Item | None = None
        """The test that is being run."""
        self.closing = Closing(reuse=bool(config.getoption("runthrough_reuse")))
        self.options = Options(
            self.show,
            keep=bool(config.getoption("runthrough_keep")),
            export=options.exports(config) or settle is not None,
            export_outside_git=bool(config.getoption("runthrough_export_outside_git")),
            reuse=bool(config.getoption("runthrough_reuse")),
            settle=settle,
            update_anyway=bool(config.getoption("runthrough_update_anyway")),
            environment=dict(map(assignment, config.getoption("runthrough_set"))),
            prepare=self.prepare,
        )
        self.sites = Sites(config, self.options, given(config))
        self.runners = self.sites.runners
        self.asked = Asked(config, self.sites)

    @property
    def reporter(self) -> pytest.TerminalReporter | None:
        plugin: pytest.TerminalReporter | None = self.config.pluginmanager.get_plugin(
            "terminalreporter"
        )
        return plugin

    def prepare(self, page: Page, start: PageStart) -> None:
        """Ask the conftest.py files of a page what to add to it."""
        if self.item is None:
            raise AssertionError("a page is being run, but no test is")
        hooks = _compat.hooks_for(self.item.session, page.file)
        request = _compat.request_of(self.item)
        try:
            hooks.pytest_runthrough_start_page(
                config=self.config, request=request, page=page, start=start
            )
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            raise StepFailed(
                Failure(
                    page.steps[0].place,
                    "a conftest.py can't set this page up: "
                    f"{type(error).__name__}: {str(error) or 'no message'}",
                    "Fix its pytest_runthrough_start_page. The error was raised at "
                    f"{shown(Path(frame.filename))}:{frame.lineno}.",
                )
            ) from error

    def show(self, text: str) -> None:
        """Print what is being run, if that was asked for."""
        if not self.config.getoption("runthrough_show_steps"):
            return
        self.unsaid += text.split("\n")
        if not self.is_worker:
            self.say(self.unsaid)
            self.unsaid = []

    def say(self, lines: list[str]) -> None:
        """Write lines past pytest's capture."""
        reporter = self.reporter
        if reporter is None or not lines:
            return
        with _compat.uncaptured(self.config):
            for line in lines:
                reporter.write_line(visible(line))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        """Notice the last step of a page: a worker's steps are shown page by page."""
        self.item = item
        self.is_last = nextitem is None or nextitem.parent is not item.parent

    def pytest_sessionstart(self) -> None:
        """Heed signals, and leave pytest's line for each file out where every step is shown."""
        if self.config.getoption("runthrough_show_steps") and (reporter := self.reporter):
            _compat.omit_file_names(reporter)
        if not self.is_worker:  # xdist ends a worker, and reports one that was ended
            self.signals.heed()

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
        """Collect a file that is a page of a Sphinx project."""
        others = yield
        found = self.sites.find(file_path) if self.asked.is_named(file_path) else None
        ours: list[pytest.Collector] = []
        if isinstance(found, Broken):
            ours = [BrokenSite.from_parent(parent, path=file_path, broken=found)]
        elif found is not None:
            ours = [
                PageFile.from_parent(parent, path=file_path, page=page, runner=found.runner)
                for page in found.pages
                if page.steps
            ]
        if not ours:
            self.asked.note(file_path, others, is_page=False)
            return others
        self.asked.note(file_path, ours, is_page=True)
        # pytest takes a text file that is named for doctests, whether it's asked for them or not.
        wanted = any(file_path.match(one) for one in self.config.getoption("doctestglob", ()))
        return [*(one for one in others if wanted or not _compat.is_doctest(one)), *ours]

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Notice which arguments there are tests for."""
        self.asked.note_item(item)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put steps into reading order, and leave out those that two paths lead to."""
        sites = list(self.runners.values())

        def order(item: pytest.Item) -> tuple[int, int, int]:
            if not isinstance(item, StepItem):
                return (-1, 0, 0)
            return (sites.index(item.runner), *item.order)

        ordered = sorted(((order(item), item) for item in items), key=lambda one: one[0])
        paths = {place: item.path for place, item in reversed(ordered)}
        items[:] = [
            item
            for place, item in ordered
            if not isinstance(item, StepItem) or paths[place] == item.path
        ]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Tell the runners which pages will be asked for."""
        steps = [item for item in session.items if isinstance(item, StepItem)]
        for runner in self.runners.values():
            runner.expect({step.page.docname for step in steps if step.runner is runner})

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Print no letter for a step that does not fail, where each step is shown anyway."""
        if (
            report.failed
            or report.when != "call"
            or not self.config.getoption("runthrough_show_steps")
        ):
            return None
        return report.outcome, "", ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add the result of a step to its report."""
        report = yield
        if isinstance(item, StepItem) and report.skipped and isinstance(report.longrepr, tuple):
            # pytest has put the line of this plugin there that has raised the exception.
            file, line = item.step.place.file, item.step.place.line
            report.longrepr = (shown(file), line, report.longrepr[2])  # type: ignore[assignment]
        if isinstance(item, StepItem) and item.judged and report.when == "call":
            setattr(report, ATTRIBUTE, self.recorded(item, item.judged).to_values())
        if report.when == "teardown" and self.is_last and self.unsaid:
            setattr(report, SHOWN, self.unsaid)
            self.unsaid = []
        return report

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add the result of a step to the closing lines, wherever it was run."""
        if step := StepReport.of(report):
            is_expected = report.skipped and hasattr(report, "wasxfail")
            self.closing.add(step, report.wasxfail if is_expected else None)
        self.say(getattr(report, SHOWN, []))
        # Its id is printed by now; the title of a failure is without the blank of reportinfo().
        path, line, title = report.location
        report.location = path, line, title.rstrip()

    def recorded(self, item: StepItem, result: Result) -> StepReport:
        """Record the result of a step."""
        runner, page = item.runner, item.page
        confdir = runner.site.confdir
        # What a result is bound to takes time to find out, so only where it's written to a file.
        is_kept = self.config.getoption("runthrough_results") is not None
        key = self.keys_of(runner.site, page)[item.position] if is_kept else Key("", "")
        recorded = record(result, item.position, key, confdir, runner.versions)
        kept = tuple(map(str, runner.kept))
        commands = getattr(item.step, "commands", ())
        listed = tuple((command.place.line, command.text) for command in commands)
        return StepReport(
            *(confdir, page.docname, page.file, len(page.steps), kept, recorded),
            title=item.step.title,
            commands=listed,
            uncached=self.uncached.get((confdir, page.docname), ""),
        )

    def keys_of(self, site: Site, page: Page) -> tuple[Key, ...]:
        """Name the steps of a page, once."""
        which = page.file, page.docname
        if which not in self.keys:
            self.keys[which] = keys_of(site.chain(page), beginning(site.settings))
        return self.keys[which]

    def pytest_keyboard_interrupt(self) -> None:
        """Remember what was being run."""
        current = [
            page_run.current
            for runner in self.runners.values()
            for page_run in runner.live.values()
        ]
        self.closing.unfinished += [f"{one.place}: {one.title}" for one in current if one]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: WorkerController, error: object) -> None:
        """Take over what a worker says of the arguments, and what it could not clean up."""
        self.asked.take_over(_compat.worker_output(node))
        self.closing.notes |= dict.fromkeys(left_by(node))

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """End every run and every server; a run that did nothing isn't green."""
        with undisturbed():
            for runner in self.runners.values():
                runner.end()
                leftovers.note(*runner.notes)
        self.closing.notes |= dict.fromkeys(hand_over(self.config))
        if self.is_worker:
            self.asked.hand_over(self.config)
        elif exitstatus in ENDED:
            unmet = list(self.asked.unmet())
            self.closing.idle = [*unmet, *self.asked.idle(self.closing)]
            wrong = unmet or (self.closing.idle and not self.closing.is_skipped)
            if wrong and exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_unconfigure(self) -> None:
        """Restore the signal handlers."""
        self.signals.unheed()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Close with a line that says what was run, and name every skipped block if asked."""
        terminalreporter.ensure_newline()
        for line in self.closing.lines(verbose=terminalreporter.verbosity > 0):
            terminalreporter.write_line(line)
