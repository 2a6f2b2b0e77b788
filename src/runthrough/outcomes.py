"""What became of a step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from runthrough.places import Place
from runthrough.steps import Line, Step

Verdict = Literal["passed", "failed", "blocked", "waived", "unchecked"]


@dataclass(frozen=True)
class Failure:
    """Where a reader would stumble, over what, and what the author can do."""

    place: Place
    what: str
    """One sentence: who, what was found, what was expected."""
    advice: str
    command: str | None = None
    command_place: Place | None = None
    difference: tuple[str, ...] = ()
    """Rows of a unified diff: `-` is on the page, `+` is what was found."""
    printed: tuple[str, ...] = ()
    """The output, with the page's values, where no difference shows it."""


@dataclass(frozen=True)
class Blocked:
    """The failure after which nothing can be performed, and the step that failed."""

    docname: str
    position: int
    failure: Failure


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
    """What is wrong as long as nobody makes the correction."""


@dataclass(frozen=True)
class Outcome:
    """What became of a step, and why."""

    step: Step
    verdict: Verdict
    failure: Failure | None = None
    blocked: Blocked | None = None
    taken_up: datetime | None = None
    """When it was performed, by an earlier run whose outcome still holds."""
    corrections: tuple[Correction, ...] = ()
    """What an update writes; what it corrects is no failure."""
    versions: tuple[tuple[str, str], ...] = ()
    """At the end of a page, of the packages that conf.py names: those that its reader has."""
    remarks: tuple[str, ...] = ()
    """What the end of the run says of it: what was exported, removed, or left alone."""
    goes_on: bool = False
    """Whether a reader can perform what comes after this failure."""


class StepFailed(Exception):
    """A step cannot be performed as the page says."""

    def __init__(self, failure: Failure, *, goes_on: bool = False) -> None:
        super().__init__(failure.what)
        self.failure, self.goes_on = failure, goes_on
