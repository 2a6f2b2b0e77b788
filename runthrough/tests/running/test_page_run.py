"""A step of whatever kind is run, counted and shown, or it's an error: never passed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from runthrough.model.places import Place
from runthrough.model.report import tally
from runthrough.model.results import Result
from runthrough.model.steps import Page, Step
from runthrough.pages.badges import passed, sign_of
from runthrough.reading.pages import asks_something
from runthrough.running.page_run import Options, PageRun
from runthrough.updating.conflicts import shown

PLACE = Place(Path("docs/page.rst"), 3)


@dataclass(frozen=True)
class Dance:
    """A kind of step that nobody has heard of."""

    place: Place
    title = "dance"


DANCE = cast(Step, Dance(PLACE))


def run_only(step: Step) -> None:
    page_run = PageRun(Page("page", PLACE.file, (step,)), None, Options(show=lambda said: None))
    page_run.run_up_to(0)


@pytest.mark.parametrize(
    "dispatch",
    [
        run_only,
        lambda step: tally(step, Result(step, "passed")),
        asks_something,
        passed,
        lambda step: list(shown(step)),
    ],
    ids=["running", "counting", "reading", "showing", "updating"],
)
def test_a_kind_of_step_that_nobody_handles_is_an_error(dispatch: Callable[[Step], Any]) -> None:
    with pytest.raises(AssertionError, match="Dance"):
        dispatch(DANCE)


@pytest.mark.parametrize(
    "dispatch",
    [lambda said: tally(DANCE, Result(DANCE, said)), lambda said: sign_of(said, DANCE)],
    ids=["counting", "showing"],
)
def test_a_verdict_that_nobody_handles_is_an_error(dispatch: Callable[[Any], Any]) -> None:
    with pytest.raises(AssertionError, match="maybe"):
        dispatch("maybe")
