"""Run a mutant as its reader would, and say whether a step fails."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Literal

from runthrough.model.paths import document_of
from runthrough.model.places import Place
from runthrough.model.results import Failure
from runthrough.model.site import Site
from runthrough.model.steps import Page
from runthrough.mutants.edits import applied
from runthrough.mutants.ending import ending, same_but, unstable
from runthrough.mutants.mutations import Mutant
from runthrough.mutants.sameness import same_meaning
from runthrough.reading.site import OpenSite
from runthrough.running.page_run import PageRun
from runthrough.running.runner import Runner
from runthrough.running.snapshots.snapshot import Snapshot, SnapshotError
from runthrough.running.start import keep_snapshot

Fate = Literal["caught", "survived", "equivalent"]


@dataclass(frozen=True)
class Judgement:
    """The result of a mutant."""

    fate: Fate
    pages: int
    """Pages that were run for it."""
    where: str = ""
    """Of what caught it: file and line."""
    why: str = ""
    """What the failure says, or why the mutant changes nothing for a reader."""


@dataclass(frozen=True)
class Control:
    """The result of the unchanged page, to compare its mutants with."""

    failed: Place | None = None
    why: str = ""
    left: Mapping[str, str] = field(default_factory=dict)
    """What it leaves, if it passes: see `ending`."""
    unstable: frozenset[str] = frozenset()
    """Names of what it leaves differently each time, so that a difference says nothing."""


@dataclass(frozen=True)
class Copied:
    """Where the project is, and where its copy."""

    root: Path
    copy: Path

    def original(self, place: Place) -> Place:
        """Return the place in the project that a place in its copy stands for."""
        if not place.file.is_relative_to(self.copy):
            return place
        return dataclasses.replace(place, file=self.root / place.file.relative_to(self.copy))


@dataclass(frozen=True)
class End:
    """How far a reader got on a page."""

    failure: Failure | None
    left: Mapping[str, str] = field(default_factory=dict)
    """What the page leaves, if it was asked for."""
    snapshot: Snapshot | None = None


class Judge:
    """Runs mutants of one site, each from what the unchanged pages before it have left."""

    def __init__(
        self, opened: OpenSite, runner: Runner, copied: Copied, follow: int, snapshots: Path
    ) -> None:
        """Mutate the files of a copy; `follow` limits the pages that are run after a mutant's."""
        self.opened, self.runner, self.copied, self.follow = opened, runner, copied, follow
        self.snapshots = snapshots
        self.numbers = count()

    def check(self, docname: str) -> Control:
        """Run a page as it is, twice; mutants of a page that fails by itself say nothing."""
        ends = []
        for _ in range(2):
            ended = self.run(self.opened.site.page(docname), self.before(docname), keep=True)
            self.drop(ended.snapshot)
            if ended.failure is not None:
                return Control(self.copied.original(ended.failure.place), ended.failure.what)
            ends.append(ended.left)
        return Control(left=ends[0], unstable=unstable(*ends))

    def judge(self, mutant: Mutant, control: Control) -> Judgement:
        """Put a mutant into its file, run its page and those that continue from it.

        `control` says what the unchanged page leaves.
        """
        file = self.copied.copy / mutant.edit.place.file.relative_to(self.copied.root)
        with applied(mutant.edit, file):
            site = self.opened.reread(mutant.docname)
            page = on_its_path(site, mutant.docname)
            before = self.opened.site.page(mutant.docname).continues
            ended = (
                self.misled(page)
                if page.continues != before
                else self.run(page, self.before(mutant.docname), keep=True)
            )
            judged = self.follow_on(mutant, site, page, ended, control)
        self.opened.reread(mutant.docname)
        return judged

    def misled(self, page: Page) -> End:
        """Return that a page no longer continues from the page that it did."""
        return End(Failure(page.steps[0].place, "the page continues from another page", ""))

    def follow_on(
        self, mutant: Mutant, site: Site, page: Page, ended: End, control: Control
    ) -> Judgement:
        """If the page itself passes, check what continues from it, then what it leaves."""
        pages = 1
        try:
            if ended.failure is None and self.is_comment(mutant, page):
                return Judgement("equivalent", pages, why="only a comment or a docstring differs")
            if ended.failure is None and same_but(ended.left, control.left, control.unstable):
                if mutant.kind.startswith("dropped"):
                    return Judgement(
                        "equivalent",
                        pages,
                        why="the page says less, but its reader ends up with the same",
                    )
                return Judgement("survived", pages, why="every step passes")
            if ended.failure is None:
                for failure in self.continuing(site, page, ended.snapshot):
                    pages += 1
                    if failure is not None:
                        return self.caught(pages, failure)
                return Judgement("survived", pages, why="the reader ends up with something else")
        finally:
            self.drop(ended.snapshot)
        return self.caught(pages, ended.failure)

    def caught(self, pages: int, failure: Failure) -> Judgement:
        """Return where a mutant was caught."""
        return Judgement("caught", pages, str(self.copied.original(failure.place)), failure.what)

    def is_comment(self, mutant: Mutant, page: Page) -> bool:
        """Return whether a mutant's step does the same as the unchanged one."""
        steps = self.opened.site.page(mutant.docname).steps
        if len(steps) != len(page.steps):
            return False
        return same_meaning(steps[mutant.position], page.steps[mutant.position])

    def continuing(
        self, site: Site, page: Page, snapshot: Snapshot | None
    ) -> Iterator[Failure | None]:
        """Run the pages that continue from a page, depth first, up to the limit."""
        waiting: list[tuple[Page, Snapshot | None]] = [
            (one, snapshot) for one in site.pages if one.continues == page.docname
        ]
        kept: list[Snapshot] = []
        try:
            for _ in range(self.follow):
                if not waiting:
                    return
                following, begins_with = waiting.pop(0)
                ended = self.run(following, begins_with, keep=True)
                kept += [ended.snapshot] if ended.snapshot else []
                yield ended.failure
                after = [one for one in site.pages if one.continues == following.docname]
                waiting = [(one, ended.snapshot) for one in after] + waiting
        finally:
            for one in kept:
                self.drop(one)

    def before(self, docname: str) -> Snapshot | None:
        """Return what the page leaves that a page continues from; None if it starts empty."""
        continues = self.opened.site.page(docname).continues
        return self.runner.record(self.opened.site.page(continues)).snapshot if continues else None

    def run(self, page: Page, begins_with: Snapshot | None, *, keep: bool) -> End:
        """Run a page up to its first failure; keep what it leaves if it passes and if `keep`."""
        page_factory = self.runner.open()
        context = page_factory.begin(begins_with)
        page_run = PageRun(page, context, self.runner.options)
        snapshot = None
        try:
            for position in range(len(page.steps)):
                page_run.run_up_to(position)
                failure = page_run.results[position].failure
                if failure is not None:
                    return End(failure)
            left = ending(context, page_factory.shared.services) if keep else {}
            if keep:
                folder = self.snapshots / str(next(self.numbers))
                folder.mkdir(parents=True)
                snapshot = keep_snapshot(context, folder, copy=False)
            return End(None, left, snapshot)
        except SnapshotError as error:
            return End(Failure(page.steps[-1].place, str(error), ""))
        finally:
            page_run.end()
            if snapshot is None:
                page_factory.shared.drop(context.instances)

    def drop(self, snapshot: Snapshot | None) -> None:
        """Remove what was kept of a page."""
        if snapshot is None:
            return
        shutil.rmtree(snapshot.folder, ignore_errors=True)
        self.runner.open().shared.drop(snapshot.instances)


def on_its_path(site: Site, name: str) -> Page:
    """Return a mutated page; without a difference any more, its path has the ordinary one."""
    named = {page.docname: page for page in site.pages}
    return named.get(name) or named[document_of(name)]


def share_caught(judgements: Sequence[Judgement]) -> float:
    """Return the share, of the mutants that change something for a reader, that a run catches."""
    real = [one for one in judgements if one.fate != "equivalent"]
    caught = sum(one.fate == "caught" for one in real)
    return caught / len(real) if real else 1.0
