"""What differs in the step that is being performed: what is corrected, and what cannot be."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from runthrough.outcomes import Correction, Failure, StepFailed

Review = Callable[[Correction], str | None]
"""Tells why a correction must not be written; None where it may be."""


class Uncorrectable(Exception):
    """What differs has to be corrected by a person; the message, if any, says why."""


@dataclass
class Notes:
    """What an update has found in the step that is being performed."""

    review: Review
    corrections: list[Correction] = field(default_factory=list)
    uncorrected: list[Failure] = field(default_factory=list)

    def accept(self, corrections: Sequence[Correction]) -> None:
        """Note corrections, all of them or none.

        Raises Uncorrectable where one must not be written.
        """
        for correction in corrections:
            if reason := self.review(correction):
                raise Uncorrectable(reason)
        self.corrections += corrections

    def refuse(self, failure: Failure, reason: str) -> None:
        """Leave a failure to a person, and say why."""
        if reason:
            advice = f"It was not rewritten: {reason}. {failure.advice}"
            failure = dataclasses.replace(failure, advice=advice)
        self.uncorrected.append(failure)

    def fail_if_uncorrected(self) -> None:
        """Raise StepFailed for what is left to a person: one in full, and where the others are."""
        if not self.uncorrected:
            return
        first, *others = self.uncorrected
        if others:
            more = "; ".join(f"{one.place}: {one.what}" for one in others)
            first = dataclasses.replace(first, advice=f"{first.advice} Also in this step: {more}.")
        raise StepFailed(first, goes_on=True)

    def take(self) -> tuple[Correction, ...]:
        """Return the corrections of the step that was performed, and forget it."""
        taken = tuple(self.corrections)
        self.corrections.clear()
        self.uncorrected.clear()
        return taken
