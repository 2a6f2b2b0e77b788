"""What changes only a comment or a docstring changes nothing for a reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from runthrough.model.places import Place
from runthrough.model.steps import Excerpt, Line, Listing, Patch, Step
from runthrough.mutants.sameness import same_meaning

PLACE = Place(Path("index.rst"), 1)


def lines(text: str) -> tuple[Line, ...]:
    return tuple(Line(one, PLACE) for one in text.split("\n"))


def listing(text: str, path: str = "a.py") -> Listing:
    return Listing(PLACE, path, PLACE, lines(text), "create")


def diff(text: str) -> Patch:
    return Patch(PLACE, "a.py", PLACE, (lines(text),))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (listing("x = 1  # one"), listing("x = 1")),
        (listing('"""Say it."""\nx = 1'), listing("x = 1")),
        (listing("def f():\n    'x'\n    pass"), listing("def f():\n    pass")),
        (listing("# a\n[b]", "a.ini"), listing("[b]", "a.ini")),
        (diff("+# a\n-x"), diff("-x")),
        (diff(" x\n-y"), diff("-y")),
    ],
)
def test_the_same(before: Step, after: Step) -> None:
    assert same_meaning(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (listing("x = 1"), listing("x = 2")),
        (listing("x = 1"), listing("x = 1", "b.py")),
        (listing("x = '# a'"), listing("x = ''")),
        (listing("[b]\nc = d", "a.ini"), listing("[b]", "a.ini")),
        (diff("+x\n-y"), diff("-y")),
        (listing("x = 1"), diff("+x = 1")),
        (Excerpt(PLACE, lines("a")), Excerpt(PLACE, lines("a"))),
    ],
)
def test_not_the_same(before: Step, after: Step) -> None:
    assert not same_meaning(before, after)
