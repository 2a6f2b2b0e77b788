"""A report says who gets stuck where, over what, and what to do; it cannot upset a terminal."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runthrough.matching.screen import visible_lines
from runthrough.model.places import Place
from runthrough.model.report import (
    LONGEST,
    blocked_by,
    closing_line,
    counted,
    explain,
    explain_all,
    headline,
    shortened,
    tally,
    visible,
)
from runthrough.model.results import Failure, Result, Verdict
from runthrough.model.steps import Command, Console, Excerpt, Line, Listing, Patch, Skip, Step

PAGE = Path("docs/page.rst")
PLACE = Place(PAGE, 12)
FAILURE = Failure(PLACE, "the output is not what the page shows", "Fix it.")


def test_a_headline_is_a_place_and_what_is_wrong_there() -> None:
    assert headline(FAILURE) == "docs/page.rst:12: the output is not what the page shows"


def test_a_report_says_where_what_and_what_to_do() -> None:
    assert explain(FAILURE) == (
        "docs/page.rst:12: the output is not what the page shows\n\n"
        "What to do: Fix it.\n\n"
        "To try it alone: pytest --runthrough --runthrough-keep docs/page.rst"
    )


def test_a_report_shows_the_command_and_the_difference() -> None:
    failure = replace(
        FAILURE,
        command="cat <<EOF\n  a\nEOF",
        command_place=Place(PAGE, 10),
        difference=(" a", "-b", "+c"),
        printed=("a", "c"),
    )
    assert explain(failure).split("\n\n")[1:4] == [
        "    $ cat <<EOF   (line 10)\n        a\n      EOF",
        "     a\n    -b\n    +c",
        "('-' is on the page, '+' is what a reader gets.)",
    ]
    assert "It printed" not in explain(failure)


def test_a_report_shows_what_was_printed_where_no_difference_does() -> None:
    failure = replace(FAILURE, command="a", command_place=PLACE, printed=("one", "", "two"))
    assert explain(failure).split("\n\n")[1:3] == [
        "    $ a",
        "It printed:\n    one\n    \n    two",
    ]


def test_long_advice_is_given_once_for_each_page() -> None:
    long = replace(FAILURE, advice="Fix it, or else do what this advice says. " * 5)
    later = [replace(long, place=Place(PAGE, line)) for line in (15, 19)]
    advised: dict[str, Place] = {}
    both = explain_all((long, later[0]), advised=advised)
    assert both.count("or else do") == 5
    assert both.count("What to do: The same as for docs/page.rst:12.") == 1
    assert both.count("To try it alone") == 1
    assert "The same as for docs/page.rst:12." in explain_all((later[1],), advised=advised)
    assert explain_all((long,), advised=advised) == explain(long)
    assert explain_all((FAILURE, replace(FAILURE, place=later[0].place))).count("Fix it.") == 2


def test_a_page_whose_name_has_blanks_can_be_tried_as_it_is_written() -> None:
    failure = replace(FAILURE, place=Place(Path("my docs/it's.rst"), 1))
    assert explain(failure).endswith(""" --runthrough-keep 'my docs/it'"'"'s.rst'""")


def test_control_characters_are_shown_and_not_obeyed() -> None:
    assert visible("a\x1b[31m\x07\x00\r\x9b\u2028\u202e\ud800") == (
        r"a\x1b[31m\x07\x00\r\x9b\u2028\u202e\ud800"
    )


def test_what_can_be_seen_stays_as_it_is() -> None:
    text = "a\tb 'c' \"d\" \\ Grüße 日本 e\u0301 🎉"
    assert visible(text) == text


def test_a_very_long_line_is_shown_by_its_ends() -> None:
    line = "a" * LONGEST + "b" * LONGEST
    half = LONGEST // 2
    assert shortened(line) == f"{'a' * half} ... {LONGEST} characters left out ... {'b' * half}"
    assert shortened("a" * LONGEST) == "a" * LONGEST
    for failure in (replace(FAILURE, what=line), replace(FAILURE, printed=(line,))):
        assert len(explain(failure)) < 1.2 * LONGEST


@given(st.text())
@example("\0/")
def test_no_text_can_control_a_terminal(text: str) -> None:
    failure = Failure(Place(Path(f"docs/{text}.rst"), 1), text, text, text, PLACE, (text,), (text,))
    for one in (failure, replace(failure, difference=())):
        said = explain(one)
        assert all(char.isprintable() or char in "\t\n" for char in said)
        assert said.startswith(headline(one) + "\n\n")
        said.encode("utf-8")
    assert "\n" not in headline(failure)


@given(st.binary(max_size=200))
def test_any_bytes_that_are_printed_can_be_reported(data: bytes) -> None:
    lines = visible_lines(data.decode("utf-8", errors="backslashreplace"))
    said = explain(replace(FAILURE, printed=tuple(lines)))
    if lines:
        shown = said.partition("It printed:\n")[2].partition("\n\nWhat to do")[0]
        assert shown.count("\n") + 1 == len(lines)
    assert all(char.isprintable() or char in "\t\n" for char in said)


def test_a_blocked_step_names_what_blocks_it() -> None:
    assert blocked_by(PLACE) == "blocked by docs/page.rst:12"


LINE = Line("a", PLACE)
CONSOLE = Console(PLACE, (Command("a", PLACE), Command("b", PLACE)))


@pytest.mark.parametrize(
    ("step", "verdict", "counts"),
    [
        (CONSOLE, "passed", {"steps": 1, "commands": 2}),
        (CONSOLE, "failed", {"steps": 1, "commands": 2}),
        (CONSOLE, "blocked", {"blocked": 1}),
        (Listing(PLACE, "a.py", PLACE, (LINE,)), "passed", {"steps": 1, "files": 1}),
        (Listing(PLACE, "a.py", PLACE, (LINE,), "create"), "passed", {"steps": 1, "files": 1}),
        (Listing(PLACE, "a.py", PLACE, (LINE,), "replace"), "passed", {"steps": 1, "edits": 1}),
        (Listing(PLACE, "a.py", PLACE, (LINE,), "append"), "passed", {"steps": 1, "edits": 1}),
        (Patch(PLACE, "a.py", PLACE, ((LINE,),)), "passed", {"steps": 1, "edits": 1}),
        (Excerpt(PLACE, (LINE,)), "passed", {"steps": 1}),
        (Skip(PLACE, "why", "a"), "skipped", {"skipped": 1}),
    ],
)
def test_each_step_counts_as_what_it_is(
    step: Step, verdict: Verdict, counts: dict[str, int]
) -> None:
    assert tally(step, Result(step, verdict)) == counts


def test_the_closing_line_sums_up() -> None:
    counts = Counter({"steps": 9, "commands": 61, "files": 12, "edits": 1, "skipped": 2})
    assert closing_line(9, counts, 12.6, {"PostgreSQL": "16.4", "Valkey": "9.1.2"}) == (
        "ran 9 pages: 9 steps, 61 commands, 12 files, 1 edit in 13 seconds "
        "on PostgreSQL 16.4 and Valkey 9.1.2; 2 blocks skipped"
    )


def test_the_closing_line_tells_what_was_not_checked() -> None:
    counts = Counter({"blocked": 3, "unchecked": 2})
    said = closing_line(1, counts, 0.2, {})
    assert said.startswith("ran 1 page: 0 steps,")
    assert said.endswith("in 1 second; 0 blocks skipped, 2 unchecked, 3 blocked")


def test_one_of_a_kind_has_no_plural() -> None:
    assert [counted(number, "files") for number in range(3)] == ["0 files", "1 file", "2 files"]
