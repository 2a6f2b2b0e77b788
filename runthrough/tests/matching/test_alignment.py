"""The lines of a page are laid on the printed ones: all of them, in order, but for ellipses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runthrough.matching.alignment import (
    Match,
    Mismatch,
    difference,
    is_ellipsis,
    match,
    tidy,
)
from runthrough.matching.placeholders import Placeholders


def lines(text: str) -> list[str]:
    """Spell lines as characters: a dot is an ellipsis."""
    return ["..." if character == "." else character for character in text]


def diff(shown: Sequence[str], found: Sequence[str]) -> list[str]:
    """Return the difference of lines without values that differ in every run."""
    return difference(Placeholders({}, {}, 80), shown, found)


def matched(shown: str, printed: str) -> Match:
    found = match(lines(shown), list(printed))
    assert isinstance(found, Match), found
    return found


def mismatched(shown: str, printed: str) -> Mismatch:
    found = match(lines(shown), list(printed))
    assert isinstance(found, Mismatch), found
    return found


def holds(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Tell by trying everything whether the page's lines lie on the printed ones."""
    if not shown:
        return not printed
    if is_ellipsis(shown[0]):
        return any(holds(shown[1:], printed[start:]) for start in range(len(printed) + 1))
    return bool(printed) and shown[0] == printed[0] and holds(shown[1:], printed[1:])


@pytest.mark.parametrize("text", ["...", "  ...", "...  ", "\t..."])
def test_a_line_of_dots_is_an_ellipsis_however_it_is_indented(text: str) -> None:
    assert is_ellipsis(text)


@pytest.mark.parametrize("text", ["", "..", "....", "... done", ". . .", "\N{HORIZONTAL ELLIPSIS}"])
def test_dots_within_a_line_are_dots(text: str) -> None:
    assert not is_ellipsis(text)


def test_blanks_that_nobody_sees_are_dropped() -> None:
    assert tidy(["", " a \t", "  ", "b\xa0", "", " \t"]) == ["", " a", "", "b"]
    assert tidy(["", "  "]) == []


def test_equal_lines_match_one_by_one() -> None:
    assert matched("abc", "abc") == Match(((0, 0), (1, 1), (2, 2)), ())
    assert matched("", "") == Match((), ())


def test_an_ellipsis_stands_for_any_number_of_lines() -> None:
    assert matched("a.d", "abcd") == Match(((0, 0), (2, 3)), (1, 2))


def test_a_line_of_dots_stands_for_no_line_at_all() -> None:
    assert matched("a.b", "ab") == Match(((0, 0), (2, 1)), ())


@pytest.mark.parametrize("shown", [".", ".."])
def test_an_ellipsis_alone_stands_for_everything(shown: str) -> None:
    assert matched(shown, "") == Match((), ())
    assert matched(shown, "ab") == Match((), (0, 1))


def test_an_ellipsis_may_begin_and_end_an_output() -> None:
    assert matched(".b.", "abc") == Match(((1, 1),), (0, 2))
    assert matched(".c", "abc") == Match(((1, 2),), (0, 1))
    assert matched("a.", "abc") == Match(((0, 0),), (1, 2))


def test_two_ellipses_are_as_good_as_one() -> None:
    assert matched("a..d", "abcd") == Match(((0, 0), (3, 3)), (1, 2))


def test_lines_after_an_ellipsis_are_taken_where_they_first_fit() -> None:
    assert matched(".a.", "xaya") == Match(((1, 1),), (0, 2, 3))


def test_the_last_lines_are_taken_at_the_end() -> None:
    assert matched(".a", "aba") == Match(((1, 2),), (0, 1))


def test_lines_that_follow_each_other_on_the_page_do_so_in_print() -> None:
    assert mismatched(".ab.", "axb") == Mismatch(1 + 1, 1, 0)
    assert matched(".aab.", "aaab") == Match(((1, 1), (2, 2), (3, 3)), (0,))


def test_no_printed_line_counts_twice() -> None:
    assert mismatched("a.a", "a") == Mismatch(2, 2, 1)
    assert mismatched(".ab.bc", "abc") == Mismatch(4, 4, 2)


def test_more_than_the_page_shows_is_a_mismatch_at_no_line_of_it() -> None:
    assert mismatched("ab", "abc") == Mismatch(None, 0, 0)
    assert mismatched("", "a") == Mismatch(None, 0, 0)


def test_less_than_the_page_shows_is_a_mismatch_at_the_first_missing_line() -> None:
    assert mismatched("abc", "ab") == Mismatch(2, 0, 0)
    assert mismatched("a", "") == Mismatch(0, 0, 0)
    assert mismatched(".a", "") == Mismatch(1, 1, 0)


def test_a_mismatch_is_at_the_first_line_that_differs() -> None:
    assert mismatched("axc", "abc") == Mismatch(1, 0, 0)
    assert mismatched("a.bxd.e", "a12bcd3e") == Mismatch(3, 2, 1)
    assert mismatched("a.xc", "abc") == Mismatch(2, 2, 1)


def test_a_mismatch_says_how_far_the_lines_agree() -> None:
    found = mismatched("a.b.x", "a1b2y")
    assert found == Mismatch(4, 4, 3)


def test_blank_lines_count() -> None:
    assert isinstance(match(["a", "", "b"], ["a", "", "b"]), Match)
    assert match(["a", "b"], ["a", "", "b"]) == Mismatch(1, 0, 0)


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_what_python_takes_for_a_line_end_is_part_of_a_line(separator: str) -> None:
    line = f"a{separator}b"
    assert match([line], [line]) == Match(((0, 0),), ())
    assert tidy([line]) == [line]
    assert any(separator in row for row in diff([line], ["a", "b"]))


some_lines = st.lists(st.sampled_from("ab"), max_size=8).map("".join)
some_page = st.lists(st.sampled_from("ab."), max_size=6).map("".join)


@given(some_page, some_lines)
def test_it_agrees_with_trying_everything(shown: str, printed: str) -> None:
    found = match(lines(shown), list(printed))
    assert isinstance(found, Match) == holds(lines(shown), list(printed))


@given(some_page, some_lines)
def test_what_is_found_accounts_for_the_lines(shown: str, printed: str) -> None:
    found = match(lines(shown), list(printed))
    if isinstance(found, Match):
        taken = [at for _, at in found.pairs]
        assert [shown[on_page] for on_page, _ in found.pairs] == [printed[at] for at in taken]
        assert [on_page for on_page, _ in found.pairs] == [
            position for position, line in enumerate(shown) if line != "."
        ]
        assert taken == sorted(taken)
        assert sorted([*taken, *found.hidden]) == list(range(len(printed)))
        return
    assert 0 <= found.printed <= len(printed)
    assert holds([*lines(shown[: found.agreed]), "..."], list(printed))
    if found.shown is None:
        assert "." not in shown
    else:
        assert shown[found.shown] != "."
        assert found.agreed <= found.shown


text = st.text(st.characters(exclude_characters="\n"), max_size=12).filter(
    lambda line: not is_ellipsis(line)
)


@given(st.lists(text), st.data())
def test_whatever_is_printed_passes_with_ellipses_anywhere(
    printed: list[str], data: st.DataObject
) -> None:
    shown: list[str] = []
    for line in tidy(printed):
        shown += data.draw(st.sampled_from([[line], [line], ["..."], ["...", line]]))
    assert isinstance(match(tidy(shown), tidy(printed)), Match)


@given(st.lists(text, min_size=1), st.data())
def test_no_line_can_be_changed_added_or_removed(printed: list[str], data: st.DataObject) -> None:
    page = tidy(printed)
    assume(page)
    position = data.draw(st.integers(0, len(page) - 1))
    other = data.draw(text.map(str.rstrip).filter(lambda line: line != page[position]))
    for edited in (
        [*page[:position], other, *page[position + 1 :]],
        [*page[:position], other, *page[position:]],
        [*page[:position], *page[position + 1 :]],
    ):
        if edited != page:
            assert isinstance(match(edited, page), Mismatch)
            assert isinstance(match(page, edited), Mismatch)


class Counted(str):
    """A line that counts how often it is compared."""

    __hash__ = str.__hash__
    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__ne__(self, other)


def comparisons(shown: Sequence[str], printed: Sequence[str]) -> int:
    Counted.compared = 0
    match([Counted(line) for line in shown], [Counted(line) for line in printed])
    return Counted.compared


@pytest.mark.parametrize("piece", [["a"] * 99 + ["b"], ["a", "b"] * 50, ["b"] + ["a"] * 99])
@pytest.mark.parametrize("last", [[], ["c"]])
def test_comparisons_are_linear_in_the_lines(piece: list[str], last: list[str]) -> None:
    shown = [*["...", *piece] * 50, "...", *last]
    printed = ["a"] * 20_000
    assert 20_000 <= comparisons(shown, printed) <= 4 * (len(printed) + len(shown))
    printed = (["a"] * 300 + piece) * 50
    assert comparisons(shown, printed) <= 4 * (len(printed) + len(shown))


def test_a_difference_has_the_signs_of_a_diff_and_no_headers() -> None:
    assert diff(["a", "b", "c"], ["a", "x", "c"]) == [" a", "-b", "+x", " c"]
    assert diff(["@@", "--- a"], ["@@", "+++ b"]) == [" @@", "---- a", "++++ b"]
    assert diff(["a"], ["a"]) == []


def test_a_difference_shows_three_lines_around_it() -> None:
    numbers = [str(number) for number in range(20)]
    rows = diff(numbers, [*numbers[:10], "x", *numbers[11:]])
    assert rows == [" 7", " 8", " 9", "-10", "+x", " 11", " 12", " 13"]


def test_a_difference_is_shown_however_far_behind_the_beginning_it_is() -> None:
    numbers = [str(number) for number in range(5000)]
    assert diff(numbers, [*numbers[:4998], "x"]) == [
        *(" 4995", " 4996", " 4997"),
        *("-4998", "-4999", "+x"),
    ]


def test_a_long_difference_is_cut_in_the_middle_and_says_by_how_much() -> None:
    rows = diff([str(number) for number in range(100)], ["x"])
    assert rows[:2] == ["-0", "-1"]
    assert rows[40] == "... 21 lines left out ..."
    assert rows[-2:] == ["-99", "+x"]
    assert len(rows) == 81


def test_lines_far_behind_the_first_difference_are_only_counted() -> None:
    rows = diff(["a", *map(str, range(5000))], ["b", *map(str, range(5000))])
    assert rows == ["-a", "+b", " 0", " 1", " 2", f"... {2 * 3001} lines left out ..."]


@given(st.lists(text, max_size=6), st.lists(text, max_size=6))
def test_a_difference_leads_from_one_side_to_the_other(a: list[str], b: list[str]) -> None:
    rows = diff(a, b)
    removed = [row[1:] for row in rows if row[0] == "-"]
    added = [row[1:] for row in rows if row[0] == "+"]
    assert Counter(a) - Counter(removed) + Counter(added) == Counter(b)
    assert bool(rows) == (a != b)


def test_a_difference_has_no_line_that_differs_in_values_only() -> None:
    date = {"date": re.compile(r"\d{4}-\d\d-\d\d")}
    shown, found = ["on 2024-01-01", "a", "b"], ["on 2026-11-22", "a", "on 2026-11-23"]
    rows = difference(Placeholders({}, date, 80), shown, found)
    assert rows == [" on 2024-01-01", " a", "-b", "+on 2024-01-01"]
