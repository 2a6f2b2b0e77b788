"""A step of whatever kind is performed, counted and shown, or it's an error: never passed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from runthrough.model.places import Place
from runthrough.model.report import tally
from runthrough.model.results import Outcome
from runthrough.model.steps import Page, Step
from runthrough.pages.badges import passed, sign_of
from runthrough.reading.pages import asks_something
from runthrough.running.page_run import Options, Walk
from runthrough.updating.conflicts import shown

PLACE = Place(Path("docs/page.rst"), 3)


@dataclass(frozen=True)
class Dance:
    """A kind of step that nobody has heard of."""

    place: Place
    title = "dance"


DANCE = cast(Step, Dance(PLACE))


def walk_down(step: Step) -> None:
    walk = Walk(Page("page", PLACE.file, (step,)), None, Options(show=lambda said: None))
    walk.perform_up_to(0)


@pytest.mark.parametrize(
    "dispatch",
    [
        walk_down,
        lambda step: tally(step, Outcome(step, "passed")),
        asks_something,
        passed,
        lambda step: list(shown(step)),
    ],
    ids=["performing", "counting", "reading", "showing", "updating"],
)
def test_a_kind_of_step_that_nobody_handles_is_an_error(dispatch: Callable[[Step], Any]) -> None:
    with pytest.raises(AssertionError, match="Dance"):
        dispatch(DANCE)


@pytest.mark.parametrize(
    "dispatch",
    [lambda said: tally(DANCE, Outcome(DANCE, said)), lambda said: sign_of(said, DANCE)],
    ids=["counting", "showing"],
)
def test_a_verdict_that_nobody_handles_is_an_error(dispatch: Callable[[Any], Any]) -> None:
    with pytest.raises(AssertionError, match="maybe"):
        dispatch("maybe")
