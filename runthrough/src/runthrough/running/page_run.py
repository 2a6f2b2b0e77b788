"""Perform the steps of one page, in reading order, in one workspace."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from runthrough.model.packages import versions_in
from runthrough.model.results import Blocked, Difference, Failure, Outcome, StepFailed, Verdict
from runthrough.model.settings import Settings
from runthrough.model.steps import (
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
from runthrough.running.checks import (
    failure_of,
    perform_ending,
    perform_excerpt,
    perform_mentions,
)
from runthrough.running.commands import perform_console
from runthrough.running.context import Stage
from runthrough.running.exporting import perform_export
from runthrough.running.exports import check_export
from runthrough.running.faults import failure_of as fault
from runthrough.running.files import perform_listing, perform_patch
from runthrough.running.snapshots.snapshot import State
from runthrough.running.workspace import copy_given

Settle = Callable[[Outcome, Settings], Outcome]
"""Returns what became of a step once its differences are rewritten."""


@dataclass(frozen=True)
class Options:
    """How a person wants the walks of this run to be performed."""

    show: Callable[[str], None]
    keep: bool = False
    export: bool = False
    export_outside_git: bool = False
    """Whether an export may replace and remove files that are in no git repository."""
    reuse: bool = False
    """Whether states that an earlier run has kept may be taken up."""
    settle: Settle | None = None
    """What an update makes of the outputs and listings that differ; else they are failures."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that every page has, whatever their value would be otherwise."""


class Walk:
    """One reader's way down one page."""

    def __init__(
        self,
        page: Page,
        stage: Stage | None,
        options: Options,
        blocked: Blocked | None = None,
        key: str = "",
        broken: Failure | None = None,
    ) -> None:
        """Begin a page; without a stage where its reader cannot begin.

        Then `blocked` says which step of another page is to blame, or `broken` what is wrong;
        the first step of this page fails for it.
        """
        self.page, self.options, self.blocked = page, options, blocked
        self.live = stage
        self.broken = broken
        self.key = key
        """Stands for everything that has led here, where that may be taken up by another run."""
        self.outcomes: list[Outcome] = []
        """What became of each step so far."""
        self.state: State | None = None
        """What is kept of the walk for those who continue."""
        self.is_cut_off = False
        """Whether a step was ended from outside, by a time limit of pytest for example."""
        self.current: Step | None = None
        """The step that is being performed."""
        options.show(f"\n{page.docname}")
        if stage is not None:
            stage.update = options.settle is not None
            stage.names_environments = names_environments(page)
            copy_given(stage.workspace, page.starts_with)

    @property
    def stage(self) -> Stage:
        """What the steps are performed with."""
        if self.live is None:
            raise AssertionError("a walk that cannot begin performs nothing")
        return self.live

    @property
    def is_over(self) -> bool:
        """Tell whether the reader is at the end of the page."""
        return len(self.outcomes) == len(self.page.steps)

    def perform_up_to(self, last: int) -> None:
        """Perform the next steps, up to and with the one at the position `last`."""
        for position in range(len(self.outcomes), last + 1):
            step = self.page.steps[position]
            try:
                outcome = self.perform(step)
            except BaseException as error:
                # What a reader typed can't be typed again, so nothing may go on from here.
                failure = cut_off(self.live, step, error)
                self.is_cut_off = True
                self.blocked = Blocked(self.page.docname, position, failure)
                self.outcomes.append(Outcome(step, "failed", failure))
                raise
            # What compares and changes nothing leaves the reader where they were.
            blocks = not isinstance(step, (Export, Mentions)) and not outcome.goes_on
            blocks = blocks or self.live is None
            if outcome.failure is not None and self.blocked is None and blocks:
                self.blocked = Blocked(self.page.docname, position, outcome.failure)
            self.outcomes.append(outcome)

    def perform(self, step: Step) -> Outcome:
        """Perform the next step, unless an earlier failure blocks it."""
        match step:
            case Waiver():
                return Outcome(step, "waived")
            case Unchecked():
                return Outcome(step, "unchecked")
            case Mistake():
                return Outcome(step, "failed", failure_of(step))
            case Console() | Listing() | Patch() | Excerpt() | Mentions() | Export() | Ending():
                return self.attempt(step)
            case _:
                assert_never(step)

    def attempt(self, step: Step) -> Outcome:
        """Do what a step asks, unless an earlier failure blocks it."""
        if self.blocked is not None:
            return Outcome(step, "blocked", blocked=self.blocked)
        if self.broken is not None:
            return Outcome(step, "failed", dataclasses.replace(self.broken, place=step.place))
        failure, goes_on = None, False
        self.current = step
        versions: tuple[tuple[str, str], ...] = ()
        try:
            self.dispatch(step)
            versions = self.versions() if isinstance(step, Ending) else ()
        except StepFailed as failed:
            failure, goes_on = failed.failure, failed.goes_on
        except Exception as error:
            doing = "this step can't be performed"
            failure = fault(error, step.place, doing, self.stage.story.to_page)
        self.current = None
        differences = self.take_differences()
        if failure is None and differences:
            failure, goes_on = differences[0].failure, True
        verdict: Verdict = "passed" if failure is None else "failed"
        outcome = Outcome(
            *(step, verdict, failure),
            differences=differences,
            versions=versions,
            remarks=self.take_remarks(),
            goes_on=goes_on,
        )
        outcome = self.stage.secrets.outcome(outcome)
        settle = self.options.settle
        return settle(outcome, self.stage.settings) if settle else outcome

    def take_differences(self) -> tuple[Difference, ...]:
        """Return what differs in the step that was performed, and forget it."""
        taken = tuple(self.stage.differences)
        self.stage.differences.clear()
        return taken

    def take_remarks(self) -> tuple[str, ...]:
        """Return what the end of the run says of the step that was performed, and forget it."""
        taken = tuple(self.stage.remarks)
        self.stage.remarks.clear()
        return taken

    def versions(self) -> tuple[tuple[str, str], ...]:
        """Return the versions that a receipt is to tell of."""
        return versions_in(self.stage.workspace.home, self.stage.settings.packages)

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
            case Export():
                if self.options.export:
                    perform_export(stage, step, outside_git=self.options.export_outside_git)
                else:
                    check_export(stage, step)
            case Ending():
                perform_ending(stage, step)
            case Waiver() | Unchecked() | Mistake():
                raise AssertionError(f"{step.title}: a step of this kind isn't performed")
            case _:
                assert_never(step)

    def end(self) -> None:
        """End all that the walk has started, and remove what it has made unless it is kept."""
        if self.live is not None:
            self.live.shell.end()


def cut_off(stage: Stage | None, step: Step, error: BaseException) -> Failure:
    """Say that a step was ended from outside, at the command that was being typed."""
    typing = stage.typing if stage is not None else None
    command = typing if isinstance(step, Console) and typing in step.commands else None
    reason = f"{type(error).__name__}: {error}".split("\n")[0].rstrip(": ")
    return Failure(
        command.place if command else step.place,
        f"this was ended before it was done ({reason})",
        "If a time limit of pytest did that, make it longer: it counts all that comes before the "
        "step, too. ':timeout:' and runthrough_timeout limit each command alone.",
        command.text if command else None,
        command.place if command else None,
    )


def names_environments(page: Page) -> bool:
    """Say whether a prompt of the page names an environment, as `(.venv) $` does."""
    consoles = (step for step in page.steps if isinstance(step, Console))
    return any(command.environment for step in consoles for command in step.commands)
