"""Tell what is known of each step of a page, as it is written now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from runthrough.model.digests import Key
from runthrough.model.results import Verdict
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
from runthrough.pages.results_file import Receipt, Stumble

Sign = Literal["performed", "checked", "fails", "blocked", "waived", "unchecked", "unknown"]


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
            moved = (step.place.line or 0) - (receipt.line or 0)
            sign = sign_of(receipt.verdict, step)
            marks.append(Mark(sign, step, title, shifted(receipt, moved)))
    return tuple(marks)


def sign_of(verdict: Verdict, step: Step) -> Sign:
    """Return what a verdict says of a step."""
    match verdict:
        case "passed":
            return passed(step)
        case "failed":
            return "fails"
        case "blocked" | "waived" | "unchecked":
            return verdict
        case _:
            assert_never(verdict)


def passed(step: Step) -> Sign:
    """Distinguish what a reader does from what a reader only compares."""
    match step:
        case Console() | Patch():
            return "performed"
        case Listing():
            return "checked" if step.way == "show" else "performed"
        case Excerpt() | Mentions() | Export() | Ending() | Waiver() | Unchecked() | Mistake():
            return "checked"
        case _:
            assert_never(step)


def shifted(receipt: Receipt, lines: int) -> Receipt:
    """Move what a receipt says of its own step along with the step; not what blocks it."""
    if receipt.stumble is None or receipt.verdict != "failed":
        return receipt
    line = receipt.stumble.line
    moved = None if line is None else line + lines
    return replace(receipt, stumble=replace(receipt.stumble, line=moved))
