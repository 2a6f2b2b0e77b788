"""Tell what is known of each step of a page, as it is written now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from runthrough.showing.digests import Key
from runthrough.showing.receipts import Receipt, Stumble
from runthrough.steps import Page

Sign = Literal["holds", "fails", "blocked", "waived", "unchecked", "changed", "new"]

SIGNS: dict[str, Sign] = {
    "passed": "holds",
    "failed": "fails",
    "blocked": "blocked",
    "waived": "waived",
    "unchecked": "unchecked",
}
"""What a verdict says of a step that is still what was performed."""


@dataclass(frozen=True)
class Mark:
    """What a reader may know of a step."""

    sign: Sign
    title: str
    receipt: Receipt | None = None
    """None where nothing is known of what stands there now."""

    @property
    def stumble(self) -> Stumble | None:
        return self.receipt.stumble if self.receipt else None


def marks_of(page: Page, keys: Sequence[Key], receipts: Sequence[Receipt]) -> tuple[Mark, ...]:
    """Mark each step of a page by the receipt that is bound to it and to all before it."""
    known = {receipt.key: receipt for receipt in receipts}
    unknown: Sign = "changed" if receipts else "new"
    marks = []
    for step, title, key in zip(page.steps, page.titles, keys, strict=True):
        receipt = known.get(key)
        if receipt is None:
            marks.append(Mark(unknown, title))
        else:
            moved = step.place.line - receipt.line
            marks.append(Mark(SIGNS[receipt.verdict], title, shifted(receipt, moved)))
    return tuple(marks)


def shifted(receipt: Receipt, lines: int) -> Receipt:
    """Move what a receipt says of its own step along with the step; not what blocks it."""
    if receipt.stumble is None or receipt.verdict != "failed":
        return receipt
    return replace(receipt, stumble=replace(receipt.stumble, line=receipt.stumble.line + lines))
