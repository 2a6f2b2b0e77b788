"""What an advice says in the terms of a page, a side file can say in its own."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runthrough.model.places import Place
from runthrough.model.results import Failure
from runthrough.model.steps import (
    SIDE_FILE,
    Command,
    Console,
    Line,
    Listing,
    PageProblem,
    SideNote,
    Step,
)
from runthrough.reading.options import OPTIONS
from runthrough.reading.side_advice import with_entry
from runthrough.reading.side_file import read_file

if TYPE_CHECKING:
    from tests.conftest import RanPage

PAGE = Path("/site/docs/tea/index.rst")
SIDE = Path("/site/docs", SIDE_FILE)
AT = Place(PAGE, 5)
ONE = Console(AT, (Command("brew 'green'\n  --hot", AT),))
TWO = Console(AT, (Command("brew", AT), Command("pour", Place(PAGE, 6), status=3)))
SHOWN = Listing(AT, "tea.txt", AT, (Line("", AT), Line("  green", AT)))
PROBLEM = PageProblem(AT, "can't tell", "", text="make tea")


def entry(advice: str, step: Step, docname: str = "tea") -> list[str]:
    return list(with_entry(Failure(AT, "it's wrong", advice), step, docname).entry)


@pytest.mark.parametrize(
    ("step", "advice", "lines"),
    [
        (ONE, "put it in a block of its own with ':status: 1'.", ["status = 1"]),
        (TWO, "put it in a block of its own with ':status: 1'.", ["status = [1, 3]"]),
        (ONE, "a part of it: ':status:'", []),
        (ONE, "skip it with ':skip: reason'.", ['skip = "reason"']),
        (TWO, "skip it with ':skip: reason'.", ['leave-out = "brew: reason"']),
        (ONE, "If it needs longer, add ':timeout: seconds'.", ["timeout = 300"]),
        (ONE, "Give what the reader types with ':input:', or", ['input = ["answer"]']),
        (SHOWN, "or add ':create:' if", ["create = true"]),
        (PROBLEM, "add ':caption: path', and ':create:'", ['caption = "path"', "create = true"]),
        (PROBLEM, "make it a 'console' block with '$ '", ['language = "bash"']),
        (PROBLEM, "or put it in a 'skip' directive with a reason.", ['skip = "reason"']),
        (PROBLEM, "add ':skip: reason', or put it in a 'skip' directive.", ['skip = "reason"']),
        (ONE, "If it isn't meant to keep running, remove ':until:'.", []),
        (ONE, "Remove it from ':input:', or find out why.", []),
        (ONE, "Fix the command, or correct ':status: 3'.", []),
        (ONE, "Show it in a block of its own with ':output:', right under it.", []),
        (ONE, "write it without tabs (without ':tab-width:')", []),
        (ONE, "Fix it.", []),
    ],
)
def test_the_entry_of_a_block_has_the_option(step: Step, advice: str, lines: list[str]) -> None:
    holds = {ONE: "brew 'green'", TWO: "brew", SHOWN: "green", PROBLEM: "make tea"}[step]
    assert entry(advice, step) == (["[[tea.block]]", f'holds = "{holds}"', *lines] if lines else [])


def test_what_another_block_or_the_reader_does_has_entries_of_its_own() -> None:
    advice = "Start it in a block with ':until: text', or stop it: add a block with ':interrupt:'"
    assert entry(f"{advice} and ':terminal: pot'.", ONE, "tea/index") == [
        '[["tea/index".block]]',
        'holds = "text of the block"',
        'until = "text"',
        "",
        '[["tea/index".after]]',
        'text = "text right before it"',
        "interrupt = true",
        'terminal = "pot"',
    ]


def test_what_the_side_file_has_already_is_changed_there() -> None:
    step = replace(ONE, side_notes=(SideNote("status: 3", Place(SIDE, 8)),))
    assert entry("Fix the command, or correct ':status: 3'.", step) == [
        "# change line 8, which has status: 3"
    ]


def test_what_the_side_file_does_is_said_at_its_own_entry() -> None:
    place = Place(SIDE, 7)
    step = Console(place, (Command("brew", place),))
    failure = Failure(place, "it failed", "with ':status: 1'.")
    assert with_entry(failure, step, "tea").entry == ("# in the entry at line 7", "status = 1")


@pytest.mark.parametrize("name", OPTIONS)
def test_each_option_has_a_form_that_the_side_file_reads(name: str, tmp_path: Path) -> None:
    written = {"status": "1", "leave-out": "brew: it's hot", "varying": "[0-9]+"}.get(name, "text")
    value = f" {written}" if OPTIONS[name].value else ""
    lines = entry(f"Add ':{name}:{value}'.", ONE, "tea \\ pot")
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


@pytest.mark.parametrize("sample", ["hangs", "asks-a-question", "unclassified", "wrong-status"])
def test_what_is_advised_can_be_written(sample: str, run_page: Callable[[str], RanPage]) -> None:
    ran = run_page(sample)
    result = next(result for result in ran.results if result.failure)
    assert with_entry(ran.failure, result.step, ran.file.stem).entry
