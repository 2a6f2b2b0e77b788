"""The file that keeps what became of steps: by page, one result for each step."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Any, get_args

from runthrough.model.digests import Key
from runthrough.model.places import shown
from runthrough.model.report import shortened
from runthrough.model.results import Verdict

FORMAT = "runthrough results 2"
"""What the file says of itself, so that no other file is taken for one, or overwritten."""

RECORDED_RESULT: Mapping[str, type | UnionType] = {
    **dict.fromkeys(("digest", "chain", "verdict", "when", "python"), str),
    **dict.fromkeys(("position", "line"), int),
}
REPORTED_FAILURE: Mapping[str, type | UnionType] = {
    **dict.fromkeys(("file", "what", "advice"), str),
    "line": int,
    "command": str | None,
}
"""What the fields of a result and of a reported failure may hold, beside those that are checked
apart."""

Pages = Mapping[str, tuple["RecordedResult", ...]]
"""Results by the name of their page, in reading order."""


class NotAResultFile(Exception):
    """A file is there, and does not hold results."""


@dataclass(frozen=True)
class ReportedFailure:
    """Where a reader gets stuck, on what, and what the author can do."""

    file: str
    """Seen from the folder of conf.py."""
    line: int | None
    """None where only the file is known."""
    what: str
    advice: str
    command: str | None = None
    difference: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordedResult:
    """What became of a step, bound to what it asks and to all that comes before it."""

    position: int
    """Among the steps of its page."""
    digest: str
    chain: str
    verdict: Verdict
    when: str
    """When it was run, in the form of ISO 8601."""
    python: str
    line: int | None
    """Where the step stood; None where only the file is known."""
    services: tuple[tuple[str, str], ...] = ()
    """Name and version of each service that it was run on."""
    packages: tuple[tuple[str, str], ...] = ()
    """At the end of a page, name and version of what it was run with."""
    reported_failure: ReportedFailure | None = None
    """Its own, or that of the step that blocks it."""

    @property
    def key(self) -> Key:
        return Key(self.digest, self.chain)


def read(file: Path) -> Pages:
    """Read all results; none where there is no file.

    Raises NotAResultFile where the file holds something else, is damaged, or can't be read.
    """
    if file.exists() and not file.is_file() and not file.is_dir():
        # A device or a pipe may have no end.
        raise NotAResultFile(f"{shown(file)} isn't a regular file. Name another file.")
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["format"] != FORMAT:
            raise ValueError(f"its format is {kept['format']!r}")
        return {page: tuple(map(recorded_result_of, said)) for page, said in kept["pages"].items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise NotAResultFile(
            f"{shown(file)} can't be read: {error.strerror}. Name another file, or make this one "
            "readable."
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotAResultFile(
            f"{shown(file)} is there, and is no file of results "
            f"({type(error).__name__}: {shortened(str(error))}); expected one ({FORMAT!r}) that "
            "'pytest --runthrough --runthrough-results' has written. Name another file, or "
            "remove this one."
        ) from error


def recorded_result_of(said: dict[str, Any]) -> RecordedResult:
    """Read one result.

    Raises TypeError, ValueError or KeyError where a value is missing, or is none of its kind.
    """
    reported_failure = said.get("reported_failure")
    pairs = {
        field: tuple((name, version) for name, version in said.get(field, ()))
        for field in ("services", "packages")
    }
    recorded = RecordedResult(
        **{
            **said,
            "reported_failure": None
            if reported_failure is None
            else reported_failure_of(reported_failure),
            **pairs,
        }
    )
    check_kinds(recorded, RECORDED_RESULT)
    if not all(isinstance(word, str) for all_ in pairs.values() for both in all_ for word in both):
        raise TypeError("a service or package isn't a pair of texts")
    if recorded.verdict not in get_args(Verdict):
        raise ValueError(f"there is no verdict {recorded.verdict!r}")
    if recorded.position < 0:
        raise ValueError(f"there is no position {recorded.position}")
    if datetime.fromisoformat(recorded.when).tzinfo is None:
        raise ValueError(f"the time {recorded.when!r} names no zone")
    return recorded


def reported_failure_of(said: dict[str, Any]) -> ReportedFailure:
    """Read where a reader gets stuck, as `recorded_result_of` does."""
    rows = {name: tuple(said[name]) for name in ("difference", "printed")}
    reported_failure = ReportedFailure(**{**said, **rows})
    check_kinds(reported_failure, REPORTED_FAILURE)
    if not all(
        isinstance(row, str) for row in (*reported_failure.difference, *reported_failure.printed)
    ):
        raise TypeError("a row is no text")
    return reported_failure


def check_kinds(value: object, kinds: Mapping[str, type | UnionType]) -> None:
    """Raise TypeError where a field of `value` holds something of another kind than it should."""
    for name, kind in kinds.items():
        found = getattr(value, name)
        if not isinstance(found, kind) or isinstance(found, bool):
            raise TypeError(f"{name} is {found!r}")


def merge(
    known: Pages, new: Mapping[str, Mapping[int, RecordedResult]], sizes: Mapping[str, int]
) -> Pages:
    """Put new results, by page and position, in the place of those that are known.

    `sizes` tells how many steps the pages of the new ones have by now.
    """
    merged = dict(known)
    for page, recorded_results in new.items():
        both = {one.position: one for one in known.get(page, ())} | dict(recorded_results)
        merged[page] = tuple(both[number] for number in sorted(both) if number < sizes[page])
    return merged


def write(file: Path, pages: Pages) -> None:
    """Keep all results: whole or not at all, and only where they differ from what is there."""
    said = {page: [asdict(one) for one in pages[page]] for page in sorted(pages)}
    text = json.dumps({"format": FORMAT, "pages": said}, indent=1, ensure_ascii=False) + "\n"
    if file.is_file() and file.read_bytes() == text.encode():
        return  # who watches the file would build the site again for nothing
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(file)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
