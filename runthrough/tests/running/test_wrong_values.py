"""Values that differ in every run, where the page's values don't fit together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import RanPage

RunPage = Callable[[str], "RanPage"]


@pytest.mark.parametrize(
    ("page", "line", "value"),
    [
        ("unknown-value-in-text", "Later the text", "1975ea83b713"),
        ("unknown-value-in-command", "$ echo upgrade 1975", "1975ea83b712"),
        ("unknown-value-in-listing", "down_revision", "1975ea83b712"),
        ("unknown-value-in-caption", ":caption:", "1975ea83b712"),
    ],
)
def test_a_value_that_no_output_has_introduced(
    run_page: RunPage, page: str, line: str, value: str
) -> None:
    ran = run_page(page)
    failure = next(failure for result in ran.results for failure in result.failures)
    assert failure.place == ran.at(line)
    assert f"no output of this run has shown the revision {value}" in failure.what
    assert "Show the output that prints the value before" in failure.advice


def test_the_values_shown_so_far_are_named(run_page: RunPage) -> None:
    assert run_page("unknown-value-in-text").failure.what.endswith("shown so far: 1975ea83b712")


def test_one_value_of_the_page_for_two_of_the_run(run_page: RunPage) -> None:
    ran = run_page("one-value-for-two")
    first = ran.at("Two runs")
    assert ran.failure.place == first.down(7)
    assert ran.failure.command_place == first.down(6)


def test_two_values_of_the_page_for_one_of_the_run(run_page: RunPage) -> None:
    ran = run_page("two-values-for-one")
    assert ran.failure.place == ran.at("6d9aa2101b39")
