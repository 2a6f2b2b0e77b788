"""What a run says at its end: what was run, what was skipped, what was left unfinished."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict

from runthrough.model.places import shown
from runthrough.model.report import closing_line, counted, explain, tally, visible
from runthrough.model.results import Failure, Result
from runthrough.model.steps import Page
from runthrough.running.runner import Runner

FORGE = "GITHUB_ACTIONS"
"""The variable that says that a forge reads our output, and shows annotations at their lines."""


class StepSummary(TypedDict):
    """What the end of a run needs to know of a step, in values that go from process to process."""

    site: str
    page: str
    position: int
    place: str
    counts: dict[str, int]
    ran: bool
    """Whether a reader does or compares something in this step, and it was tried."""
    services: dict[str, str]
    """Name and version of each service that the step was run on."""
    kept: list[str]
    """All folders that the process has kept so far."""
    remarks: list[str]
    """What the end of the run says of the step."""
    skip: str | None
    annotation: str | None
    reused_at: str | None


def summarise(page: Page, position: int, result: Result, runner: Runner) -> StepSummary:
    """Sum a step up."""
    step = page.steps[position]
    reason = getattr(step, "reason", "") if result.verdict == "skipped" else None
    failure = result.failure
    return {
        "site": str(runner.site.confdir),
        "page": page.docname,
        "position": position,
        "place": str(failure.place if failure else step.place),
        "counts": tally(step, result),
        "ran": step.asks and result.verdict in ("passed", "failed"),
        "services": runner.versions,
        "kept": list(map(str, runner.kept)),
        "remarks": list(map(visible, result.remarks)),
        "skip": None if reason is None else f"{step.place}: {reason}",
        "annotation": annotation(failure, page) if failure else None,
        "reused_at": result.reused_at.isoformat() if result.reused_at else None,
    }


@dataclass
class Closing:
    """Gathers what became of the steps of a run, wherever they were run."""

    steps: dict[tuple[str, str, int], StepSummary] = field(default_factory=dict)
    """What became of each step: by site, page and position. Some plugins run a test twice."""
    kept: dict[str, None] = field(default_factory=dict)
    unfinished: list[str] = field(default_factory=list)
    expected: dict[str, str] = field(default_factory=dict)
    """Why each failure was expected, by its place."""
    remarks: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    """What stays on a server, and why; two sites may have found the same."""
    idle: list[str] = field(default_factory=list)
    """Why this run did nothing, or nothing of what an argument asks for."""
    also: list[str] = field(default_factory=list)
    """What the closing line says beside what was run."""
    services: dict[str, str] = field(default_factory=dict)
    reuse: bool = False
    began: float = field(default_factory=time.monotonic)

    def add(self, said: StepSummary, expected: str | None = None) -> None:
        """Take in what became of a step; `expected` is why it was known to fail."""
        if expected is not None:
            said = {**said, "annotation": None}
            self.expected[said["place"]] = expected
        self.steps[said["site"], said["page"], said["position"]] = said
        self.services |= said["services"]
        self.kept |= dict.fromkeys(said["kept"])
        self.remarks |= dict.fromkeys(said["remarks"])

    @property
    def counts(self) -> Counter[str]:
        """How many steps, commands, files and so on there were."""
        counts: Counter[str] = Counter()
        for said in self.steps.values():
            counts.update(said["counts"])
        return counts

    @property
    def pages(self) -> set[tuple[str, str]]:
        """The pages of which something is known, by site and name."""
        known = (one for one in self.steps.values() if one["counts"].keys() != {"blocked"})
        return {(one["site"], one["page"]) for one in known}

    @property
    def is_idle(self) -> bool:
        """Whether steps were run, and none of them asked for anything that was tried."""
        return bool(self.steps) and not any(one["ran"] for one in self.steps.values())

    @property
    def is_skipped(self) -> bool:
        """Whether every block of this run is skipped, each with a reason that the reader sees."""
        return self.counts["skipped"] > 0 and not self.counts["unchecked"]

    def lines(self, verbose: bool, environment: Mapping[str, str] = os.environ) -> Iterator[str]:
        """Yield the last lines of a run; each skipped block with its reason where asked for."""
        if environment.get(FORGE) == "true":
            yield from (one["annotation"] for one in self.steps.values() if one["annotation"])
        for said in self.steps.values() if verbose else ():
            if said["skip"]:
                yield visible(f"skipped {said['skip']}")
        for place, reason in self.expected.items():
            yield visible(f"failed as expected: {place}: {reason}")
        for step in self.unfinished:
            yield visible(f"interrupted, and not finished: {step}")
        for folder in self.kept:
            yield visible(f"kept: {folder}")
        yield from self.notes
        yield from self.remarks
        if self.pages:
            seconds = time.monotonic() - self.began
            ran = closing_line(len(self.pages), self.counts, seconds, self.services)
            yield visible("; ".join([ran, *self.reused(), *self.also]))
        yield from map(visible, self.idle)

    def reused(self) -> Iterator[str]:
        """Say what was taken over from an earlier run, where that was allowed."""
        if self.reuse:
            counts = self.counts
            steps = counts["steps"] + counts["skipped"]
            reused_at = filter(None, (one["reused_at"] for one in self.steps.values()))
            times = sorted(map(datetime.fromisoformat, reused_at))
            since = f" from {times[0]:%H:%M}" if times else ""
            number = len(times)
            yield f"{counted(number, 'steps')} reused{since}, {steps - number} run"


def annotation(failure: Failure, page: Page) -> str:
    """Write a failure as a forge's command that shows it at its file and line.

    The form and its escapes are those of GitHub Actions' workflow commands, which other
    forges read as well.
    """
    place = failure.place
    properties = {"file": shown(place.file)}
    if place.line is not None:
        properties["line"] = str(place.line)
    properties["title"] = failure.what
    listed = ",".join(
        f"{name}={escaped(visible(value), ':,')}" for name, value in properties.items()
    )
    return f"::error {listed}::{escaped(explain(failure, page.file))}"


def escaped(text: str, also: str = "") -> str:
    """Percent-encode what would end a command or one of its properties."""
    for char in "%\r\n" + also:
        text = text.replace(char, f"%{ord(char):02X}")
    return text
