"""Run the pages of a site on demand, and remember the result of every step."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

from runthrough.model.results import Blocked, Result, StepFailed
from runthrough.model.site import Site
from runthrough.model.steps import Page
from runthrough.processes import leftovers
from runthrough.processes.rundir import run_directory
from runthrough.processes.supervised import SupervisionError
from runthrough.running.faults import advice_on, failure_of, refusal
from runthrough.running.page_run import Options, PageRun, PageStart
from runthrough.running.ports import claim_ports
from runthrough.running.reuse import ReusePolicy
from runthrough.running.shared import Shared, open_shared
from runthrough.running.snapshots.store import Record
from runthrough.running.start import PageFactory, keep_snapshot
from runthrough.running.workspace import WorkspaceError
from runthrough.services import ServiceError
from runthrough.shell.bash import BashError

CANNOT_BEGIN = (BashError, ServiceError, SupervisionError, WorkspaceError)
"""Why no run can begin at all."""


@dataclass
class Runner:
    """Runs the steps of a site on demand, each after everything that its reader does before it.

    Use it in a `with` statement, which ends and removes everything that was started.
    """

    site: Site
    options: Options = field(default_factory=Options)
    shared: Shared | None = None
    """What this process shares with others; opened at the first run if it wasn't given."""
    waiting: dict[str, set[str]] | None = None
    """For each page, those that continue from it and haven't begun, if that's known."""
    live: dict[str, PageRun] = field(default_factory=dict)
    """The runs that haven't reached the end of their page, by its name."""
    results: dict[tuple[str, int], Result] = field(default_factory=dict)
    """The result of each step that was run, by page and position."""
    records: dict[str, Record] = field(default_factory=dict)
    """The state at the end of each page that others continue from."""
    starts: dict[str, PageStart] = field(default_factory=dict)
    """What the project has added to each page that is being run, by its name."""
    kept: list[Path] = field(default_factory=list)
    """The folders that aren't removed, because the user asked to keep them."""
    notes: list[str] = field(default_factory=list)
    """Lines to add to the report of the run: what stays on a server, and why."""
    obstacle: Exception | None = None
    """Why no run can begin, once that's known."""
    resources: ExitStack = field(default_factory=ExitStack)
    page_factory: PageFactory | None = None

    def __post_init__(self) -> None:
        self.is_shared = self.shared is not None

    @property
    def versions(self) -> dict[str, str]:
        """Name and version of each service that pages are run on, once they are started."""
        services = self.shared.services.values() if self.shared else ()
        return {service.name: service.version for service in services}

    @property
    def is_cut_off(self) -> bool:
        """Whether a step was ended from outside, before it was done."""
        return any(page_run.is_cut_off for page_run in self.live.values())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def run(self, page: Page) -> tuple[Result, ...]:
        """Run a page of the site; return a result for each of its steps, in reading order.

        The pages that it continues from are run first. Each page is run once; after that, the same
        results are returned. If no page can begin, raises an exception such as DatabaseError, whose
        message says what's missing.
        """
        return tuple(self.result(page, position) for position in range(len(page.steps)))

    def result(self, page: Page, position: int) -> Result:
        """Return the result of a step; it and everything before it are run if they haven't been.

        Raises one of CANNOT_BEGIN if no run can begin, and the same one for every later step.
        """
        if self.obstacle is not None:
            raise self.obstacle
        if (page.docname, position) not in self.results:
            try:
                self.advance(page, position)
            except CANNOT_BEGIN as error:
                self.obstacle = error
                raise
            except Exception as error:
                step = page.steps[position]
                failure = failure_of(error, step.place, f"{page.docname} can't be followed")
                self.results[page.docname, position] = Result(step, "failed", failure)
        return self.results[page.docname, position]

    def advance(self, page: Page, position: int) -> None:
        """Run what a reader of the page does, up to and with the step."""
        if self.is_shared and page.docname in self.site.continued:
            self.record(page)  # as a whole: nobody waits for a page that is left unfinished
        elif page.docname in self.live or not self.reuse(page):
            self.run_step(page, position)

    def record(self, page: Page) -> Record:
        """Return what a page leaves for those that continue from it; it's run if it hasn't been."""
        known = self.records.get(page.docname)
        if known is not None and (known.snapshot is None or known.snapshot.is_whole()):
            return known
        with self.open().shared.store.lock(page.docname):
            if not self.reuse(page):
                self.run_step(page, len(page.steps) - 1)
        return self.records[page.docname]

    def reuse(self, page: Page) -> bool:
        """Take over what another process, or an earlier run, knows of a page; False if nothing."""
        shared = self.open().shared
        record = shared.store.get(page.docname)
        if record is None:
            return False
        if not self.reuse_policy.is_fresh(page, record):
            shared.forget(page.docname, record)
            return False
        since = None if record.run == shared.run else record.run_at
        if since is not None:
            self.options.show(f"\n{page.docname}: reused from {since:%H:%M}")
        self.records[page.docname] = record
        if since is not None and record.snapshot is not None:
            self.open().pack(page.docname, record.snapshot)
        for number, (step, result) in enumerate(zip(page.steps, record.results, strict=True)):
            if since is not None:  # it may have moved by a line since then
                result = dataclasses.replace(result, step=step, reused_at=since)
            self.results.setdefault((page.docname, number), result)
        return True

    def run_step(self, page: Page, position: int) -> None:
        """Run a page up to and with a step, from where its reader is by now."""
        if page.docname not in self.live:
            self.live[page.docname] = self.begin(page)
        page_run = self.live[page.docname]
        try:
            page_run.run_up_to(position)
        finally:
            for number, result in enumerate(page_run.results):
                self.results.setdefault((page.docname, number), result)
        if page_run.is_over:
            self.finish(page_run)

    def begin(self, page: Page) -> PageRun:
        """Begin a page with what is left by the one that it continues from, if by any."""
        record = self.record(self.site.page(page.continues)) if page.continues else None
        if record is not None and record.blocked is not None:
            return PageRun(page, None, self.options, record.blocked)
        page_factory = self.open()
        self.undo_start(page.docname)  # of an attempt that a test framework has cut off
        start = self.starts[page.docname] = PageStart()
        snapshot = record.snapshot if record else None
        try:
            given = dict(snapshot.ports) if snapshot else {}
            claim_ports(page, self.site.settings.ports, given, start)
            self.options.prepare(page, start)
            is_last = self.is_last_to_continue(page)
            context = page_factory.begin(snapshot, start, move=is_last)
            if is_last and page.continues and record is not None:
                self.forget(page.continues, record)
        except (BashError, ServiceError):
            raise  # no other page could begin either
        except Exception as error:
            return self.broken(page, error)
        self.kept += [context.workspace.directory] if self.options.keep else []
        try:
            return PageRun(
                page, context, self.options, key=self.reuse_policy.key_after(page, record)
            )
        except Exception as error:
            context.shell.end()
            return self.broken(page, error)

    def expect(self, docnames: Collection[str]) -> None:
        """Announce which pages will be asked for, so that nothing is copied that only one of them
        needs.

        The last page that continues from another takes its files instead of a copy. If a page that
        wasn't expected needs them after all, the page before is run again.
        """
        asked = (page for page in self.site.pages if page.docname in docnames)
        needed = {one.docname: one.continues for page in asked for one in self.site.chain(page)}
        self.waiting = {continues: set() for continues in needed.values() if continues}
        for docname, continues in needed.items():
            if continues:
                self.waiting[continues].add(docname)

    def forget(self, docname: str, record: Record) -> None:
        """Forget what a page has left, whose files another page has taken."""
        del self.records[docname]
        # If an instance stays, the end of the run says so; it changes no verdict.
        with suppress(ServiceError):
            self.open().shared.forget(docname, record)

    def is_last_to_continue(self, page: Page) -> bool:
        """Return whether no other page of this run, no later run and no person needs the files."""
        waiting = (self.waiting or {}).get(page.continues or "")
        if waiting is None or self.is_shared or self.options.reuse or self.options.keep:
            return False
        waiting.discard(page.docname)
        return not waiting

    def broken(self, page: Page, error: Exception) -> PageRun:
        """Return a run that fails at its first step, for what kept it from beginning."""
        if isinstance(error, StepFailed):
            failure = error.failure
        else:
            failure = failure_of(error, page.steps[0].place, "the page can't begin")
        return PageRun(page, None, self.options, broken=failure)

    def finish(self, page_run: PageRun) -> None:
        """End a run; keep what it leaves if a page continues from it."""
        del self.live[page_run.page.docname]
        shared = self.open().shared
        docname = page_run.page.docname
        try:
            if self.is_kept(page_run.page) or self.options.reuse:
                self.records[docname] = record = shared.store.put(
                    docname, lambda folder: self.make_record(page_run, folder)
                )
                if record.snapshot is not None:
                    self.open().pack(docname, record.snapshot)
        except Exception as error:
            self.spoil(page_run, error)
        finally:
            self.end_run(page_run)

    def spoil(self, page_run: PageRun, error: Exception) -> None:
        """Note why what a page leaves couldn't be kept; no page continues from it then.

        If none would, and only a later run could have used it, the page still passes.
        """
        page, shared = page_run.page, self.open().shared
        last = len(page.steps) - 1
        failure = failure_of(error, page.steps[last].place, "what the page leaves can't be kept")
        with suppress(OSError):
            shared.store.remove(page.docname)
        if not self.is_kept(page):
            leftovers.note(f"{page.docname} isn't kept for --runthrough-reuse: {failure.what}")
            return
        page_run.results[last] = Result(page.steps[last], "failed", failure)
        self.results[page.docname, last] = page_run.results[last]
        blocked = page_run.blocked or Blocked(page.docname, last, failure)
        record = Record(tuple(page_run.results), blocked, None, datetime.now(), shared.run)
        self.records[page.docname] = record
        with suppress(OSError):  # others find out by themselves then
            shared.store.put(page.docname, lambda folder: record)

    def is_kept(self, page: Page) -> bool:
        """Return whether anything needs what a page leaves."""
        packed = self.site.settings.checkpoint(page.docname) is not None
        return packed or page.docname in self.site.continued

    def make_record(self, page_run: PageRun, folder: Path) -> Record:
        """Sum up a run that is over, and keep its snapshot in a folder."""
        snapshot = None
        if self.is_kept(page_run.page) and page_run.blocked is None:
            snapshot = page_run.snapshot = keep_snapshot(
                page_run.context, folder, copy=self.options.keep
            )
        failed = any(result.verdict == "failed" for result in page_run.results)
        # What the project adds at run time may differ in the next run.
        start = self.starts.get(page_run.page.docname, PageStart())
        is_same = not failed and start.is_empty
        key = self.reuse_policy.unchanged(page_run.page, page_run.key) if is_same else ""
        run = self.open().shared.run
        return Record(tuple(page_run.results), page_run.blocked, snapshot, datetime.now(), run, key)

    def end_run(self, page_run: PageRun) -> None:
        """End what a run has started, and drop its instances unless they are kept."""
        try:
            page_run.end()
        finally:
            self.undo_start(page_run.page.docname)
        if page_run.live and not (page_run.snapshot or self.options.keep):
            # If one stays, the end of the run says so; it changes no verdict.
            with suppress(ServiceError):
                self.open().shared.drop(page_run.live.instances)

    def undo_start(self, docname: str) -> None:
        """Undo what the project has set up for a page."""
        if start := self.starts.pop(docname, None):
            start.end.close()

    @property
    def reuse_policy(self) -> ReusePolicy:
        """What a record is held against."""
        return ReusePolicy(self.site, self.open().shared, self.options.reuse)

    def open(self) -> PageFactory:
        """Return what starts pages; it's made for the first of them."""
        if self.page_factory is None:
            try:
                self.page_factory = self.make_page_factory()
            except OSError as error:
                raise WorkspaceError(
                    f"no page can begin: {refusal(error)}\nTo fix this: {advice_on(error)}"
                ) from error
        return self.page_factory

    def make_page_factory(self) -> PageFactory:
        """Make the folder of this process, and open what is shared if that hasn't been done."""
        run = self.resources.enter_context(run_directory())
        if self.shared is None:
            opening = open_shared(
                self.site, reuse=self.options.reuse, say=self.notes.append, run=run
            )
            self.shared = self.resources.enter_context(opening)
        return PageFactory(self.site.settings, run, self.shared, self.options)

    def end(self) -> None:
        """End every run, and the server and the snapshots that are not kept.

        One that doesn't end as it should is noted, and doesn't keep the others from ending.
        """
        while self.live:
            docname, page_run = self.live.popitem()
            try:
                self.end_run(page_run)
            except Exception as error:
                leftovers.note(f"couldn't clean up after {docname}: {error}")
        try:
            for docname in list(self.starts):
                self.undo_start(docname)
            self.resources.close()
        except Exception as error:
            leftovers.note(f"couldn't clean up: {type(error).__name__}: {error}")
        self.page_factory = None
        if not self.is_shared:
            self.shared = None
