"""The sites of one run of pytest, and which file is which page of them."""

from __future__ import annotations

import os
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from runthrough.cache.known import Known
from runthrough.model.converting import SettingsError
from runthrough.model.report import counted, visible
from runthrough.model.site import ReadingError, Site
from runthrough.model.steps import Page
from runthrough.plugin import _compat, options
from runthrough.plugin.arguments import named_sites, path_of
from runthrough.plugin.ending import undisturbed
from runthrough.processes import leftovers
from runthrough.reading.caches import doctrees
from runthrough.reading.finding import find_confdir, may_be_page
from runthrough.reading.site import read_site
from runthrough.running.page_run import Options
from runthrough.running.runner import CANNOT_BEGIN, Runner
from runthrough.running.shared import Shared, open_shared

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling
    from xdist.workermanage import WorkerController

KEY = "runthrough"
"""Where a worker finds what the controller has opened for it."""


@dataclass
class Broken:
    """Why a site can't be read."""

    confdir: Path
    reason: str
    said: bool = False


@dataclass(frozen=True)
class Found:
    """A page, once for each path through the site that changes it, and what runs it."""

    pages: tuple[Page, ...]
    runner: Runner


@dataclass
class Sites:
    """Reads each site once, when the first file that may be one of its pages is collected."""

    config: pytest.Config
    options: Options
    given: Mapping[Path, SharedSite]
    """Sites that another process has read, and what we share with it, by their folder."""
    known: dict[Path, Site | Broken] = field(default_factory=dict)
    """By the folder of conf.py, or the file that's read by itself, without symbolic links."""
    runners: dict[Path, Runner] = field(default_factory=dict)
    """By the same."""

    def find(self, file: Path) -> Found | Broken | None:
        """Return what a file is: a page, a part of a site that can't be read, or neither."""
        for way in dict.fromkeys([file, Path(os.path.realpath(file))]):
            confdir = find_confdir(way)
            if confdir is None or not may_be_page(way, confdir):
                continue
            real = Path(os.path.realpath(confdir))
            site = self.site(confdir, real)
            if isinstance(site, Broken):
                return site
            pages = pages_at(site, way.relative_to(confdir))
            if pages:
                return Found(pages, self.runners[real])
        return self.find_alone(file) if file in self.alone else None

    @cached_property
    def alone(self) -> frozenset[Path]:
        """The files that the command names and that aren't part of a Sphinx project."""
        return frozenset(path for path in named_sites(self.config) if path.is_file())

    def find_alone(self, file: Path) -> Found | Broken:
        """Return the one page of a file that's read by itself."""
        real = Path(os.path.realpath(file))
        site = self.site(file, real)
        return site if isinstance(site, Broken) else Found(site.pages, self.runners[real])

    def site(self, confdir: Path, real: Path) -> Site | Broken:
        """Return a site, which is read at the first time."""
        if real not in self.known:
            shared_sites = self.given.get(confdir)
            try:
                self.known[real] = site = (
                    shared_sites.site if shared_sites else read(self.config, confdir)
                )
                self.runners[real] = Runner(
                    site, self.options, shared_sites.shared if shared_sites else None
                )
            except (ReadingError, SettingsError) as error:
                self.known[real] = Broken(confdir, str(error))
        return self.known[real]

    def read_at(self, confdir: Path) -> Site | Broken | None:
        """Return a site if it was read, whatever path leads to its folder."""
        return self.known.get(Path(os.path.realpath(confdir)))


def pages_at(site: Site, relative: Path) -> tuple[Page, ...]:
    """Return the pages whose file is at a path below the folder of conf.py.

    That's one, and the same again for each path through the site that changes it.
    """
    file = site.confdir / relative
    return tuple(page for page in site.pages if page.file == file)


def read(config: pytest.Config, confdir: Path) -> Site:
    """Read what the arguments name of a site, with the doctrees of the last run where they hold.

    All of it where outputs are rewritten: their lines may be on other pages, too.
    """
    is_all = config.getoption("pyargs") or options.updates(config)
    pages = None if is_all else [path_of(config, argument) for argument in config.args]
    cache: pytest.Cache | None = getattr(config, "cache", None)  # it can be switched off
    kept: Path | None = None
    if cache:
        with suppress(OSError):  # pytest warns of a cache that can't be written
            kept = cache.mkdir("runthrough")
    with doctrees(kept, confdir) as folder:
        return read_site(confdir, folder, pages)


@dataclass(frozen=True)
class SharedSite:
    """A site that was read, and what its runs use together."""

    site: Site
    shared: Shared
    known: Known | None = None
    """What the cache has of it, where one is used."""


def given(config: pytest.Config) -> dict[Path, SharedSite]:
    """Return what the controller has given to this process, if it is a worker."""
    data: bytes | None = _compat.worker_input(config).get(KEY)
    if not data:
        return {}
    path, shared_sites = pickle.loads(data)
    sys.path += [entry for entry in path if entry not in sys.path]
    sites: dict[Path, SharedSite] = pickle.loads(shared_sites)
    return sites


@dataclass(eq=False)  # pytest below 9.1 hashes its plugins
class Controller:
    """Reads and opens on behalf of the workers; they do it themselves where this fails."""

    config: pytest.Config
    shared_sites: dict[Path, SharedSite] | None = None
    resources: ExitStack = field(default_factory=ExitStack)
    notes: list[str] = field(default_factory=list)
    """Lines that the report of the run has to add."""
    look_up: Callable[[Site, SharedSite], Known] | None = None
    """Finds what the cache has of a site, where one is used."""

    def open(self) -> dict[Path, SharedSite]:
        """Read the sites that the command names, and open what their runs use."""
        if self.shared_sites is None:
            self.shared_sites = {}
            for confdir in named_sites(self.config):
                try:
                    site = read(self.config, confdir)
                    reuse = bool(self.config.getoption("runthrough_reuse"))
                    shared = self.resources.enter_context(
                        open_shared(site, reuse=reuse, say=self.notes.append)
                    )
                except (ReadingError, SettingsError, *CANNOT_BEGIN):
                    continue  # each worker meets it again, and reports it where it belongs
                self.shared_sites[confdir] = shared_site = SharedSite(site, shared)
                if self.look_up is not None:
                    known = self.look_up(site, shared_site)
                    self.shared_sites[confdir] = replace(shared_site, known=known)
        return self.shared_sites

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: WorkerController) -> None:
        """Give a worker what it needs."""
        _compat.worker_input(node)[KEY] = given_to_worker(self.open())

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(
        self, config: pytest.Config, log: Any
    ) -> LoadScopeScheduling | None:
        """Give pages that only wait for each other to one worker."""
        if config.getoption("dist") != "load":
            return None
        sites = (given.site for given in self.open().values())
        together = {name: to for site in sites for name, to in strands(site, config.rootpath)}
        return _compat.scheduling(
            config,
            log,
            lambda nodeid: together.get(nodeid.partition("::")[0], nodeid),
            self.note_death,
        )

    def note_death(self, died: str, left: int) -> None:
        """Report which steps aren't run, because a worker has died at one before them."""
        if left:
            self.notes.append(
                f"not run, because the worker that ran {visible(died)} is gone: "
                f"{counted(left, 'steps')} after it"
            )

    def pytest_sessionfinish(self) -> None:
        """Close what was opened; the workers have ended by now."""
        with undisturbed():
            self.resources.close()
        self.notes += leftovers.take()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Report what couldn't be cleaned up."""
        terminalreporter.ensure_newline()
        for line in dict.fromkeys(self.notes):
            terminalreporter.write_line(line)


def given_to_worker(shared_sites: Mapping[Path, SharedSite]) -> bytes:
    """Pack what a worker needs, and where it finds the modules of steps of a project's own."""
    return pickle.dumps((sys.path, pickle.dumps(shared_sites)))


def strands(site: Site, root: Path) -> Iterator[tuple[str, str]]:
    """Yield the file of each page, and that of the page at which its strand begins.

    Pages of a strand continue from each other, and no other page continues from any but the
    last. A worker that ran one of them would only wait for the worker that runs the one before.
    """
    continuing = Counter(page.continues for page in site.pages)
    for page in site.pages:
        first = page
        while first.continues is not None and continuing[first.continues] == 1:
            first = site.page(first.continues)
        if page.file.is_relative_to(root) and first.file.is_relative_to(root):
            yield str(page.file.relative_to(root)), str(first.file.relative_to(root))
