"""Outputs in blocks of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from runthrough.model.places import Place
from runthrough.model.steps import Command, Console, Line, Listing, PageProblem, Step
from runthrough.reading.joining import Output, join

if TYPE_CHECKING:
    from tests.conftest import RanPage


def place(line: int) -> Place:
    return Place(Path("page.rst"), line)


def console(*output: str, line: int = 1) -> Console:
    shown = tuple(Line(text, place(line + 1)) for text in output)
    return Console(place(line), (Command("one", place(line)), Command("two", place(line), shown)))


def output(line: int = 5) -> Output:
    return Output(place(line), (Line("$ 5", place(line + 1)),))


def joined(*found: Step | Output) -> list[Step]:
    return list(join(found))


def problem(found: Iterable[Step]) -> PageProblem:
    (problem,) = [step for step in found if isinstance(step, PageProblem)]
    return problem


def test_an_output_belongs_to_the_last_command_before_it() -> None:
    (step,) = joined(console(), output())
    assert isinstance(step, Console)
    assert [command.output for command in step.commands] == [(), output().lines]


def test_other_steps_stay_where_they_are() -> None:
    listing = Listing(place(3), "a.txt", place(3), ())
    assert joined(console(), listing) == [console(), listing]
    assert joined() == []


def test_an_output_without_a_command_is_a_problem() -> None:
    listing = Listing(place(3), "a.txt", place(3), ())
    for before in ([], [listing], [console(), listing]):
        *same, last = joined(*before, output())
        assert same == before
        assert isinstance(last, PageProblem)
        assert last.place == place(5)
        assert "no console block right before" in last.what


def test_an_output_of_a_command_that_has_one_is_a_problem() -> None:
    assert "already has an output, at line 2" in problem(joined(console("three"), output())).what
    assert (
        "already has an output, at line 6" in problem(joined(console(), output(), output(8))).what
    )


def test_a_prompt_in_an_output_is_explained_to_who_does_not_know(
    run_page: Callable[[str], RanPage],
) -> None:
    ran = run_page("prompt-read-as-command")
    assert ran.failure.place == ran.at("   To see more:")
    assert "Show an output that has such a line in a block of its own" in ran.report
    assert "':output:'" in ran.report
