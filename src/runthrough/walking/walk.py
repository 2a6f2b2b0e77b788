"""Perform the steps of pages, in reading order, in one workspace."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from runthrough.database import Address
from runthrough.matching.story import Story
from runthrough.outcomes import Blocked, Failure, Outcome, StepFailed, Verdict
from runthrough.processes.rundir import RunDirectory
from runthrough.processes.supervised import SupervisionError
from runthrough.settings import Settings
from runthrough.shell.shell import Shell
from runthrough.steps import (
    Console,
    Ending,
    Excerpt,
    Export,
    Listing,
    Mentions,
    Mistake,
    Page,
    Patch,
    Step,
    Unchecked,
    Waiver,
)
from runthrough.updating.notes import Notes, Review
from runthrough.walking.addresses import stand_ins
from runthrough.walking.checks import (
    perform_ending,
    perform_excerpt,
    perform_mentions,
    perform_mistake,
)
from runthrough.walking.commands import perform_console
from runthrough.walking.exports import perform_export
from runthrough.walking.listings import perform_listing
from runthrough.walking.patches import perform_patch
from runthrough.walking.stage import Stage
from runthrough.walking.workspace import copy_given, make_environment, make_workspace


@dataclass(frozen=True)
class Options:
    """How a person wants the walks of this run to be performed."""

    show: Callable[[str], None]
    keep: bool = False
    export: bool = False
    review: Review | None = None
    """Lets the outputs and listings that differ be corrected, where it has nothing against it."""


class Walk:
    """One reader's way through a chain of pages."""

    def __init__(
        self,
        settings: Settings,
        options: Options,
        address: Address | None,
        path: Sequence[Path],
        run: RunDirectory,
    ) -> None:
        self.options = options
        self.progress: dict[str, int] = {}
        """How many steps of each page were performed; pages in the order of their beginning."""
        self.blocked: Blocked | None = None
        self.current: Step | None = None
        """The step that is being performed."""
        claim = (lambda folder: None) if options.keep else run.claim
        workspace = make_workspace(settings.directory, claim)
        shell = Shell(
            workspace.directory,
            make_environment(workspace, settings.columns, path, settings.environment),
            settings.columns,
            remove=() if options.keep else (workspace.home,),
            keep_open=(run.lock,),
        )
        story = Story(settings.identities, settings.shapes, settings.columns)
        story.fix(workspace.page_home, str(workspace.home))
        if address is not None and settings.database is not None:
            for page, live, typed in stand_ins(Address.parse(settings.database), address):
                story.fix(page, live, typed=typed)
        self.stage = Stage(
            settings, workspace, shell, story, lambda said: options.show(f"  {said}")
        )
        self.stage.notes = Notes(options.review) if options.review else None

    def leads_to(self, chain: Sequence[Page]) -> bool:
        """Tell whether a reader who went this way goes on along these pages."""
        names = [page.docname for page in chain]
        return list(self.progress) == names[: len(self.progress)]

    def perform_up_to(self, page: Page, last: int) -> Iterator[tuple[int, Outcome]]:
        """Perform the page's next steps, up to and with the one at the position `last`."""
        if page.docname not in self.progress:
            self.progress[page.docname] = 0
            copy_given(self.stage.workspace, page.starts_with)
            self.options.show(f"\n{page.docname}")
        for position in range(self.progress[page.docname], last + 1):
            step = page.steps[position]
            outcome = self.perform(step)
            # What compares and changes nothing leaves the reader where they were.
            blocks = not isinstance(step, (Export, Mentions)) and not outcome.goes_on
            if outcome.failure is not None and self.blocked is None and blocks:
                self.blocked = Blocked(page.docname, position, outcome.failure)
            self.progress[page.docname] = position + 1
            yield position, outcome

    def perform(self, step: Step) -> Outcome:
        """Perform the next step, unless an earlier failure blocks it."""
        if isinstance(step, Waiver):
            return Outcome(step, "waived")
        if isinstance(step, Unchecked):
            return Outcome(step, "unchecked")
        if self.blocked is not None and not isinstance(step, Mistake):
            return Outcome(step, "blocked", blocked=self.blocked)
        began = time.monotonic()
        failure, goes_on = None, False
        self.current = step
        try:
            self.dispatch(step)
        except StepFailed as failed:
            failure, goes_on = failed.failure, failed.goes_on
        except SupervisionError as error:
            failure = Failure(step.place, str(error), "Run it again; nothing of it is left over.")
        self.current = None
        verdict: Verdict = "passed" if failure is None else "failed"
        seconds = time.monotonic() - began
        corrections = self.stage.notes.take() if self.stage.notes else ()
        return Outcome(
            step, verdict, failure, seconds=seconds, corrections=corrections, goes_on=goes_on
        )

    def dispatch(self, step: Step) -> None:
        """Call the function that performs this kind of step."""
        stage = self.stage
        match step:
            case Console():
                perform_console(stage, step)
            case Listing():
                perform_listing(stage, step)
            case Patch():
                perform_patch(stage, step)
            case Excerpt():
                perform_excerpt(stage, step)
            case Mentions():
                perform_mentions(stage, step)
            case Mistake():
                perform_mistake(stage, step)
            case Export():
                perform_export(stage, step, write=self.options.export)
            case Ending():
                perform_ending(stage, step)
            case Waiver() | Unchecked():
                raise AssertionError("is not performed")

    def end(self) -> None:
        """End all that the walk has started, and remove what it has made unless it is kept."""
        self.stage.shell.end()
        if self.options.keep:
            self.options.show(f"kept: {self.stage.workspace.directory}")
