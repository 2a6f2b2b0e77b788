"""What a run says at its end: what was walked, what was waived, what was left unfinished."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict

from runthrough.outcomes import Failure, Outcome
from runthrough.places import shown
from runthrough.report import closing_line, counted, explain, tally, visible
from runthrough.steps import Page, Step
from runthrough.walking.walks import Walks

FORGE = "GITHUB_ACTIONS"
"""The variable that says that a forge reads our output, and shows annotations at their lines."""


class Said(TypedDict):
    """What the end of a run needs to know of a step, in values that go from process to process."""

    page: str
    place: str
    counts: dict[str, int]
    server: str | None
    kept: list[str]
    """All folders that the process has kept so far."""
    remarks: list[str]
    """What the end of the run says of the step."""
    waiver: str | None
    annotation: str | None
    taken_up: str | None


def said_of(page: Page, step: Step, outcome: Outcome, walks: Walks) -> Said:
    """Sum a step up."""
    reason = getattr(step, "reason", "") if outcome.verdict == "waived" else None
    failure = outcome.failure
    return {
        "page": page.docname,
        "place": str(failure.place if failure else step.place),
        "counts": tally(step, outcome),
        "server": walks.server_version,
        "kept": list(map(str, walks.kept)),
        "remarks": list(map(visible, outcome.remarks)),
        "waiver": None if reason is None else f"{step.place}: {reason}",
        "annotation": annotation(failure, page) if failure else None,
        "taken_up": outcome.taken_up.isoformat() if outcome.taken_up else None,
    }


@dataclass
class Closing:
    """Gathers what became of the steps of a run, wherever they were performed."""

    counts: Counter[str] = field(default_factory=Counter)
    pages: set[str] = field(default_factory=set)
    kept: dict[str, None] = field(default_factory=dict)
    waivers: list[str] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    remarks: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    """What stays on a server, and why; two sites may have found the same."""
    also: list[str] = field(default_factory=list)
    """What the closing line says beside what was walked."""
    server: str | None = None
    reuse: bool = False
    taken_up: list[str] = field(default_factory=list)
    """When each step was performed that this run has taken over from an earlier one."""
    began: float = field(default_factory=time.monotonic)

    def add(self, said: Said) -> None:
        """Take in what became of a step."""
        self.counts.update(said["counts"])
        if said["counts"].keys() != {"blocked"}:
            self.pages.add(said["page"])
        self.server = said["server"] or self.server
        self.kept |= dict.fromkeys(said["kept"])
        self.remarks |= dict.fromkeys(said["remarks"])
        self.waivers += [said["waiver"]] if said["waiver"] else []
        self.annotations += [said["annotation"]] if said["annotation"] else []
        self.taken_up += [said["taken_up"]] if said["taken_up"] else []

    def lines(self, verbose: bool, environment: Mapping[str, str] = os.environ) -> Iterator[str]:
        """Yield the last lines of a run; each waiver with its reason where asked for."""
        if environment.get(FORGE) == "true":
            yield from self.annotations
        for waiver in self.waivers if verbose else ():
            yield f"waived {waiver}"
        for step in self.unfinished:
            yield f"interrupted, and not finished: {step}"
        for folder in self.kept:
            yield f"kept: {folder}"
        yield from self.notes
        yield from self.remarks
        if self.pages:
            seconds = time.monotonic() - self.began
            walked = closing_line(len(self.pages), self.counts, seconds, self.server)
            yield "; ".join([walked, *self.reused(), *self.also])

    def reused(self) -> Iterator[str]:
        """Say what was taken over from an earlier run, where that was allowed."""
        if self.reuse:
            steps = self.counts["steps"] + self.counts["waived"]
            times = sorted(map(datetime.fromisoformat, self.taken_up))
            since = f" from {times[0]:%H:%M}" if times else ""
            number = len(times)
            yield f"{counted(number, 'steps')} taken up{since}, {steps - number} performed"


def annotation(failure: Failure, page: Page) -> str:
    """Write a failure as a forge's command that shows it at its file and line.

    The form and its escapes are those of GitHub Actions' workflow commands, which other
    forges read as well.
    """
    place = failure.place
    properties = {"file": shown(place.file), "line": str(place.line), "title": failure.what}
    listed = ",".join(f"{name}={escaped(value, ':,')}" for name, value in properties.items())
    return f"::error {listed}::{escaped(explain(failure, page.file))}"


def escaped(text: str, also: str = "") -> str:
    """Percent-encode what would end a command or one of its properties."""
    for char in "%\r\n" + also:
        text = text.replace(char, f"%{ord(char):02X}")
    return text
