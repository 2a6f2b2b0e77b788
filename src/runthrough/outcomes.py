"""What became of a step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from runthrough.places import Place
from runthrough.steps import Step

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
class Outcome:
    """What became of a step, and why."""

    step: Step
    verdict: Verdict
    failure: Failure | None = None
    blocked: Blocked | None = None
    seconds: float = 0.0
    taken_up: datetime | None = None
    """When it was performed, by an earlier run whose outcome still holds."""


class StepFailed(Exception):
    """A step cannot be performed as the page says."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.what)
        self.failure = failure
