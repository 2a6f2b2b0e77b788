"""Tell what is known of each step of a page, as it is written now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from runthrough.showing.digests import Key
from runthrough.showing.receipts import Receipt, Stumble
from runthrough.steps import Console, Listing, Page, Patch, Step

Sign = Literal["performed", "checked", "fails", "blocked", "waived", "unchecked", "unknown"]

SIGNS: dict[str, Sign] = {
    "failed": "fails",
    "blocked": "blocked",
    "waived": "waived",
    "unchecked": "unchecked",
}
"""What a verdict says of a step that has not passed."""


@dataclass(frozen=True)
class Mark:
    """What a reader may know of a step."""

    sign: Sign
    step: Step
    title: str
    receipt: Receipt | None = None
    """None where nothing is known of what stands there now."""

    @property
    def holds(self) -> bool:
        """Tell whether a reader gets through this step."""
        return self.sign in ("performed", "checked")

    @property
    def stumble(self) -> Stumble | None:
        return self.receipt.stumble if self.receipt else None


def marks_of(page: Page, keys: Sequence[Key], receipts: Sequence[Receipt]) -> tuple[Mark, ...]:
    """Mark each step of a page by the receipt that is bound to it and to all before it."""
    known = {receipt.key: receipt for receipt in receipts}
    marks = []
    for step, title, key in zip(page.steps, page.titles, keys, strict=True):
        receipt = known.get(key)
        if receipt is None:
            marks.append(Mark("unknown", step, title))
        else:
            moved = step.place.line - receipt.line
            sign = SIGNS.get(receipt.verdict) or passed(step)
            marks.append(Mark(sign, step, title, shifted(receipt, moved)))
    return tuple(marks)


def passed(step: Step) -> Sign:
    """Tell what a reader does from what a reader only compares."""
    does = isinstance(step, (Console, Patch)) or (isinstance(step, Listing) and step.way != "show")
    return "performed" if does else "checked"


def shifted(receipt: Receipt, lines: int) -> Receipt:
    """Move what a receipt says of its own step along with the step; not what blocks it."""
    if receipt.stumble is None or receipt.verdict != "failed":
        return receipt
    return replace(receipt, stumble=replace(receipt.stumble, line=receipt.stumble.line + lines))
