"""Return what is known about each step of a page, as the page is written now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from runthrough.model.digests import Key
from runthrough.model.places import Place
from runthrough.model.recorded import RecordedResult, ReportedFailure
from runthrough.model.results import Verdict
from runthrough.model.steps import OtherTab, Page, Step

Sign = Literal["ran", "checked", "fails", "blocked", "skipped", "unchecked", "elsewhere", "unknown"]


@dataclass(frozen=True)
class Badge:
    """What a reader may know of a step."""

    sign: Sign
    step: Step
    title: str
    recorded: RecordedResult | None = None
    """None if nothing is known about the step as it is now."""

    @property
    def holds(self) -> bool:
        """Return whether a reader gets through this step."""
        return self.sign in ("ran", "checked")

    @property
    def reported_failure(self) -> ReportedFailure | None:
        return self.recorded.reported_failure if self.recorded else None

    @property
    def reported_failures(self) -> tuple[ReportedFailure, ...]:
        """Every failure of the step, in the order of the page."""
        return self.recorded.reported_failures if self.recorded else ()


def badges_of(
    page: Page, keys: Sequence[Key], recorded_results: Sequence[RecordedResult]
) -> tuple[Badge, ...]:
    """Mark each step of a page by the result that is bound to it and to all before it."""
    known = {recorded.key: recorded for recorded in recorded_results}
    badges = []
    for step, title, key in zip(page.steps, page.titles, keys, strict=True):
        recorded = known.get(key)
        if recorded is None:
            badges.append(Badge("unknown", step, title))
        else:
            moved = (step.place.line or 0) - (recorded.line or 0)
            sign = sign_of(recorded.verdict, step)
            badges.append(Badge(sign, step, title, shifted(recorded, moved)))
    return tuple(badges)


WORST_FIRST: tuple[Sign, ...] = (
    *("fails", "blocked", "unknown", "unchecked", "ran", "checked", "skipped", "elsewhere"),
)
"""Which of several signs a block has: it's tested where every path that runs it has passed."""


def on_all_paths(pages: Sequence[tuple[Badge, ...]]) -> tuple[Badge, ...]:
    """Return the badges of a page, given those that it has on each path: the ordinary one first.

    Steps at the same place are the same block. One that only another path has comes last.
    """
    ordinary, *others = pages
    badges = dict(numbered(ordinary))
    for page in others:
        for where, badge in numbered(page):
            known = badges.get(where, badge)
            badges[where] = min(known, badge, key=rank)
    return tuple(badges.values())


def rank(badge: Badge) -> tuple[bool, int]:
    """Return the key of a sort by how much there is to do; other tabs come last."""
    if isinstance(badge.step, OtherTab):
        return True, badge.sign != "elsewhere"
    return False, WORST_FIRST.index(badge.sign)


def numbered(badges: Sequence[Badge]) -> Iterator[tuple[tuple[Place, int], Badge]]:
    """Yield each badge with the place of its step, and how often the place was there before."""
    seen: Counter[Place] = Counter()
    for badge in badges:
        place = badge.step.place
        yield (place, seen[place]), badge
        seen[place] += 1


def sign_of(verdict: Verdict, step: Step) -> Sign:
    """Return what a verdict says about a step."""
    match verdict:
        case "passed":
            return "ran" if step.acts else "checked"
        case "failed":
            return "fails"
        case "blocked" | "skipped" | "unchecked" | "elsewhere":
            return verdict
        case _:
            assert_never(verdict)


def shifted(recorded: RecordedResult, lines: int) -> RecordedResult:
    """Move a result's own failures along with its step, but not the failure that blocks it."""
    if recorded.reported_failure is None or recorded.verdict != "failed":
        return recorded

    def down(failure: ReportedFailure) -> ReportedFailure:
        return failure if failure.line is None else replace(failure, line=failure.line + lines)

    return replace(
        recorded,
        reported_failure=down(recorded.reported_failure),
        further=tuple(map(down, recorded.further)),
    )
