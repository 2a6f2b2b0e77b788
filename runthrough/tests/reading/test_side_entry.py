"""What an advice says of the options of a page, a side file can say in its own words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from runthrough.model.places import Place
from runthrough.model.results import Failure
from runthrough.model.steps import (
    SIDE_FILE,
    Command,
    Console,
    Line,
    Listing,
    Page,
    PageProblem,
    SideNote,
    Step,
)
from runthrough.model.suggestions import Suggestion
from runthrough.reading.options import OPTIONS
from runthrough.reading.side_entry import with_entry
from runthrough.reading.side_file import read_file

if TYPE_CHECKING:
    from tests.conftest import RanPage

PAGE = Path("/site/docs/tea/index.rst")
SIDE = Path("/site/docs", SIDE_FILE)
AT = Place(PAGE, 5)
ONE = Console(AT, (Command("brew 'green'\n  --hot", AT),))
TWO = Console(AT, (Command("brew", AT), Command("pour", Place(PAGE, 6), status=3)))
SHOWN = Listing(AT, "tea.txt", AT, (Line("", AT), Line("  green", AT)))
MESSAGES = Path(__file__).parents[1] / "messages"
PROBLEM = PageProblem(AT, "can't tell", "", text="make tea")


LEFT_OUT = 'leave-out = ["brew: reason", "pour: reason"]'
OR_SKIP = "# or, if a run lacks what it needs: "


def entry(step: Step, *suggestions: Suggestion, docname: str = "tea") -> list[str]:
    failure = Failure(AT, "it's wrong", "Put it right.", suggestions=suggestions)
    return written([failure], step, docname)


def written(failures: Sequence[Failure], step: Step, docname: str = "tea") -> list[str]:
    *others, last = with_entry(failures, step, page(docname))
    assert not any(one.entry for one in others)
    return list(last.entry)


def page(docname: str = "tea", *blocks: Line) -> Page:
    return Page(docname, PAGE, (), blocks=blocks)


@pytest.mark.parametrize(
    ("step", "suggestions", "lines"),
    [
        (ONE, [Suggestion("status", "1")], ["status = 1", f'{OR_SKIP}skip = "reason"']),
        (
            TWO,
            [Suggestion("status", "1")],
            ["status = [1, 3]", f'{OR_SKIP}leave-out = "brew: reason"'],
        ),
        (ONE, [Suggestion("skip")], ['skip = "reason"']),
        (TWO, [Suggestion("skip")], ['leave-out = "brew: reason"']),
        (ONE, [Suggestion("timeout")], ["timeout = 300"]),
        (ONE, [Suggestion("input")], ['input = ["answer"]']),
        (SHOWN, [Suggestion("create")], ["create = true"]),
        (
            PROBLEM,
            [Suggestion("caption"), Suggestion("create")],
            ['caption = "path"', "create = true"],
        ),
        (PROBLEM, [Suggestion("language", "bash")], ['language = "bash"']),
        (PROBLEM, [Suggestion("skip")], ['skip = "reason"']),
        (ONE, [Suggestion("until", at="given")], []),
        (ONE, [], []),
    ],
)
def test_the_entry_of_a_block_has_the_option(
    step: Step, suggestions: list[Suggestion], lines: list[str]
) -> None:
    holds = {ONE: "brew 'green'", TWO: "brew", SHOWN: "green", PROBLEM: "make tea"}[step]
    expected = ["[[tea.block]]", f'holds = "{holds}"', *lines] if lines else []
    assert entry(step, *suggestions) == expected


@pytest.mark.parametrize(
    ("others", "lines"),
    [
        (["pour it"], ["holds = \"brew 'green'\""]),
        (["brew 'green' --cold"], ["holds = \"brew 'green'\"", "nth = 2"]),
        (["brew 'green'"], ["holds = \"brew 'green' --hot\""]),
        (["brew 'green'", "brew 'green' --hot"], ["holds = \"brew 'green' --hot\"", "nth = 2"]),
    ],
)
def test_it_finds_its_own_block_among_others(others: list[str], lines: list[str]) -> None:
    blocks = [Line(text, Place(PAGE, number)) for number, text in enumerate(others, 1)]
    later = Line("brew 'green' tea", Place(PAGE, 9)) if len(others) > 1 else Line("", AT)
    own = Line("brew 'green' --hot", AT)
    failure = Failure(AT, "it failed", "Fix it.", suggestions=(Suggestion("create"),))
    (found,) = with_entry([failure], ONE, page("tea", *blocks, own, later))
    assert list(found.entry) == ["[[tea.block]]", *lines, "create = true"]


def test_what_another_block_or_the_reader_does_has_entries_of_its_own() -> None:
    suggestions = (
        Suggestion("until", at="another block"),
        Suggestion("interrupt", at="after a block"),
        Suggestion("terminal", "pot", at="after a block"),
    )
    assert entry(ONE, *suggestions, docname="tea/index") == [
        '[["tea/index".block]]',
        'holds = "text of the block"',
        'until = "text"',
        "",
        '[["tea/index".after]]',
        'text = "text right before it"',
        "interrupt = true",
        'terminal = "pot"',
    ]


@pytest.mark.parametrize(
    ("suggestions", "lines"),
    [
        (
            [Suggestion("status", "1"), Suggestion("status", "2")],
            ["status = [1, 2]", f"{OR_SKIP}{LEFT_OUT}"],
        ),
        ([Suggestion("skip"), Suggestion("skip")], [LEFT_OUT]),
        ([Suggestion("timeout"), Suggestion("timeout")], ["timeout = 300"]),
    ],
)
def test_failures_of_one_block_share_an_entry(
    suggestions: list[Suggestion], lines: list[str]
) -> None:
    failures = [
        Failure(command.place, "it's wrong", "Put it right.", suggestions=(one,))
        for command, one in zip(TWO.commands, suggestions, strict=True)
    ]
    assert written(failures, TWO) == ["[[tea.block]]", 'holds = "brew"', *lines]


def test_what_the_side_file_has_already_is_changed_there() -> None:
    step = replace(ONE, side_notes=(SideNote("status: 3", Place(SIDE, 8)),))
    assert entry(step, Suggestion("status", at="given")) == ["# change line 8, which has status: 3"]


def test_what_the_side_file_does_is_said_at_its_own_entry() -> None:
    place = Place(SIDE, 7)
    step = Console(place, (Command("brew", place),))
    failure = Failure(place, "it failed", "Fix it.", suggestions=(Suggestion("status", "1"),))
    assert written([failure], step) == ["# in the entry at line 7", "status = 1"]


@pytest.mark.parametrize("name", OPTIONS)
def test_each_option_has_a_form_that_the_side_file_reads(name: str, tmp_path: Path) -> None:
    value = {"status": "1", "leave-out": "brew: it's hot", "varying": "[0-9]+"}.get(name, "")
    at: Literal["after a block", "block"] = "after a block" if name == "interrupt" else "block"
    lines = entry(ONE, Suggestion(name, value, at), docname="tea \\ pot")
    file = tmp_path / SIDE_FILE
    file.write_text("\n".join(lines), encoding="utf-8")
    assert len(tomllib.loads(file.read_text())) == 1
    (page,) = read_file(file, 0, 0).pages
    if name == "interrupt":  # a reader does it after some text
        (addition,) = page.additions
        assert addition.action == name
    else:
        (block,) = page.blocks
        assert list(block.options) == [name]


OPTION = re.compile(r"':([a-z-]+):")
"""An option of a block, as an advice writes it."""
NOT_SUGGESTED = {"output"}
"""What an author can't write in an entry: a block of its own is needed on the page."""


@pytest.mark.parametrize("sample", sorted(path.stem for path in MESSAGES.iterdir()))
def test_each_option_that_an_advice_names_can_be_written(
    sample: str, run_page: Callable[[str], RanPage]
) -> None:
    failure = run_page(sample).failure
    named = {*OPTION.findall(failure.advice)} - NOT_SUGGESTED
    assert named <= {one.option for one in failure.suggestions}


@pytest.mark.parametrize("sample", ["hangs", "asks-a-question", "unclassified", "wrong-status"])
def test_what_is_advised_can_be_written(sample: str, run_page: Callable[[str], RanPage]) -> None:
    ran = run_page(sample)
    result = next(result for result in ran.results if result.failure)
    assert written(result.failures, result.step, ran.file.stem)
