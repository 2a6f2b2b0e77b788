"""Let a worker of pytest-xdist send the reports of cheap steps together.

For each test, a worker sends six messages, and takes the controller longer to read them than most
steps take to run. So reports wait until their page is done, a step has failed, or a moment has
passed; they then travel with the next report. The controller takes them out again, and calls the
hooks that it would have called for each, in the same order. Only a worker that dies takes those
with it that still wait; the step with which it died is red.
"""

from __future__ import annotations

import pickle
import time
from typing import NamedTuple

import pytest

from runthrough.plugin import _compat
from runthrough.plugin.items import StepItem
from runthrough.plugin.run import Run

LONGEST = 0.2
"""Seconds that a report waits, at most, for the step after it to begin."""
CARRIED = "runthrough_carried"
"""Where a report carries those before it."""

Location = tuple[str, int | None, str]


class Ran(NamedTuple):
    """A test and its reports; a test that is reported as usual has none here."""

    nodeid: str
    location: Location
    reports: tuple[pytest.TestReport, ...] = ()


class Sender:
    """Runs the steps of a worker, and has their reports wait."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.waiting: list[Ran] = []
        self.sent = time.monotonic()

    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Run a step, and report it now or later; leave other tests to pytest."""
        if not isinstance(item, StepItem):
            return None
        reports = _compat.run_test(item, nextitem)
        is_due = self.run.is_last or time.monotonic() - self.sent > LONGEST
        if is_due or not all(map(can_wait, reports)):
            self.send(item, reports)
        else:
            self.waiting.append(Ran(item.nodeid, item.location, tuple(reports)))
        return True

    def send(self, item: pytest.Item, reports: list[pytest.TestReport]) -> None:
        """Report a test, and with it those that wait."""
        carried = [*self.waiting, Ran(item.nodeid, item.location)]
        setattr(reports[0], CARRIED, pickle.dumps(carried))
        self.waiting = []
        for report in reports:
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        self.sent = time.monotonic()


def can_wait(report: pytest.TestReport) -> bool:
    """Return whether nobody waits for a report, and it can be pickled."""
    return not report.failed and (report.longrepr is None or isinstance(report.longrepr, tuple))


class Receiver:
    """Reports, in the controller, what has travelled with a report."""

    def __init__(self, config: pytest.Config) -> None:
        self.hook = config.hook

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Report the tests that were run before, and that this one has begun."""
        carried: bytes | None = vars(report).pop(CARRIED, None)
        if carried is None:
            return
        for ran in pickle.loads(carried):
            self.hook.pytest_runtest_logstart(nodeid=ran.nodeid, location=ran.location)
            for one in ran.reports:
                _compat.came_with(one, report)
                self.hook.pytest_runtest_logreport(report=one)
            if ran.reports:
                self.hook.pytest_runtest_logfinish(nodeid=ran.nodeid, location=ran.location)


def register(config: pytest.Config, run: Run) -> None:
    """Have reports wait in a worker, unless pytest doesn't run the tests itself.

    After a failure that ends the run, pytest tears down all it has set up; it would know of such
    a failure too late.
    """
    if not _compat.is_worker(config):
        config.pluginmanager.register(Receiver(config), "runthrough-receiver")
    elif not config.getoption("maxfail") and _compat.is_run_by_pytest(config):
        config.pluginmanager.register(Sender(run), "runthrough-sender")
