"""Run the steps of one page, in reading order, in one workspace."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from runthrough.model.packages import versions_in
from runthrough.model.results import (
    Blocked,
    Failure,
    MissingFile,
    Result,
    StepFailed,
    StepSkipped,
)
from runthrough.model.settings import Settings
from runthrough.model.steps import (
    Console,
    EndCheck,
    OtherTab,
    Page,
    PageProblem,
    Skip,
    Step,
    Unchecked,
)
from runthrough.running import kinds
from runthrough.running.causes import maker_of, with_cause
from runthrough.running.context import Context
from runthrough.running.faults import failure_of as fault
from runthrough.running.snapshots.snapshot import Snapshot
from runthrough.running.workspace import copy_given

Settle = Callable[[Result, Settings], Result]
"""Returns the result of a step once its differences have been rewritten."""


@dataclass
class PageStart:
    """What a project adds to a page before its shell starts."""

    environment: dict[str, str] = field(default_factory=dict)
    """Variables for the page's shell."""
    values: dict[str, str] = field(default_factory=dict)
    """The value in this run of each text that the page shows, such as a port or today's date."""
    ports: dict[int, int] = field(default_factory=dict)
    """The run's port for each port that the page shows."""
    inherited_ports: set[int] = field(default_factory=set)
    """The run's ports that files of the previous page may contain."""
    variables: dict[str, str] = field(default_factory=dict)
    """Variables that tell servers about these ports."""
    end: ExitStack = field(default_factory=ExitStack)
    """What to undo when the page is over: `start.end.callback(server.stop)`."""

    def told(self) -> Iterator[str]:
        """Yield the values that the page's shell and files have from the start."""
        yield from self.environment.values()
        yield from self.values.values()
        yield from self.variables.values()
        yield from map(str, self.inherited_ports)

    @property
    def is_empty(self) -> bool:
        return not (self.environment or self.values)


Prepare = Callable[[Page, PageStart], None]
"""Adds what a project wants a page to start with."""


@dataclass(frozen=True)
class Options:
    """How pages are run."""

    show: Callable[[str], None] = lambda said: None
    """Called with the name of each page and each step as it's run."""
    keep: bool = False
    export: bool = False
    export_outside_git: bool = False
    """Whether an export may replace and remove files outside a git repository."""
    reuse: bool = False
    """Whether to reuse snapshots that an earlier run has kept."""
    settle: Settle | None = None
    """Rewrites outputs and listings that differ. Without it, they're failures."""
    update_anyway: bool = False
    """Whether an update may replace pictures that git couldn't restore."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables for every page; they override all others."""
    prepare: Prepare = lambda page, start: None
    """Called before the first command of each page that is run."""


class PageRun:
    """The run of one page, from its first step to its end."""

    def __init__(
        self,
        page: Page,
        context: Context | None,
        options: Options,
        blocked: Blocked | None = None,
        key: str = "",
        broken: Failure | None = None,
    ) -> None:
        """Begin a page; without a context where its reader cannot begin.

        Then `blocked` says which step of another page is to blame, or `broken` what is wrong;
        the first step of this page fails for it.
        """
        self.page, self.options, self.blocked = page, options, blocked
        self.live = context
        self.broken = broken
        self.key = key
        """Cache key of everything before this point, if another run may reuse it."""
        self.results: list[Result] = []
        """The result of each step so far."""
        self.snapshot: Snapshot | None = None
        """What is kept of the run for those who continue."""
        self.is_cut_off = False
        """Whether a step was ended from outside, by a time limit of pytest for example."""
        self.current: Step | None = None
        """The step that is being run."""
        options.show(f"\n{page.docname}")
        if context is not None:
            context.update = options.settle is not None
            context.update_anyway = options.update_anyway
            context.export = options.export
            context.export_outside_git = options.export_outside_git
            context.names_environments = names_environments(page)
            copy_given(context.workspace, page.starts_with)

    @property
    def context(self) -> Context:
        """What the steps are run with."""
        if self.live is None:
            raise AssertionError("a run that can't begin runs nothing")
        return self.live

    @property
    def is_over(self) -> bool:
        """Return whether the reader is at the end of the page."""
        return len(self.results) == len(self.page.steps)

    def run_up_to(self, last: int) -> None:
        """Run the next steps, up to and including the one at the position `last`."""
        for position in range(len(self.results), last + 1):
            step = self.page.steps[position]
            try:
                result = self.run_step(step)
            except BaseException as error:
                # What a reader typed can't be typed again, so nothing may go on from here.
                failure = cut_off(self.live, step, error)
                self.is_cut_off = True
                self.blocked = Blocked(self.page.docname, position, failure)
                self.results.append(Result(step, "failed", failure))
                raise
            # What compares and changes nothing leaves the reader where they were.
            blocks = step.blocks and not result.nonblocking
            blocks = blocks or self.live is None
            if result.failure is not None and self.blocked is None and blocks:
                self.blocked = Blocked(self.page.docname, position, result.failure)
            self.results.append(result)

    def run_step(self, step: Step) -> Result:
        """Run the next step, unless an earlier failure blocks it."""
        match step:
            case Skip():
                return Result(step, "skipped")
            case Unchecked():
                return Result(step, "unchecked")
            case OtherTab():
                return Result(step, "elsewhere")
            case PageProblem():
                failure = Failure(step.place, step.what, step.advice, suggestions=step.suggestions)
                goes_on = self.live is not None and self.live.goes_on and not step.at_start
                return Result(step, "failed", failure, nonblocking=goes_on)
            case _:
                return self.attempt(step)

    def attempt(self, step: Step) -> Result:
        """Do what a step asks, unless an earlier failure blocks it."""
        if self.blocked is not None:
            return Result(step, "blocked", blocked=self.blocked)
        if self.broken is not None:
            return Result(step, "failed", dataclasses.replace(self.broken, place=step.place))
        failed: StepFailed | None = None
        self.current = step
        versions: tuple[tuple[str, str], ...] = ()
        try:
            kinds.run(self.context, step)
            versions = self.versions() if isinstance(step, EndCheck) else ()
        except StepSkipped as skipped:
            self.current = None
            return Result(dataclasses.replace(step, reason=skipped.reason), "skipped")  # type: ignore[call-arg]
        except StepFailed as error:
            failed = error
        except Exception as error:
            doing = "this step can't be run"
            failure = fault(error, step.place, doing, self.context.placeholders.to_page)
            failed = StepFailed(failure, goes_on=False)
        self.current = None
        if isinstance(failed, MissingFile) and (cause := self.missed(step)) is not None:
            return Result(step, "blocked", blocked=cause)
        result = self.context.secrets.result(self.judged(step, failed, versions))
        settle = self.options.settle
        return settle(result, self.context.settings) if settle else result

    def judged(
        self, step: Step, failed: StepFailed | None, versions: tuple[tuple[str, str], ...]
    ) -> Result:
        """Return the result of a step that was run, with what the context has noted about it."""
        context = self.context
        failures = [*context.failures, *([failed.failure] if failed is not None else [])]
        failures = [with_cause(failure, step, self.results) for failure in failures]
        goes_on = context.goes_on if failed is None or failed.goes_on is None else failed.goes_on
        result = Result(
            step,
            "failed" if failures else "passed",
            failures[0] if failures else None,
            further=tuple(failures[1:]),
            differences=tuple(context.differences),
            versions=versions,
            remarks=tuple(context.remarks),
            nonblocking=bool(failures) and (goes_on or (failed is None and context.update)),
            whole=None if failures else context.whole or None,
        )
        context.forget_noted()
        return result

    def missed(self, step: Step) -> Blocked | None:
        """Return the failed step of this page that should have made a step's file."""
        position = maker_of(step, self.results)
        if position is None:
            return None
        failure = self.results[position].failure
        assert failure is not None
        self.context.forget_noted()
        return Blocked(self.page.docname, position, failure)

    def versions(self) -> tuple[tuple[str, str], ...]:
        """Return the versions that a result records."""
        return versions_in(self.context.workspace.home, self.context.settings.packages)

    def end(self) -> None:
        """End all that the run has started, and remove what it has made unless it is kept."""
        if self.live is not None:
            self.live.end()


def cut_off(context: Context | None, step: Step, error: BaseException) -> Failure:
    """Return the failure of a step that was ended from outside, at the command being typed."""
    typing = context.typing if context is not None else None
    command = typing if isinstance(step, Console) and typing in step.commands else None
    reason = f"{type(error).__name__}: {error}".split("\n")[0].rstrip(": ")
    return Failure(
        command.place if command else step.place,
        f"this was ended before it finished ({reason})",
        "If a time limit of pytest did that, increase it: it includes everything that runs "
        "before the step. ':timeout:' and runthrough_timeout limit each command separately.",
        command.text if command else None,
        command.place if command else None,
    )


def names_environments(page: Page) -> bool:
    """Return whether a prompt of the page names an environment, as `(.venv) $` does."""
    consoles = (step for step in page.steps if isinstance(step, Console))
    return any(command.environment for step in consoles for command in step.commands)
