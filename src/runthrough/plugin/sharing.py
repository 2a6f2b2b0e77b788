"""Several processes at one run: one of them reads the sites and opens what all of them use."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from runthrough.converting import SettingsError
from runthrough.database import DatabaseError
from runthrough.plugin.arguments import named_sites
from runthrough.plugin.ending import undisturbed
from runthrough.plugin.reading import read
from runthrough.processes import leftovers
from runthrough.processes.supervised import SupervisionError
from runthrough.reading.site import ReadingError, Site
from runthrough.report import counted, visible
from runthrough.walking.common import Common, open_common

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling
    from xdist.workermanage import WorkerController

KEY = "runthrough"
"""Where a worker finds what the controller has opened for it."""


@dataclass(frozen=True)
class Shared:
    """A site that was read, and what its walks use together."""

    site: Site
    common: Common


def given(config: pytest.Config) -> dict[Path, Shared]:
    """Return what the controller has given to this process, if it is a worker."""
    data: bytes | None = getattr(config, "workerinput", {}).get(KEY)
    return pickle.loads(data) if data else {}


@dataclass(eq=False)  # pytest below 9.1 hashes its plugins
class Controller:
    """Reads and opens on behalf of the workers; they do it themselves where this fails."""

    config: pytest.Config
    shared: dict[Path, Shared] | None = None
    resources: ExitStack = field(default_factory=ExitStack)
    notes: list[str] = field(default_factory=list)
    """Lines that the report of the run has to add."""

    def open(self) -> dict[Path, Shared]:
        """Read the sites that the command names, and open what their walks use."""
        if self.shared is None:
            self.shared = {}
            for confdir in named_sites(self.config):
                try:
                    site = read(self.config, confdir)
                    reuse = bool(self.config.getoption("reuse"))
                    common = self.resources.enter_context(
                        open_common(site, reuse=reuse, say=self.notes.append)
                    )
                except (ReadingError, SettingsError, DatabaseError, SupervisionError):
                    continue  # each worker meets it again, and reports it where it belongs
                self.shared[confdir] = Shared(site, common)
        return self.shared

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: WorkerController) -> None:
        """Give a worker what it needs."""
        node.workerinput[KEY] = pickle.dumps(self.open())

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(
        self, config: pytest.Config, log: Any
    ) -> LoadScopeScheduling | None:
        """Give pages that only wait for each other to one worker, whole."""
        if config.getoption("dist") != "load":
            return None
        from xdist.scheduler import LoadScopeScheduling

        sites = (shared.site for shared in self.open().values())
        together = {name: to for site in sites for name, to in strands(site, config.rootpath)}

        notes = self.notes

        class PageScheduling(LoadScopeScheduling):  # type: ignore[misc]
            """Hands out strands of pages whole, and tests of other kinds one by one."""

            def _split_scope(self, nodeid: str) -> str:
                return together.get(nodeid.partition("::")[0], nodeid)

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
                self.workqueue.update({one: workload[one] for one in left if one != scope})
                for other in self.assigned_work:
                    self._reschedule(other)
                if rest:
                    notes.append(
                        f"not tried, because the worker that ran {visible(died)} is gone: "
                        f"{counted(len(rest), 'steps')} after it"
                    )
                return str(died)

        return PageScheduling(config, log)

    def pytest_sessionfinish(self) -> None:
        """Close what was opened; the workers have ended by now."""
        with undisturbed():
            self.resources.close()
        self.notes += leftovers.take()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what could not be cleaned up."""
        terminalreporter.ensure_newline()
        for line in dict.fromkeys(self.notes):
            terminalreporter.write_line(line)


def strands(site: Site, root: Path) -> Iterator[tuple[str, str]]:
    """Yield the file of each page, and that of the page at which its strand begins.

    Pages of a strand continue from each other, and nobody else from any but the last. Whoever
    performs one of them would only wait for who performs the one before.
    """
    continuing = Counter(page.continues for page in site.pages)
    for page in site.pages:
        first = page
        while first.continues is not None and continuing[first.continues] == 1:
            first = site.page(first.continues)
        if page.file.is_relative_to(root) and first.file.is_relative_to(root):
            yield str(page.file.relative_to(root)), str(first.file.relative_to(root))
