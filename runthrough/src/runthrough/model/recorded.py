"""The form in which results go from process to process, and into the result file.

There's only one such form: what a worker sends to its controller, what a run prints at its end,
what a forge shows at a line, and what a build shows on the page all come from it.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Any, get_args

from runthrough.model.digests import Key
from runthrough.model.places import Place
from runthrough.model.report import tally
from runthrough.model.results import Failure, Result, Verdict
from runthrough.model.steps import OtherTab

RECORDED_RESULT: Mapping[str, type | UnionType] = {
    **dict.fromkeys(("digest", "chain", "verdict", "when", "python", "file", "ran_on"), str),
    "position": int,
    "line": int | None,
    "reason": str | None,
    "whole": str | None,
}
REPORTED_FAILURE: Mapping[str, type | UnionType] = {
    **dict.fromkeys(("file", "what", "advice", "command_file", "follows_file"), str),
    "line": int | None,
    "follows_line": int | None,
    "command": str | None,
    "command_line": int | None,
}
"""The types of a result's and a reported failure's fields, except for those that are checked
separately."""


@dataclass(frozen=True)
class ReportedFailure:
    """Where a reader gets stuck, on what, and what the author can do."""

    file: str
    """Seen from the folder of conf.py."""
    line: int | None
    """None if only the file is known."""
    what: str
    advice: str
    command: str | None = None
    difference: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()
    command_line: int | None = None
    """Where the command is, if that's known."""
    command_file: str = ""
    """Of the command; empty if it's in the same one."""
    follows_file: str = ""
    """Of the failure that it follows from; empty if none is known."""
    follows_line: int | None = None
    entry: tuple[str, ...] = field(default=(), compare=False)
    """Lines of the side file that do what `advice` says, if the site has one."""

    @classmethod
    def of(cls, failure: Failure, confdir: Path) -> ReportedFailure:
        """Return what is shown of a failure."""
        at = failure.command_place
        return cls(
            seen_from(confdir, failure.place.file),
            failure.place.line,
            failure.what,
            failure.advice,
            failure.command,
            failure.difference,
            failure.printed,
            at.line if at else None,
            seen_from(confdir, at.file) if at and at.file != failure.place.file else "",
            "" if failure.follows is None else seen_from(confdir, failure.follows.file),
            None if failure.follows is None else failure.follows.line,
            failure.entry,
        )

    def failure(self, confdir: Path) -> Failure:
        """Return the failure again."""
        file = Path(os.path.normpath(confdir / self.file))
        other = Path(os.path.normpath(confdir / self.command_file)) if self.command_file else file
        follows = Path(os.path.normpath(confdir / self.follows_file))
        return Failure(
            Place(file, self.line),
            self.what,
            self.advice,
            self.command,
            None if self.command_line is None else Place(other, self.command_line),
            self.difference,
            self.printed,
            Place(follows, self.follows_line) if self.follows_file else None,
            entry=self.entry,
        )

    @property
    def follows(self) -> bool:
        """Whether it's known to follow from an earlier failure."""
        return bool(self.follows_file)


@dataclass(frozen=True)
class RecordedResult:
    """The result of a step, bound to what it asks and to everything before it."""

    position: int
    """Among the steps of its page."""
    digest: str
    chain: str
    verdict: Verdict
    when: str
    """When it was run, in the form of ISO 8601."""
    python: str
    line: int | None
    """Where the step is; None if only the file is known."""
    file: str = ""
    """The file that it's in, seen from the folder of conf.py."""
    reason: str | None = None
    """Why the step is skipped, if it is; of a step in another tab, the label of the tab."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """What the step adds to the closing line: commands, files, skipped blocks."""
    is_tried: bool = False
    """Whether a reader does or compares something in this step, and it was tried."""
    is_reused: bool = False
    """Whether an earlier run has run it, at the time that `when` says."""
    ran_on: str = ""
    """Where that was, if the result is from a cache: machine and commit."""
    remarks: tuple[str, ...] = ()
    """What the end of the run says of the step."""
    services: tuple[tuple[str, str], ...] = ()
    """Name and version of each service that it was run on."""
    packages: tuple[tuple[str, str], ...] = ()
    """At the end of a page, name and version of what it was run with."""
    reported_failure: ReportedFailure | None = None
    """Its own first one, or that of the step that blocks it."""
    further: tuple[ReportedFailure, ...] = ()
    """Its own after that, where a reader could go on."""
    goes_on: bool = True
    """Whether what comes after it could be tried."""
    side_notes: tuple[tuple[int, str], ...] = ()
    """What the side file says of the step: at which of its lines, and what."""
    whole: str | None = None
    """The file that the step has changed, as it is after that, with the page's values."""

    @property
    def key(self) -> Key:
        return Key(self.digest, self.chain)

    @property
    def ran_at(self) -> datetime:
        """When it was run, with the time zone."""
        return datetime.fromisoformat(self.when)

    @property
    def reported_failures(self) -> tuple[ReportedFailure, ...]:
        """Its own failures in the order of the page; or that of the step that blocks it."""
        return () if self.reported_failure is None else (self.reported_failure, *self.further)

    def place(self, confdir: Path) -> Place:
        """Where the reader gets stuck in this step; the step itself if nobody does."""
        if self.verdict == "failed" and self.reported_failure:
            return self.reported_failure.failure(confdir).place
        return Place(Path(os.path.normpath(confdir / self.file)), self.line)


def seen_from(folder: Path, file: Path) -> str:
    """Write the path of a file, seen from a folder, with slashes on every system."""
    return Path(os.path.relpath(file, folder)).as_posix()


def record(
    result: Result, position: int, key: Key, confdir: Path, services: Mapping[str, str]
) -> RecordedResult:
    """Record a result; `key` is empty if nothing shows the result later."""
    step = result.step
    failure = result.blocked.failure if result.blocked else result.failure
    return RecordedResult(
        position=position,
        digest=key.digest,
        chain=key.chain,
        verdict=result.verdict,
        when=(result.reused_at or datetime.now()).astimezone().isoformat(timespec="seconds"),
        python=platform.python_version(),
        line=step.place.line,
        file=seen_from(confdir, step.place.file),
        reason=reason_of(result),
        counts=tally(step, result),
        is_tried=step.asks and result.verdict in ("passed", "failed"),
        is_reused=result.reused_at is not None,
        ran_on=result.ran_on,
        remarks=result.remarks,
        services=tuple(services.items()),
        packages=result.versions,
        reported_failure=ReportedFailure.of(failure, confdir) if failure else None,
        further=tuple(ReportedFailure.of(one, confdir) for one in result.further),
        goes_on=result.verdict != "failed" or result.nonblocking,
        whole=result.whole,
        side_notes=tuple((note.place.line or 1, note.what) for note in step.side_notes),
    )


def reason_of(result: Result) -> str | None:
    """Return what the closing lines say of a block that isn't run."""
    if isinstance(result.step, OtherTab):
        return result.step.label
    return getattr(result.step, "reason", "") if result.verdict == "skipped" else None


def to_values(recorded: RecordedResult) -> dict[str, Any]:
    """Write a result in values that JSON has."""
    return asdict(recorded)


def from_values(values: dict[str, Any]) -> RecordedResult:
    """Read a result.

    Raises TypeError, ValueError or KeyError if a value is missing or has the wrong type.
    """
    failure = values.get("reported_failure")
    pairs = {
        name: tuple((left, right) for left, right in values.get(name, ()))
        for name in ("packages", "services")
    }
    recorded = RecordedResult(
        **{
            **values,
            **pairs,
            "reported_failure": None if failure is None else failure_from_values(failure),
            "further": tuple(map(failure_from_values, values.get("further", ()))),
            "remarks": tuple(values.get("remarks", ())),
            "side_notes": tuple((line, what) for line, what in values.get("side_notes", ())),
            "counts": dict(values.get("counts", {})),
        }
    )
    check_kinds(recorded, RECORDED_RESULT)
    words = (word for both in (*recorded.packages, *recorded.services) for word in both)
    if not all(isinstance(word, str) for word in (*words, *recorded.remarks, *recorded.counts)):
        raise TypeError("a package, a service, a remark or the name of a count isn't a string")
    if not all(isinstance(number, int) for number in recorded.counts.values()):
        raise TypeError("a count isn't a number")
    if not all(type(line) is int and isinstance(what, str) for line, what in recorded.side_notes):
        raise TypeError("a note from the side file isn't a number and a string")
    if recorded.verdict not in get_args(Verdict):
        raise ValueError(f"there's no verdict {recorded.verdict!r}")
    if recorded.position < 0:
        raise ValueError(f"there's no position {recorded.position}")
    if datetime.fromisoformat(recorded.when).tzinfo is None:
        raise ValueError(f"the time {recorded.when!r} has no time zone")
    return recorded


def failure_from_values(values: dict[str, Any]) -> ReportedFailure:
    """Read a reported failure, as `from_values` does."""
    rows = {name: tuple(values[name]) for name in ("difference", "printed")}
    rows["entry"] = tuple(values.get("entry", ()))
    failure = ReportedFailure(**{**values, **rows})
    check_kinds(failure, REPORTED_FAILURE)
    if not all(isinstance(row, str) for several in rows.values() for row in several):
        raise TypeError("a row isn't a string")
    return failure


def check_kinds(value: object, kinds: Mapping[str, type | UnionType]) -> None:
    """Raise TypeError if a field of `value` has the wrong type."""
    for name, kind in kinds.items():
        found = getattr(value, name)
        if not isinstance(found, kind) or isinstance(found, bool):
            raise TypeError(f"{name} is {found!r}")
