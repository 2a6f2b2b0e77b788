"""What the plugin uses of pytest and pytest-xdist that isn't part of their documented APIs.

Everything here is known to work with pytest 8.0.0, 8.4.2, 9.0.2 and 9.2.0, and with pytest-xdist
3.8.0, unless a docstring says otherwise. When a new release breaks the plugin, look here first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest import runner
from _pytest._code.code import ReprExceptionInfo, ReprFileLocation, ReprTracebackNative
from _pytest.fixtures import TopRequest  # doctests get their fixtures through it

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling
    from xdist.workermanage import WorkerController


# pytest: fixtures


class ItemWithFixtures(pytest.Item):
    """An item without a function, with the fixtures that are for it by autouse or `usefixtures`.

    `session._fixturemanager`, `_fixtureinfo` and `TopRequest` are what pytest's own DoctestItem
    uses. Its `obj` is None, too: there's no function. pytest calls `_initrequest` before an item
    is run for a second time, as pytest-rerunfailures does.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.obj = None
        manager = self.session._fixturemanager
        self._fixtureinfo = manager.getfixtureinfo(node=self, func=None, cls=None)
        self.fixturenames = self._fixtureinfo.names_closure
        self._initrequest()

    def _initrequest(self) -> None:
        self.funcargs: dict[str, object] = {}
        self._request = TopRequest(self, _ispytest=True)  # type: ignore[arg-type]

    def setup(self) -> None:
        self._request._fillfixtures()


def request_of(item: pytest.Item) -> TopRequest:
    """Return the `request` of an item that has fixtures."""
    request: TopRequest = item._request  # type: ignore[attr-defined]
    return request


# pytest: hooks, terminal, doctests


def failure_report(text: str, file: str, line: int) -> ReprExceptionInfo:
    """Return what `repr_failure` returns for a test that fails at a line, with a text on it.

    The first line of the text stands for it where pytest has one line for each failure, as in its
    short summary, and in the JUnit report's `message`. A plain string would be there as a whole
    where the environment has CI. pytest-xdist can send it, and plugins that annotate lines find
    the line in it.
    """
    summary = text.split("\n", maxsplit=1)[0]
    return ReprExceptionInfo(
        reprtraceback=ReprTracebackNative([f"{text}\n"]),
        reprcrash=ReprFileLocation(file, line, summary),
    )


def hooks_for(session: pytest.Session, file: Path) -> Any:
    """Return the hooks that hold for a file: those of the conftest.py files in its folders.

    `Session.gethookproxy` is behind `Node.ihook`, which is documented, but only for nodes.
    """
    return session.gethookproxy(file)


def is_implemented(session: pytest.Session, file: Path, hook: str) -> bool:
    """Return whether a plugin or a conftest.py implements a hook for a file."""
    return bool(getattr(hooks_for(session, file), hook).get_hookimpls())


def omit_file_names(reporter: pytest.TerminalReporter) -> None:
    """Keep the reporter from writing the name of each file before its results."""
    reporter.showfspath = False


@contextmanager
def uncaptured(config: pytest.Config) -> Iterator[None]:
    """Let what is written in the block reach the terminal, as the `capsys.disabled` fixture
    does."""
    capture = config.pluginmanager.get_plugin("capturemanager")
    if capture is None:
        yield
        return
    with capture.global_and_fixture_disabled():
        yield


def is_doctest(collector: pytest.Collector) -> bool:
    """Return whether pytest would run a text file's doctests; its class isn't public."""
    return type(collector).__name__ == "DoctestTextfile"


def run_test(item: pytest.Item, nextitem: pytest.Item | None) -> list[pytest.TestReport]:
    """Set a test up, call it and tear it down; nobody is told of the reports.

    `runtestprotocol` is what pytest-rerunfailures and others run tests with, too.
    """
    return runner.runtestprotocol(item, log=False, nextitem=nextitem)


def is_run_by_pytest(config: pytest.Config) -> bool:
    """Return whether pytest itself runs the tests; plugins may, to run them several times.

    A wrapper around it doesn't count, nor does a plugin that only looks on: that's one of ours.
    """
    manager = config.pluginmanager
    ours = {manager.get_plugin("runner"), manager.get_plugin("runthrough-run")}
    return all(
        one.hookwrapper or one.wrapper or one.plugin in ours
        for one in config.hook.pytest_runtest_protocol.get_hookimpls()
    )


# pytest-xdist


def is_worker(config: pytest.Config) -> bool:
    """Return whether this process is a worker; its controller has no `workerinput`."""
    return hasattr(config, "workerinput")


def worker_input(owner: pytest.Config | WorkerController) -> dict[str, Any]:
    """Return what a worker begins with, seen from the worker or from its controller.

    Empty, and without effect, for a process that isn't a worker.
    """
    found: dict[str, Any] = getattr(owner, "workerinput", {})
    return found


def worker_output(owner: pytest.Config | WorkerController) -> dict[str, Any]:
    """Return what a worker hands over at its end, seen from the worker or from its controller.

    Empty, and without effect, for a process that isn't a worker and for a worker that has died.
    """
    output: dict[str, Any] | None = getattr(owner, "workeroutput", None)
    return {} if output is None else output


def came_with(report: pytest.TestReport, carrier: pytest.TestReport) -> None:
    """Give a report what pytest-xdist has given to another of the same worker."""
    for name in ("node", "worker_id", "testrun_uid", "item_index"):
        setattr(report, name, getattr(carrier, name))


def is_distributed(config: pytest.Config) -> bool:
    """Return whether tests run in workers; without pytest-xdist, there's no such option."""
    return bool(
        is_worker(config)
        or config.getoption("dist", "no") != "no"
        or config.getoption("numprocesses", None)
    )


def scheduling(
    config: pytest.Config,
    log: Any,
    scope_of: Callable[[str], str],
    note_death: Callable[[str, int], None],
) -> LoadScopeScheduling:
    """Make a scheduler that hands out tests of one scope whole, and survives a worker's death.

    `scope_of` returns the scope of a test's id. `note_death` gets the id of the test with which a
    worker has died, and the number of tests of its scope that nobody runs any more.

    `_split_scope` is what the subclasses of pytest-xdist override. `assigned_work`, `workqueue`
    and `_reschedule` are what its own `remove_node` works with.
    """
    from xdist.scheduler import LoadScopeScheduling

    class PageScheduling(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return scope_of(nodeid)

        def remove_node(self, node: WorkerController) -> str | None:
            """Give others what a worker leaves, but not the page with which it died.

            The step would be typed again, and might take the next worker with it.
            """
            workload = self.assigned_work.pop(node)
            left = {
                scope: pending
                for scope, unit in workload.items()
                if (pending := [nodeid for nodeid, is_done in unit.items() if not is_done])
            }
            if not left:
                return None
            scope, (died, *rest) = next(iter(left.items()))
            self.workqueue.update({other: workload[other] for other in left if other != scope})
            for other in self.assigned_work:
                self._reschedule(other)
            note_death(died, len(rest))
            return str(died)

    return PageScheduling(config, log)
