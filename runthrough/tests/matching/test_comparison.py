"""Which lines are the same: one rule for all that a page shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runthrough.matching import comparison
from runthrough.matching.alignment import difference, is_ellipsis
from runthrough.matching.comparison import count_same, is_part, prefix_length, same_lines, search
from runthrough.matching.edits import INSERTED, align
from runthrough.matching.placeholders import Placeholders

some_lines = st.text("ab", max_size=12)
CONF = """\
extensions = ["runthrough"]
runthrough_exports = {"../sample": {"page": "index", "folder": "project"}}
"""
PAGE = """\
Page
====

.. code-block:: console

   $ mkdir project; cd project
   $ echo One Line; echo more; echo Another
   One Line
   ...
   Another
   $ printf 'First\\nSecond\\n  Third\\n  Fourth\\n' > file

.. code-block:: text
   :quotes:

   One Line

.. code-block:: text
   :quotes:

   Anoth

.. code-block:: text
   :caption: file

   First
   Second
   # ...
   Fourth

.. code-block:: diff
   :caption: file

    First
   -Second
   +Other
"""
EXPORTED = "First\nOther\n  Third\n  Fourth\n"
WRONG = {
    "an output": ("   One Line\n   ...", "   ONE LINE\n   ..."),
    "an excerpt": ("   One Line\n\n", "   ONE LINE\n\n"),
    "a part of a line": ("   Anoth\n", "   ANOTH\n"),
    "a listing": ("   Second\n   # ...\n", "   SECOND\n   # ...\n"),
    "an indented listing": ("   # ...\n   Fourth", "   # ...\n   FOURTH"),
    "a patch": ("-Second", "-SECOND"),
    "an export": ("Other\n  Third", "Other\n  THIRD"),
}
"""Lines that are right, and the same ones in the wrong case."""


def ignore_case(shown: str, found: str) -> bool:
    """Return whether two lines are the same by another rule."""
    return shown.casefold() == found.casefold()


def write_site(folder: Path, *wrong: str) -> Path:
    """Write a page and an exported folder, with some of its lines in the wrong case."""
    page, exported = PAGE, EXPORTED
    for right, replaced in (WRONG[name] for name in wrong):
        assert (page + exported).count(right) == 1
        page, exported = page.replace(right, replaced), exported.replace(right, replaced)
    for name, text in (
        ("docs/conf.py", CONF),
        ("docs/index.rst", page),
        ("sample/file", exported),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder / "docs/index.rst"


def test_everything_follows_a_changed_rule(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "same_line", ignore_case)
    write_site(pytester.path, *WRONG)
    pytester.runpytest_inprocess("--runthrough", "docs").assert_outcomes(passed=7)


@pytest.mark.parametrize("wrong", WRONG)
def test_case_counts_by_the_usual_rule(wrong: str, pytester: pytest.Pytester) -> None:
    write_site(pytester.path, wrong)
    outcomes = pytester.runpytest_inprocess("--runthrough", "docs").parseoutcomes()
    assert outcomes["failed"] >= 1


def test_an_update_leaves_what_is_the_same_by_the_rule(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "same_line", ignore_case)
    page = write_site(pytester.path, *WRONG)
    before = page.read_text().replace("   Another\n", "   Another one\n")
    page.write_text(before)
    options = ("--runthrough", "--runthrough-update", "--runthrough-update-anyway")
    pytester.runpytest_inprocess(*options, "docs").assert_outcomes(passed=7)
    assert page.read_text() == before.replace("   Another one\n", "   Another\n")


def test_a_difference_has_no_line_that_is_the_same_by_the_rule(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comparison, "same_line", ignore_case)
    rows = difference(Placeholders({}, {}, 80), ["A", "b", "C"], ["a", "x", "c"])
    assert rows == [" A", "-b", "+x", " C"]


def test_an_alignment_keeps_what_is_the_same_by_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "same_line", ignore_case)
    alignment = align(["A", "B"], ["a", "x", "b"], is_ellipsis, part=False)
    assert alignment is not None
    assert (alignment.kept, alignment.cost) == (((0, 0), (1, 2)), INSERTED)


@given(st.text("ab?", min_size=1, max_size=6), some_lines)
def test_a_search_holds_for_a_rule_by_which_a_line_stands_for_any_other(
    piece: str, printed: str
) -> None:
    def any_for_question_mark(shown: str, found: str) -> bool:
        return shown in ("?", found)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(comparison, "same_line", any_for_question_mark)
        whole = [at for at in range(len(printed)) if count_same(piece, printed, at) == len(piece)]
        longest = max((prefix_length(piece, printed, at) for at in range(len(printed))), default=0)
        found, length = search(piece, printed, 0)
    assert (found, length) == ((whole or [0])[0], longest)


@given(some_lines.filter(bool), some_lines, st.integers(0, 3))
def test_a_search_finds_the_first_place_or_the_longest_beginning(
    piece: str, printed: str, start: int
) -> None:
    found, length = search(piece, printed, start)
    if piece in printed[start:]:
        assert (found, length) == (printed.index(piece, start), len(piece))
    else:
        beginnings = [n for n in range(len(piece)) if piece[:n] in printed[start:]]
        assert (found, length) == (start, max(beginnings))


def test_a_search_for_nothing_ends_where_it_began() -> None:
    assert search([], ["a"], 1) == (1, 0)


def test_a_prefix_ends_with_either_side() -> None:
    assert prefix_length("abc", "abd", 0) == 2
    assert prefix_length("abc", "xab", 1) == 2
    assert prefix_length("ab", "abc", 0) == 2
    assert prefix_length("ab", "ab", 5) == 0


def test_lines_are_the_same_one_by_one_and_as_many() -> None:
    assert same_lines(["a", "b"], ["a", "b"])
    assert same_lines([], [])
    assert not same_lines(["a", "b"], ["a"])
    assert not same_lines(["a"], ["a", "b"])
    assert not same_lines(["a", "b"], ["a", "c"])


def test_a_part_of_a_line_may_come_anywhere_in_it() -> None:
    assert all(is_part(part, "abc") for part in ("abc", "a", "bc", ""))
    assert not any(is_part(part, "abc") for part in ("ac", "abcd", "d"))
