"""The walks of one run: which one performs a page, and what became of every step."""

from __future__ import annotations

import dataclasses
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from runthrough.model.results import Blocked, Outcome
from runthrough.model.site import Site
from runthrough.model.steps import Page
from runthrough.processes import leftovers
from runthrough.processes.rundir import own_run
from runthrough.processes.supervised import SupervisionError
from runthrough.running.faults import advice_on, failure_of, refusal
from runthrough.running.page_run import Options, Walk
from runthrough.running.shared import Common, open_common
from runthrough.running.snapshots.store import Record
from runthrough.running.start import Ground, keep_stage
from runthrough.running.trust import Trust
from runthrough.running.workspace import WorkspaceError
from runthrough.services.postgresql import DatabaseError
from runthrough.shell.bash import BashError

CANNOT_BEGIN = (BashError, DatabaseError, SupervisionError, WorkspaceError)
"""Why no walk can begin at all."""


@dataclass
class Walks:
    """Performs the steps of a site on demand, each after all that its reader does before it."""

    site: Site
    options: Options
    common: Common | None = None
    """What this process shares with others; opened at the first walk where nobody gave it."""
    live: dict[str, Walk] = field(default_factory=dict)
    """The walks that are not at the end of their page, by its name."""
    outcomes: dict[tuple[str, int], Outcome] = field(default_factory=dict)
    """What became of each step that was performed: by page and position."""
    records: dict[str, Record] = field(default_factory=dict)
    """What is left at the end of each page that others continue from."""
    kept: list[Path] = field(default_factory=list)
    """The folders that stay, because somebody wants to look into them."""
    notes: list[str] = field(default_factory=list)
    """Lines that the report of the run has to add: what stays on a server, and why."""
    obstacle: Exception | None = None
    """Why no walk can begin, once that is known."""
    resources: ExitStack = field(default_factory=ExitStack)
    ground: Ground | None = None

    def __post_init__(self) -> None:
        self.is_shared = self.common is not None

    @property
    def server_version(self) -> str | None:
        """The version of the server that pages are performed on, once there is one."""
        return self.common.server.version if self.common and self.common.server else None

    @property
    def is_cut_off(self) -> bool:
        """Whether a step was ended from outside, before it was done."""
        return any(walk.is_cut_off for walk in self.live.values())

    def outcome(self, page: Page, position: int) -> Outcome:
        """Return what became of a step; it and what comes before it are performed if need be.

        Raises one of CANNOT_BEGIN where no walk can begin, and the same again for what follows.
        """
        if self.obstacle is not None:
            raise self.obstacle
        if (page.docname, position) not in self.outcomes:
            try:
                self.advance(page, position)
            except CANNOT_BEGIN as error:
                self.obstacle = error
                raise
            except Exception as error:
                step = page.steps[position]
                failure = failure_of(error, step.place, f"{page.docname} can't be followed")
                self.outcomes[page.docname, position] = Outcome(step, "failed", failure)
        return self.outcomes[page.docname, position]

    def advance(self, page: Page, position: int) -> None:
        """Perform what a reader of the page does, up to and with the step."""
        if self.is_shared and page.docname in self.site.continued:
            self.record(page)  # whole: nobody waits for a page that is left half-way
        elif page.docname in self.live or not self.take_up(page):
            self.perform(page, position)

    def record(self, page: Page) -> Record:
        """Return what a page leaves for those who continue; it is performed if need be."""
        known = self.records.get(page.docname)
        if known is not None and (known.state is None or known.state.is_whole()):
            return known
        with self.open().common.store.lock(page.docname):
            if not self.take_up(page):
                self.perform(page, len(page.steps) - 1)
        return self.records[page.docname]

    def take_up(self, page: Page) -> bool:
        """Take over what another process, or an earlier run, knows of a page; False if nothing."""
        common = self.open().common
        record = common.store.get(page.docname)
        if record is None:
            return False
        if not self.trust.holds(page, record):
            common.forget(page.docname, record)
            return False
        since = None if record.run == common.run else record.performed
        if since is not None:
            self.options.show(f"\n{page.docname}: taken up from {since:%H:%M}")
        self.records[page.docname] = record
        if since is not None and record.state is not None:
            self.open().pack(page.docname, record.state)
        for number, (step, outcome) in enumerate(zip(page.steps, record.outcomes, strict=True)):
            if since is not None:  # it may have moved by a line since then
                outcome = dataclasses.replace(outcome, step=step, taken_up=since)
            self.outcomes.setdefault((page.docname, number), outcome)
        return True

    def perform(self, page: Page, position: int) -> None:
        """Perform a page up to and with a step, from where its reader is by now."""
        if page.docname not in self.live:
            self.live[page.docname] = self.begin(page)
        walk = self.live[page.docname]
        try:
            walk.perform_up_to(position)
        finally:
            for number, outcome in enumerate(walk.outcomes):
                self.outcomes.setdefault((page.docname, number), outcome)
        if walk.is_over:
            self.finish(walk)

    def begin(self, page: Page) -> Walk:
        """Begin a page with what is left by the one that it continues from, if by any."""
        record = self.record(self.site.page(page.continues)) if page.continues else None
        if record is not None and record.blocked is not None:
            return Walk(page, None, self.options, record.blocked)
        ground = self.open()
        try:
            stage = ground.begin(record.state if record else None)
        except (BashError, DatabaseError):
            raise  # no other page could begin either
        except Exception as error:
            return self.broken(page, error)
        self.kept += [stage.workspace.directory] if self.options.keep else []
        try:
            return Walk(page, stage, self.options, key=self.trust.key_after(page, record))
        except Exception as error:
            stage.shell.end()
            return self.broken(page, error)

    def broken(self, page: Page, error: Exception) -> Walk:
        """Return a walk that fails at its first step, for what kept it from beginning."""
        failure = failure_of(error, page.steps[0].place, "the page can't begin")
        return Walk(page, None, self.options, broken=failure)

    def finish(self, walk: Walk) -> None:
        """End a walk; keep what it leaves where somebody continues from it."""
        del self.live[walk.page.docname]
        common = self.open().common
        docname = walk.page.docname
        try:
            if self.is_kept(walk.page) or self.options.reuse:
                self.records[docname] = record = common.store.put(
                    docname, lambda folder: self.make_record(walk, folder)
                )
                if record.state is not None:
                    self.open().pack(docname, record.state)
        except Exception as error:
            self.spoil(walk, error)
        finally:
            self.end_walk(walk)

    def spoil(self, walk: Walk, error: Exception) -> None:
        """Say why what a page leaves could not be kept; nobody continues from it then.

        Where nobody would, and an earlier run alone could have used it, the page is right.
        """
        page, common = walk.page, self.open().common
        last = len(page.steps) - 1
        failure = failure_of(error, page.steps[last].place, "what the page leaves can't be kept")
        with suppress(OSError):
            common.store.remove(page.docname)
        if not self.is_kept(page):
            leftovers.note(f"{page.docname} is not kept for --reuse: {failure.what}")
            return
        walk.outcomes[last] = Outcome(page.steps[last], "failed", failure)
        self.outcomes[page.docname, last] = walk.outcomes[last]
        blocked = walk.blocked or Blocked(page.docname, last, failure)
        record = Record(tuple(walk.outcomes), blocked, None, datetime.now(), common.run)
        self.records[page.docname] = record
        with suppress(OSError):  # others find out by themselves then
            common.store.put(page.docname, lambda folder: record)

    def is_kept(self, page: Page) -> bool:
        """Tell whether anybody needs what a page leaves."""
        packed = self.site.settings.checkpoint(page.docname) is not None
        return packed or page.docname in self.site.continued

    def make_record(self, walk: Walk, folder: Path) -> Record:
        """Sum up a walk that is over, and keep its state in a folder."""
        state = None
        if self.is_kept(walk.page) and walk.blocked is None:
            state = walk.state = keep_stage(walk.stage, folder, copy=self.options.keep)
        failed = any(outcome.verdict == "failed" for outcome in walk.outcomes)
        key = "" if failed else self.trust.unchanged(walk.page, walk.key)
        run = self.open().common.run
        return Record(tuple(walk.outcomes), walk.blocked, state, datetime.now(), run, key)

    def end_walk(self, walk: Walk) -> None:
        """End what a walk has started, and drop its database unless that is kept."""
        walk.end()
        server = self.open().common.server
        if walk.live and walk.live.database and server and not (walk.state or self.options.keep):
            # Where it stays, the end of the run says so; it changes no verdict.
            with suppress(DatabaseError):
                server.drop(walk.live.database)

    @property
    def trust(self) -> Trust:
        """What a record is held against."""
        return Trust(self.site, self.open().common, self.options.reuse)

    def open(self) -> Ground:
        """Return what walks stand on; it is made for the first of them."""
        if self.ground is None:
            try:
                self.ground = self.make_ground()
            except OSError as error:
                raise WorkspaceError(
                    f"no page can begin: {refusal(error)}\nTo fix this: {advice_on(error)}"
                ) from error
        return self.ground

    def make_ground(self) -> Ground:
        """Make the folder of this process, and open what is shared where nobody has done so."""
        run = self.resources.enter_context(own_run())
        if self.common is None:
            opening = open_common(
                self.site, reuse=self.options.reuse, say=self.notes.append, run=run
            )
            self.common = self.resources.enter_context(opening)
        return Ground(self.site.settings, run, self.common, self.options)

    def end(self) -> None:
        """End every walk, and the server and the states that are not kept.

        One that does not end as it should is noted, and keeps none of the others from it.
        """
        while self.live:
            docname, walk = self.live.popitem()
            try:
                self.end_walk(walk)
            except Exception as error:
                leftovers.note(f"could not clean up after {docname}: {error}")
        try:
            self.resources.close()
        except Exception as error:
            leftovers.note(f"could not clean up: {type(error).__name__}: {error}")
        self.ground = None
        if not self.is_shared:
            self.common = None
