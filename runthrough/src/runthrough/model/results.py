"""The result of a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from runthrough.model.places import Place
from runthrough.model.steps import Command, Line, Step
from runthrough.model.suggestions import Suggestion

Verdict = Literal["passed", "failed", "blocked", "skipped", "unchecked", "elsewhere"]


@dataclass(frozen=True)
class Failure:
    """Where a reader would get stuck, on what, and what the author can do."""

    place: Place
    what: str
    """One sentence: who, what was found, what was expected."""
    advice: str
    command: str | None = None
    command_place: Place | None = None
    difference: tuple[str, ...] = ()
    """Rows of a unified diff: `-` is on the page, `+` is what was found."""
    printed: tuple[str, ...] = ()
    """The output, with the page's values, if `difference` doesn't show it."""
    follows: Place | None = field(default=None, compare=False)
    """The place of the earlier failure that this one follows from, if that's known."""
    suggestions: tuple[Suggestion, ...] = field(default=(), compare=False)
    """The options that `advice` names."""
    entry: tuple[str, ...] = field(default=(), compare=False)
    """Lines of the side file that do what `advice` says, if the site has one."""


@dataclass(frozen=True)
class Blocked:
    """The failure after which nothing can be run, and the step that failed."""

    docname: str
    position: int
    failure: Failure


@dataclass(frozen=True)
class Edit:
    """Lines of a block, from the position `start` up to `end`, and what belongs in their place."""

    start: int
    end: int
    new: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """What a page shows of an output or a file, and what was found instead."""

    failure: Failure
    expected: tuple[Line, ...]
    found: tuple[str, ...]
    """Everything that was printed, or the file's content, with the page's values."""
    command: Command | None = None
    """The command that printed it; None for a file."""
    edits: tuple[Edit, ...] = ()
    """How the expected lines have to change, if they can be rewritten."""
    unsure: str | None = None
    """Why `edits` can't say that, as part of a sentence; None if it does."""


@dataclass(frozen=True)
class Correction:
    """Lines of a source that a run has shown to be wrong, and those that belong there."""

    place: Place
    """Of the first line to go; where none goes, of the line that the new ones push down."""
    old: tuple[str, ...]
    new: tuple[str, ...]
    like: Line = field(compare=False)
    """A line of the same block: the new ones are indented as it is."""
    failure: Failure = field(compare=False)
    """What is wrong until the correction is made."""


@dataclass(frozen=True)
class Result:
    """The result of a step, and the reason for it."""

    step: Step
    verdict: Verdict
    failure: Failure | None = None
    """The first place at which a reader gets stuck."""
    further: tuple[Failure, ...] = ()
    """Later failures in the same step, if a reader could carry on."""
    blocked: Blocked | None = None
    reused_at: datetime | None = None
    """When the step was run, if its result comes from an earlier run."""
    ran_on: str = ""
    """Where it was run, if the result comes from a cache: machine and commit."""
    differences: tuple[Difference, ...] = ()
    """Each output or file that isn't what the page shows."""
    corrections: tuple[Correction, ...] = ()
    """What an update writes; anything that it corrects isn't a failure."""
    versions: tuple[tuple[str, str], ...] = ()
    """At the end of a page, the versions that its reader has of the packages that conf.py names."""
    remarks: tuple[str, ...] = ()
    """What the run reports about it at the end: what was exported, removed, or left alone."""
    nonblocking: bool = False
    """Whether a reader can run what comes after this failure."""
    whole: str | None = None
    """The whole file after the step has changed it, with the page's values."""

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Every failure of the step, in the order of the page."""
        return () if self.failure is None else (self.failure, *self.further)


class StepFailed(Exception):
    """A step can't be run as the page says.

    `goes_on` says whether the steps after it can be tried; None leaves that to the site's setting.
    """

    def __init__(self, failure: Failure, *, goes_on: bool | None = None) -> None:
        super().__init__(failure.what)
        self.failure, self.goes_on = failure, goes_on


class StepSkipped(Exception):
    """A step can't be tried on this machine, for a reason that the end of the run counts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MissingFile(StepFailed):
    """A step is about a file that isn't there."""


def fail(
    place: Place,
    what: str,
    advice: str,
    rows: Sequence[str] = (),
    suggestions: Sequence[Suggestion] = (),
) -> StepFailed:
    """Return the exception to raise for a step that fails at a place; `rows` are those of a diff.

    `what` is one sentence without a full stop, and `advice` says what the author can do.
    """
    return StepFailed(
        Failure(place, what, advice, difference=tuple(rows), suggestions=tuple(suggestions))
    )
