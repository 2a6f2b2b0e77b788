"""Take the results of pages from a cache, and add those of this run to it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from runthrough.cache.entries import Cache
from runthrough.cache.known import Known, keys_of_pages, look_up, usable
from runthrough.cache.replaying import entry_of, place_of_run
from runthrough.model.places import shown
from runthrough.model.recorded import RecordedResult
from runthrough.model.report import visible
from runthrough.model.results import Result
from runthrough.model.site import Site
from runthrough.model.steps import Page
from runthrough.plugin import _compat
from runthrough.plugin.arguments import assignment
from runthrough.plugin.closing import StepReport
from runthrough.plugin.items import StepItem
from runthrough.plugin.run import Run
from runthrough.plugin.sites import Controller, SharedSite
from runthrough.running.runner import CANNOT_BEGIN, Runner
from runthrough.sources.replacing import written

DAYS = 7.0
"""Days for which an entry is valid, unless an option says otherwise: what pages fetch changes."""
NEVER_THE_SAME = "something that led to the page has changed since, or changes every time"
"""Why a page isn't kept if its key has changed by the end of the run."""
OLD_ARCHIVE = "what it offers for download is older than this run"
"""Why a page isn't kept that has packed nothing, although there is an archive."""
LISTED = 5
"""The most pages that a line lists."""


@dataclass(frozen=True)
class CacheOptions:
    """What the command line says about the cache."""

    cache: Cache
    refresh: bool
    given: Mapping[str, str]
    """Variables that every page has."""

    def look_up(self, site: Site, shared_site: SharedSite) -> Known:
        """Find what the cache has of a site."""
        return look_up(site, shared_site.shared, self.given, self.cache, refresh=self.refresh)


def cache_options(config: pytest.Config, notes: dict[str, None]) -> CacheOptions | None:
    """Read the options; None if no cache is given. `notes` gets a line about what can't be used.

    Raises UsageError if they are wrong.
    """
    named = config.getoption("runthrough_cache")
    if named is None:
        return None
    folder = Path(config.invocation_params.dir, named)
    if os.path.lexists(folder) and not folder.is_dir():
        raise pytest.UsageError(
            f"--runthrough-cache: {shown(folder)} exists, but it isn't a folder. Choose another one"
        )

    def say(line: str) -> None:
        notes[visible(f"--runthrough-cache: {line}")] = None

    return CacheOptions(
        Cache(folder, timedelta(days=days(config.getoption("runthrough_cache_days"))), say),
        refresh=bool(config.getoption("runthrough_cache_refresh")),
        given=dict(map(assignment, config.getoption("runthrough_set"))),
    )


def days(given: str | None) -> float:
    """Read a number of days; raises UsageError for anything else."""
    try:
        number = DAYS if given is None else float(given)
    except ValueError:
        number = -1.0
    if not 0 < number <= 365:
        raise pytest.UsageError(
            f"--runthrough-cache-days {given!r}: expected a number of days up to 365, such as 7"
        )
    return number


def use_cache(config: pytest.Config, run: Run, controller: Controller | None) -> None:
    """Use a cache where one is named."""
    options = cache_options(config, run.closing.notes)
    if options is None:
        return
    run.closing.cache = True
    if controller is not None:
        controller.look_up = options.look_up
    config.pluginmanager.register(CachedPages(run, options), "runthrough-cached-pages")
    if not _compat.is_worker(config):
        config.pluginmanager.register(CacheWriter(run, options, controller), "runthrough-cache")


@dataclass(eq=False)
class CachedPages:
    """Gives runners the results of the pages that needn't be run."""

    run: Run
    options: CacheOptions
    unsaid: dict[tuple[Path, str], str] = field(default_factory=dict)
    """When and where a page was run, until it's said."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Decide which pages needn't be run, now that it's known which are asked for."""
        if session.config.option.collectonly:
            return
        items: dict[Path, dict[str, StepItem]] = {}
        for item in session.items:
            if isinstance(item, StepItem):
                items.setdefault(item.runner.site.confdir, {}).setdefault(item.page.docname, item)
        for pages in items.values():
            self.take(session, pages)

    def take(self, session: pytest.Session, items: Mapping[str, StepItem]) -> None:
        """Take what the cache has of the pages of a site; each comes with one of its steps."""
        runner = next(iter(items.values())).runner
        site = runner.site
        known = self.known(runner)
        if known is None:
            return
        for docname, item in items.items():
            if reason := set_up_by(session, site, item):
                self.run.uncached[site.confdir, docname] = reason
        provable = {
            name: entry
            for name, entry in known.entries.items()
            if (site.confdir, name) not in self.run.uncached
        }
        asked = [item.page for item in items.values()]
        found = usable(site, Known(known.keys, known.against, provable), asked)
        for docname, results in found.items():
            if not self.restore_archive(site, docname, known):
                continue
            for position, result in enumerate(results):
                runner.results[docname, position] = result
            self.unsaid[site.confdir, docname] = ran(results[0])

    def known(self, runner: Runner) -> Known | None:
        """Return what was looked up for a site; None if no page can begin."""
        site = runner.site
        shared_site = self.run.sites.given.get(site.confdir)
        if shared_site is None:
            try:
                shared_site = SharedSite(site, runner.open().shared)
            except CANNOT_BEGIN:
                return None  # the first step says why
            known = self.options.look_up(site, shared_site)
            self.run.looked_up[site.confdir] = SharedSite(site, shared_site.shared, known)
            return known
        return shared_site.known

    def restore_archive(self, site: Site, docname: str, known: Known) -> bool:
        """Offer what is packed for download at the end of a page; False if that's impossible."""
        archive = known.entries[docname].archive
        if archive is None or site.settings.checkpoint(docname) is None:
            return True
        file = site.settings.archive(docname)
        try:
            if not (file.is_file() and file.read_bytes() == archive):
                file.parent.mkdir(parents=True, exist_ok=True)
                with written(file.parent, archive, mode=0o666) as new:
                    new.replace(file)
        except OSError as error:
            self.options.cache.say(f"{shown(file)} can't be written, so {docname} is run: {error}")
            return False
        return True

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Report once that a page isn't run, if each step is shown."""
        if isinstance(item, StepItem):
            said = self.unsaid.pop((item.runner.site.confdir, item.page.docname), None)
            if said is not None:
                self.run.show(f"\n{item.page.docname}\n  {said}")


def ran(result: Result) -> str:
    """Return when and where a page of the cache was run."""
    assert result.reused_at is not None
    return f"cached: ran {result.reused_at.astimezone():%Y-%m-%d %H:%M} on {result.ran_on}"


def set_up_by(session: pytest.Session, site: Site, item: StepItem) -> str:
    """Return which code of the project sets a page up, because a key can't cover it."""
    if item.fixturenames:
        return f"the fixture {item.fixturenames[0]!r} sets up the page"
    for page in site.chain(item.page):
        if _compat.is_implemented(session, page.file, "pytest_runthrough_start_page"):
            return f"a pytest_runthrough_start_page hook sets up {page.docname}"
    return ""


@dataclass(eq=False)
class CacheWriter:
    """Adds the pages to the cache that were run, where the reports of all steps come together."""

    run: Run
    options: CacheOptions
    controller: Controller | None
    results: dict[tuple[Path, str], dict[int, RecordedResult]] = field(default_factory=dict)
    uncached: dict[tuple[Path, str], str] = field(default_factory=dict)
    since: float = field(default_factory=time.time)
    """When the run began, in seconds since 1970: what is packed later is packed by it."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a result in."""
        if step := StepReport.of(report):
            page = step.confdir, step.page
            known = self.results.setdefault(page, {}).get(step.result.position)
            if known is None or known.verdict != "failed":  # a test that is run again may pass
                self.results[page][step.result.position] = step.result
            if step.uncached:
                self.uncached[page] = step.uncached

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Write what has passed, as long as everything that led to it is still the same."""
        sites = {**self.run.looked_up, **((self.controller and self.controller.shared_sites) or {})}
        try:
            for shared_site in sites.values():
                if shared_site.known is not None:
                    self.write(shared_site, shared_site.known)
        except (OSError, *CANNOT_BEGIN) as error:
            folder = shown(self.options.cache.folder)
            self.options.cache.say(f"nothing more was written to {folder}: {error}")
        self.options.cache.prune()
        self.explain()

    def write(self, shared_site: SharedSite, known: Known) -> None:
        """Write the pages of a site, each after those that it continues from."""
        site, cache = shared_site.site, self.options.cache
        for docname, reason in known.against.items():
            if (site.confdir, docname) in self.results:
                self.uncached[site.confdir, docname] = reason
        ran = [page for page in site.pages if self.was_run(site, page)]
        if not ran:
            return
        now = keys_of_pages(site, shared_site.shared, self.options.given, ran)
        ran_on = place_of_run(site.confdir)
        for page in sorted(ran, key=lambda one: len(site.chain(one))):
            key = known.keys[page.docname]
            if key != now[page.docname]:
                self.uncached[site.confdir, page.docname] = NEVER_THE_SAME
                continue
            results = self.results[site.confdir, page.docname]
            recorded = [results[position] for position in sorted(results)]
            if any(one.verdict in ("failed", "blocked") for one in recorded):
                cache.remove(key)
                continue
            archive = archive_of(site, page, self.since)
            entry = entry_of(key, page, recorded, ran_on, archive)
            if entry is None:
                continue
            if not self.has_archive(site, page, archive):
                self.uncached[site.confdir, page.docname] = OLD_ARCHIVE
                continue
            if page.continues is None or cache.holds(known.keys[page.continues]):
                cache.put(entry)
            else:
                reason = f"{page.continues}, which it continues from, isn't in the cache"
                self.uncached[site.confdir, page.docname] = reason

    def was_run(self, site: Site, page: Page) -> bool:
        """Return whether this run has run steps of a page that can be cached."""
        which = site.confdir, page.docname
        results = self.results.get(which, {}).values()
        return which not in self.uncached and any(not one.is_reused for one in results)

    def has_archive(self, site: Site, page: Page, archive: bytes | None) -> bool:
        """Return whether what this run has packed at the end of a page is known.

        A page whose folder isn't there yet packs nothing. An older archive says nothing of that.
        """
        if archive is not None or site.settings.checkpoint(page.docname) is None:
            return True
        return not site.settings.archive(page.docname).exists()

    def explain(self) -> None:
        """Report which pages were run because they can't be cached."""
        by_reason: dict[str, list[str]] = {}
        for (_, docname), reason in self.uncached.items():
            by_reason.setdefault(reason, []).append(docname)
        for reason, docnames in by_reason.items():
            more = len(docnames) - LISTED
            named = ", ".join(docnames[:LISTED]) + (f" and {more} more" if more > 0 else "")
            self.options.cache.say(f"not cached, because {reason}: {named}")


def archive_of(site: Site, page: Page, since: float) -> bytes | None:
    """Return what was packed at the end of a page, if that was later than `since`."""
    if site.settings.checkpoint(page.docname) is None:
        return None
    file = site.settings.archive(page.docname)
    try:
        return file.read_bytes() if file.stat().st_mtime >= since else None
    except FileNotFoundError:
        return None
