"""A result is the same after it was written down and read again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from runthrough.model.digests import Key
from runthrough.model.places import Place
from runthrough.model.recorded import from_values, record, to_values
from runthrough.model.results import Blocked, Failure, Result
from runthrough.model.steps import Command, Console, SideNote, Skip, Step

CONFDIR = Path("/site/docs")
PAGE = CONFDIR / "how-to" / "first.rst"
CONSOLE = Console(Place(PAGE, 7), (Command("ls", Place(PAGE, 8)), Command("pwd", Place(PAGE, 10))))
FAILURE = Failure(
    Place(PAGE, 9), "the output is wrong", "Fix it.", "ls", Place(PAGE, 8), ("-a", "+b"), ("b",)
)
KEY = Key("0a", "1b")


def written(result: Result) -> str:
    return json.dumps(to_values(record(result, 3, KEY, CONFDIR, {"PostgreSQL": "18.4"})))


@pytest.mark.parametrize(
    "result",
    [
        Result(CONSOLE, "passed", versions=(("gino", "1.0.1"),), remarks=("exported: 1 file",)),
        Result(CONSOLE, "failed", FAILURE),
        Result(replace(CONSOLE, side_notes=(SideNote("timeout: 3", Place(PAGE, 5)),)), "passed"),
        Result(CONSOLE, "blocked", blocked=Blocked("first", 1, FAILURE)),
        Result(Skip(Place(PAGE, None), "it needs root", "reboot"), "skipped"),
        Result(CONSOLE, "passed", reused_at=datetime(2026, 1, 2, 3, 4, 5)),
    ],
    ids=lambda result: result.verdict,
)
def test_a_result_is_the_same_after_it_was_read(result: Result) -> None:
    recorded = from_values(json.loads(written(result)))
    assert written(result) == json.dumps(to_values(recorded))
    assert (recorded.position, recorded.key, recorded.verdict) == (3, KEY, result.verdict)
    assert recorded.services == (("PostgreSQL", "18.4"),)
    assert recorded.packages == result.versions
    assert [what for _, what in recorded.side_notes] == [
        note.what for note in result.step.side_notes
    ]


def test_a_failure_is_the_same_in_another_folder() -> None:
    recorded = from_values(json.loads(written(Result(CONSOLE, "failed", FAILURE))))
    assert recorded.reported_failure is not None
    assert recorded.reported_failure.failure(CONFDIR) == FAILURE
    assert recorded.place(CONFDIR) == FAILURE.place
    elsewhere = recorded.place(Path("/clone/docs"))
    assert elsewhere == Place(Path("/clone/docs/how-to/first.rst"), 9)


def test_a_failure_outside_of_the_folder_keeps_its_place() -> None:
    failure = Failure(Place(Path("/site/README.rst"), None), "wrong", "Fix it.")
    recorded = from_values(json.loads(written(Result(CONSOLE, "failed", failure))))
    assert recorded.place(CONFDIR) == failure.place


@pytest.mark.parametrize(
    ("step", "verdict", "counts", "is_tried"),
    [
        (CONSOLE, "passed", {"steps": 1, "commands": 2}, True),
        (CONSOLE, "blocked", {"blocked": 1}, False),
        (Skip(Place(PAGE, 7), "it needs root", "reboot"), "skipped", {"skipped": 1}, False),
    ],
)
def test_what_the_end_of_a_run_counts_is_in_it(
    step: Step, verdict: str, counts: dict[str, int], is_tried: bool
) -> None:
    result = Result(step, verdict)  # type: ignore[arg-type]
    recorded = from_values(json.loads(written(result)))
    assert (recorded.counts, recorded.is_tried) == (counts, is_tried)
    assert recorded.reason == getattr(step, "reason", None)
