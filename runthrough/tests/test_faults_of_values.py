"""Values that differ in every run, where the page's story does not hang together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Walked

Walk = Callable[[str], "Walked"]


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
    walk: Walk, page: str, line: str, value: str
) -> None:
    walked = walk(page)
    assert walked.failure.place == walked.at(line)
    assert f"no output of this walk has shown the revision {value}" in walked.failure.what
    assert "Show the output that prints the value before" in walked.failure.advice


def test_the_values_shown_so_far_are_named(walk: Walk) -> None:
    assert walk("unknown-value-in-text").failure.what.endswith("shown so far: 1975ea83b712")


def test_one_value_of_the_page_for_two_of_the_run(walk: Walk) -> None:
    walked = walk("one-value-for-two")
    first = walked.at("Two runs")
    assert walked.failure.place.line == first.line + 7
    assert walked.failure.command_place is not None
    assert walked.failure.command_place.line == first.line + 6


def test_two_values_of_the_page_for_one_of_the_run(walk: Walk) -> None:
    walked = walk("two-values-for-one")
    assert walked.failure.place == walked.at("6d9aa2101b39")
