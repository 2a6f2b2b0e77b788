"""Values are recognised where a program has broken them at the terminal's width."""

from __future__ import annotations

import re
import sys
import textwrap
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runthrough.matching.wrapping import groups, substitute

COLUMNS = 80
RUN = re.compile("(?<![0-9a-z])abcdef123456(?![0-9a-z])")
HEX = re.compile("(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])")


def as_alembic_prints(text: str, columns: int = COLUMNS) -> list[str]:
    """Break a message as `alembic.util.messaging.msg` does."""
    return ["  " + line for line in textwrap.wrap(text, columns - 2)]


def replaced(lines: list[str], new: str, pattern: re.Pattern[str] = RUN) -> list[str]:
    return substitute(lines, pattern, lambda match: new, COLUMNS)


def test_every_value_within_a_line_is_replaced() -> None:
    assert replaced(["abcdef123456 abcdef123456_x", "y"], "A") == ["A A_x", "y"]


def test_a_value_that_goes_on_in_the_next_line_is_broken_where_it_was() -> None:
    lines = ["x" * 73 + " abcdef", "123456 y"]
    assert replaced(lines, "UVWXYZuvwxyz") == ["x" * 73 + " UVWXYZ", "uvwxyz y"]


def test_the_next_lines_indentation_is_no_part_of_a_value() -> None:
    lines = ["  " + "x" * 71 + " abcdef", "  123456 y"]
    assert replaced(lines, "UVWXYZuvwxyz") == ["  " + "x" * 71 + " UVWXYZ", "  uvwxyz y"]


@pytest.mark.parametrize("new", ["short", "a much longer one"])
def test_a_replacement_of_another_length_stands_whole_where_the_value_began(new: str) -> None:
    lines = ["x" * 73 + " abcdef", "  123456 y"]
    assert replaced(lines, new) == ["x" * 73 + " " + new, "   y"]


@pytest.mark.parametrize("new", ["q" * 100, "short"])
def test_a_value_may_go_on_over_three_lines(new: str) -> None:
    value = "v" * 100
    lines = ["x" * 9 + " " + value[:10], "  " + value[10:28], "  " + value[28:98], "  vv y"]
    after = substitute(lines, re.compile(value), lambda match: new, columns=20)
    if new == "short":
        assert after == ["x" * 9 + " short", "  ", "  ", "   y"]
    else:
        assert after == [line.replace("v", "q") for line in lines]


def test_a_value_does_not_go_on_after_a_line_that_leaves_room() -> None:
    lines = ["x" * 70 + " abcdef", "123456"]
    assert replaced(lines, "A") == lines


def test_a_line_may_leave_two_columns_of_room() -> None:
    lines = ["x" * 71 + " abcdef", "123456"]
    assert len(lines[0]) == 78
    assert replaced(lines, "A") == ["x" * 71 + " A", ""]


def test_a_value_at_the_end_of_a_full_line_is_whole_if_it_is_so_there() -> None:
    lines = ["x" * 67 + " abcdef123456", "another word"]
    assert replaced(lines, "A") == ["x" * 67 + " A", "another word"]


def test_whether_a_line_is_full_is_seen_before_anything_is_replaced_in_it() -> None:
    lines = ["abcdef123456 " + "x" * 60 + " 000000", "111111 y"]
    assert len(lines[0]) == 80
    assert replaced(lines, "A", HEX) == ["A " + "x" * 60 + " A", " y"]
    assert replaced(["x 123456abcdef", "000000 y"], "A" * 80, HEX) == ["x " + "A" * 80, "000000 y"]


def test_a_broken_value_is_replaced_before_a_smaller_one_inside_of_it() -> None:
    substitution = {"user:abc@host:123/name": "USER:ABC@HOST:987/NAME", "host:123": "HOST:987"}
    pattern = re.compile("|".join(substitution))
    lines = ["x" * 70 + " user:abc@", "host:123/name y host:123"]
    assert substitute(lines, pattern, lambda match: substitution[match.group()], COLUMNS) == [
        "x" * 70 + " USER:ABC@",
        "HOST:987/NAME y HOST:987",
    ]


def test_a_value_that_is_whole_in_its_line_does_not_grow_into_the_next() -> None:
    lines = ["x" * 66 + " Python 3.11.7", "finds nothing"]
    pattern = re.compile(r"Python 3\.\d+\S*")
    assert replaced(lines, "P", pattern) == ["x" * 66 + " P", "finds nothing"]


def test_nothing_is_replaced_twice() -> None:
    substitution = {"one": "two", "two": "one"}

    def other(lines: list[str]) -> list[str]:
        return substitute(
            lines, re.compile("one|two"), lambda one: substitution[one.group()], COLUMNS
        )

    lines = ["one two " + "x" * 70 + " o", "  ne two one", "two"]
    assert other(lines) == ["two one " + "x" * 70 + " t", "  wo one two", "one"]
    assert other(other(lines)) == lines


def test_values_are_met_in_reading_order() -> None:
    met: list[str] = []

    def note(match: re.Match[str]) -> str:
        met.append(match.group())
        return "-"

    lines = ["a1 " + "x" * 73 + " b2 c", "3 d4 e5", "f6"]
    substitute(lines, re.compile("[a-f][0-9]"), note, COLUMNS)
    assert met == ["a1", "b2", "c3", "d4", "e5", "f6"]


def test_a_blank_line_under_a_full_one_stays() -> None:
    lines = ["x" * 80, "", "y"]
    assert replaced(lines, "A") == lines


@given(st.lists(st.integers(0, 100).map("x".__mul__)))
def test_groups_hold_every_line_once_and_in_order(lines: list[str]) -> None:
    found = list(groups(lines, COLUMNS))
    assert [line for group in found for line in group] == lines
    for group in found:
        assert all(len(line) >= 78 for line in group[:-1])
    for group in found[:-1]:
        assert len(group[-1]) < 78


def instructions(number: int) -> int:
    """Count the instructions that Python runs for a number of lines, all of them full."""
    lines = [f"abcdef123456 {'-' * 70}" for _ in range(number)]
    ran = 0

    def trace(frame: FrameType, event: str, argument: object) -> object:
        nonlocal ran
        frame.f_trace_opcodes = True
        ran += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        after = substitute(lines, RUN, lambda match: match.group(), COLUMNS)
    finally:
        sys.settrace(before)
    assert after == lines
    return ran


def test_twice_the_lines_are_twice_the_work_even_where_all_are_full() -> None:
    assert instructions(400) < 2.2 * instructions(200)


letters = st.text(alphabet="ghijkl", min_size=1, max_size=12)
value = st.text(alphabet="abcdef0123456789", min_size=12, max_size=12)


@st.composite
def messages(draw: st.DrawFn) -> list[str]:
    """Make the words of a message, some of them long, and a gap for a value in some."""
    words = draw(st.lists(st.lists(letters, min_size=1, max_size=12).map("/".join), min_size=1))
    gaps = draw(st.lists(st.sampled_from(["{}", "({})", "/{}_{}.py", "{}"]), min_size=1))
    return draw(st.permutations([*words, *gaps]))


@settings(max_examples=60)
@given(messages(), value, value, st.sampled_from([20, 40, 80, 81]))
def test_replacing_and_breaking_may_change_places(
    words: list[str], run: str, page: str, columns: int
) -> None:
    text = " ".join(words)
    pattern = re.compile(f"(?<![0-9A-Za-z]){run}(?![0-9A-Za-z])")
    before = as_alembic_prints(text.replace("{}", run), columns)
    after = as_alembic_prints(text.replace("{}", page), columns)
    assert substitute(before, pattern, lambda match: page, columns) == after


@given(st.lists(st.text(max_size=100), max_size=10), st.integers(1, 100))
def test_lines_without_a_value_stay_as_they_are(lines: list[str], columns: int) -> None:
    assert substitute(lines, re.compile("(?!)"), lambda match: "A", columns) == lines
