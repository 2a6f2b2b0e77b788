"""What a run says at its end: what was run, what was skipped, what was left unfinished."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from runthrough.model.places import Place, shown
from runthrough.model.recorded import RecordedResult, ReportedFailure, from_values, to_values
from runthrough.model.report import closing_line, counted, explain, visible
from runthrough.model.results import Failure
from runthrough.model.steps import SIDE_FILE

ATTRIBUTE = "runthrough"
"""Where a test's report carries the result of its step."""

MOST = 5
"""Labels of tabs that the closing line names."""
FORGE = "GITHUB_ACTIONS"
"""The variable that says that a forge reads our output, and shows annotations at their lines."""


@dataclass(frozen=True)
class StepReport:
    """What a test's report carries of its step, from the process that has run it to all others."""

    confdir: Path
    page: str
    file: Path
    """Of the page."""
    steps: int
    """How many the page has."""
    kept: tuple[str, ...]
    """All folders that the process has kept so far."""
    result: RecordedResult
    title: str = ""
    """What the reader sees of the step, on one line."""
    commands: tuple[tuple[int | None, str], ...] = ()
    """Line and text of each command of the step."""
    uncached: str = ""
    """Why its page can't be cached, as far as only the process knows that has run it."""

    def to_values(self) -> dict[str, Any]:
        """Write it in values that pytest-xdist takes."""
        return {
            "confdir": str(self.confdir),
            "page": self.page,
            "file": str(self.file),
            "steps": self.steps,
            "kept": list(self.kept),
            "result": to_values(self.result),
            "title": self.title,
            "commands": [list(command) for command in self.commands],
            "uncached": self.uncached,
        }

    @classmethod
    def of(cls, report: pytest.TestReport) -> StepReport | None:
        """Read what a report carries; None for one that isn't about a step that was run."""
        values: dict[str, Any] | None = getattr(report, ATTRIBUTE, None)
        if values is None:
            return None
        return cls(
            Path(values["confdir"]),
            values["page"],
            Path(values["file"]),
            values["steps"],
            tuple(values["kept"]),
            from_values(values["result"]),
            values["title"],
            tuple((line, text) for line, text in values["commands"]),
            values["uncached"],
        )

    @property
    def at(self) -> Place:
        """Where the step itself is."""
        return Place(self.confdir / self.result.file, self.result.line)

    @property
    def reported(self) -> tuple[ReportedFailure, ...]:
        """The failures of this very step, as they're written down."""
        return self.result.reported_failures if self.result.verdict == "failed" else ()

    @property
    def place(self) -> Place:
        """Where the reader gets stuck in it; the step itself if nobody does."""
        return self.result.place(self.confdir)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Where a reader gets stuck in this very step."""
        return tuple(one.failure(self.confdir) for one in self.reported)


@dataclass
class Closing:
    """Gathers the results of a run's steps, wherever they were run."""

    steps: dict[tuple[Path, str, int], StepReport] = field(default_factory=dict)
    """The result of each step, by site, page and position. Some plugins run a test twice."""
    kept: dict[str, None] = field(default_factory=dict)
    unfinished: list[str] = field(default_factory=list)
    expected: dict[tuple[Path, str, int], str] = field(default_factory=dict)
    """Why a failure was expected, by the same."""
    remarks: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    """What is left on a server, and why; two sites may have found the same."""
    idle: list[str] = field(default_factory=list)
    """Why this run did nothing, or nothing of what an argument asks for."""
    also: list[str] = field(default_factory=list)
    """What the closing line says in addition to what was run."""
    services: dict[str, str] = field(default_factory=dict)
    reuse: bool = False
    cache: bool = False
    """Whether a cache is used."""
    began: float = field(default_factory=time.monotonic)

    def add(self, step: StepReport, expected: str | None = None) -> None:
        """Take in the result of a step; `expected` is why it was known to fail."""
        key = step.confdir, step.page, step.result.position
        self.steps[key] = step
        if expected is not None:
            self.expected[key] = expected
        self.services |= step.result.services
        self.kept |= dict.fromkeys(step.kept)
        self.remarks |= dict.fromkeys(map(visible, step.result.remarks))

    @property
    def results(self) -> Iterator[RecordedResult]:
        """The results of all steps."""
        return (step.result for step in self.steps.values())

    @property
    def counts(self) -> Counter[str]:
        """How many steps, commands, files and so on there were."""
        counts: Counter[str] = Counter()
        for result in self.results:
            if result.verdict != "elsewhere":
                counts.update(result.counts)
        for step in self.untaken.values():
            counts.update(step.result.counts)
        return counts

    @property
    def untaken(self) -> dict[tuple[Place, str | None], StepReport]:
        """The blocks in tabs that this run has taken on none of its paths, each of them once."""
        taken = {
            one.at
            for one in self.steps.values()
            if one.result.is_tried or one.result.verdict == "blocked"
        }
        return {
            (one.at, one.result.reason): one
            for one in self.steps.values()
            if one.result.verdict == "elsewhere" and one.at not in taken
        }

    @property
    def unreached(self) -> str:
        """The labels of tabs that no path takes, in brackets; empty if there are none."""
        found = [one for one in self.untaken.values() if one.result.counts.get("unreached")]
        labels = list(dict.fromkeys(one.result.reason or "" for one in found))
        if len(labels) > MOST:
            labels[MOST:] = [f"{len(labels) - MOST} more"]
        return f" ({', '.join(labels)})" if labels else ""

    @property
    def pages(self) -> set[tuple[Path, str]]:
        """The pages of which something is known, by site and name."""
        known = (step for step in self.steps.values() if step.result.verdict != "blocked")
        return {(step.confdir, step.page) for step in known}

    @property
    def is_idle(self) -> bool:
        """Whether steps were run, and none of them asked for anything that was tried."""
        return bool(self.steps) and not any(result.is_tried for result in self.results)

    @property
    def is_skipped(self) -> bool:
        """Whether every block of this run is skipped, each with a reason that the reader sees."""
        counts = self.counts
        others = ("unchecked", "elsewhere", "unreached")
        return counts["skipped"] > 0 and not any(counts[kind] for kind in others)

    def lines(self, verbose: bool, environment: Mapping[str, str] = os.environ) -> Iterator[str]:
        """Yield the last lines of a run; each skipped block with its reason where asked for."""
        if environment.get(FORGE) == "true":
            for key, step in self.steps.items():
                if key not in self.expected:
                    yield from (annotation(one, step.file) for one in step.failures)
        for step in self.steps.values() if verbose else ():
            if step.result.verdict == "skipped":
                yield visible(f"skipped {step.place}: {step.result.reason}")
        if verbose:
            yield from map(visible, self.side_notes)
        for step in self.untaken.values() if verbose else ():
            yield visible(f"not taken {step.place}: in the tab {step.result.reason!r}")
        for key, reason in self.expected.items():
            yield visible(f"failed as expected: {self.steps[key].place}: {reason}")
        for unfinished in self.unfinished:
            yield visible(f"interrupted before it was finished: {unfinished}")
        for folder in self.kept:
            yield visible(f"kept: {folder}")
        yield from self.notes
        yield from self.remarks
        if self.pages:
            seconds = time.monotonic() - self.began
            ran = closing_line(len(self.pages), self.counts, seconds, self.services)
            yield visible(
                "; ".join(
                    [
                        ran + self.unreached,
                        *self.from_side_file(),
                        *self.following(),
                        *self.reused(),
                        *self.cached(),
                        *self.also,
                    ]
                )
            )
        yield from map(visible, self.idle)

    @property
    def side_notes(self) -> Iterator[str]:
        """Yield what the side file says about each step, and where."""
        lines = (
            f"from {Place(step.confdir / SIDE_FILE, line)}, on {shown(step.file)}: {what}"
            for step in self.steps.values()
            for line, what in step.result.side_notes
        )
        yield from dict.fromkeys(lines)  # a page may be on several paths

    def from_side_file(self) -> Iterator[str]:
        """Yield how many steps come from the side file, as a whole or in part."""
        steps = {
            (step.confdir, step.result.file, step.result.line, step.result.side_notes)
            for step in self.steps.values()
            if step.result.side_notes
        }
        if steps:
            yield f"{counted(len(steps), 'steps')} from {SIDE_FILE}"

    def following(self) -> Iterator[str]:
        """Yield how many failures follow from an earlier one, so that it's fixed first."""
        failures = [one for step in self.steps.values() for one in step.failures]
        if number := sum(one.follows is not None for one in failures):
            verb = "follows" if number == 1 else "follow"
            yield f"{number} of {counted(len(failures), 'failures')} {verb} from an earlier one"

    def reused(self) -> Iterator[str]:
        """Yield how much was reused from an earlier run, if that was allowed."""
        if self.reuse:
            counts = self.counts
            steps = counts["steps"] + counts["skipped"]
            reused_at = (result.when for result in self.results if result.is_reused)
            times = sorted(map(datetime.fromisoformat, reused_at))
            since = f" from {times[0]:%H:%M}" if times else ""
            number = len(times)
            yield f"{counted(number, 'steps')} reused{since}, {steps - number} run"

    def cached(self) -> Iterator[str]:
        """Yield how many pages came from the cache, if one is used, and how old the oldest is."""
        if self.cache:
            steps = [step for step in self.steps.values() if step.result.ran_on]
            pages = {(step.confdir, step.page) for step in steps}
            said = f"{counted(len(pages), 'pages')} from the cache"
            if steps:
                oldest = min((step.result for step in steps), key=lambda one: one.ran_at)
                said += f" (oldest: {oldest.ran_at.astimezone():%Y-%m-%d %H:%M} on {oldest.ran_on})"
            yield f"{said}, {len(self.pages - pages)} run"


def annotation(failure: Failure, page: Path) -> str:
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
    return f"::error {listed}::{escaped(explain(failure, page))}"


def escaped(text: str, also: str = "") -> str:
    """Percent-encode what would end a command or one of its properties."""
    for char in "%\r\n" + also:
        text = text.replace(char, f"%{ord(char):02X}")
    return text
