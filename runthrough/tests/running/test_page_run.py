"""A step of whatever kind is run, counted and shown, or it's an error: never passed over."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from runthrough.model.custom import CustomStep
from runthrough.model.places import Place
from runthrough.model.report import tally
from runthrough.model.results import Result
from runthrough.model.site import Site
from runthrough.model.steps import OtherTab, PageProblem, Skip, Step, Unchecked
from runthrough.pages.badges import sign_of
from runthrough.running import kinds
from runthrough.running.context import Context
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner

PLACE = Place(Path("docs/page.rst"), 3)
NOT_RUN = {OtherTab, PageProblem, Skip, Unchecked}
"""Kinds of which the verdict is known without running anything."""


@dataclass(frozen=True)
class Dance(Step):
    """A kind of step that is in no registry."""

    @property
    def title(self) -> str:
        return "dance"


DANCE = Dance(PLACE)


def subclasses(kind: type[Any]) -> Iterator[type[Step]]:
    for below in kind.__subclasses__():
        yield below
        yield from subclasses(below)


def test_each_kind_of_step_is_run_by_a_function() -> None:
    ours = {kind for kind in subclasses(Step) if kind.__module__.startswith("runthrough.")}
    assert ours - NOT_RUN - {CustomStep} == kinds.KINDS.keys()


def test_a_kind_of_step_that_nothing_runs_is_an_error() -> None:
    with pytest.raises(TypeError, match="nothing runs a step of the kind Dance"):
        kinds.run(cast(Context, None), DANCE)


def test_on_a_page_it_fails_and_what_comes_after_it_is_blocked(samples: Site) -> None:
    page = next(page for page in samples.pages if page.steps and page.steps[0].acts)
    page = dataclasses.replace(page, steps=(DANCE, *page.steps))
    runner = Runner(dataclasses.replace(samples, pages=(page,)), Options(show=lambda said: None))
    try:
        verdicts = [runner.result(page, number).verdict for number in (0, 1)]
    finally:
        runner.end()
    assert verdicts == ["failed", "blocked"]


def test_a_kind_of_step_says_what_it_is_called() -> None:
    class Nameless(Step):
        pass

    with pytest.raises(TypeError, match="title"):
        Nameless(PLACE)  # type: ignore[abstract]


@pytest.mark.parametrize(
    "dispatch",
    [lambda said: tally(DANCE, Result(DANCE, said)), lambda said: sign_of(said, DANCE)],
    ids=["counting", "showing"],
)
def test_a_verdict_that_nobody_handles_is_an_error(dispatch: Callable[[Any], Any]) -> None:
    with pytest.raises(AssertionError, match="maybe"):
        dispatch("maybe")
