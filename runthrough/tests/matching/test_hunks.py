"""A diff on a page says which lines a file holds, and which it holds afterwards."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runthrough.matching.hunks import Hunk, PatchError, changed, old_lines, read_hunks
from runthrough.model.places import Place
from runthrough.model.steps import Line

PAGE = Path("page.rst")


def hunks(text: str) -> tuple[Hunk, ...]:
    """Read a diff whose lines are numbered from 1."""
    lines = enumerate(text.split("\n"), 1)
    return read_hunks([Line(line, Place(PAGE, number)) for number, line in lines])


def changes(text: str) -> list[tuple[list[str], list[str]]]:
    """Read the old and the new lines of each hunk of a diff."""
    return [both_sides(hunk) for hunk in hunks(text)]


def both_sides(hunk: Hunk) -> tuple[list[str], list[str]]:
    """Return the lines of a file before and after a hunk."""
    old = [line.text for line in old_lines(hunk)]
    return old, list(changed(hunk, old, lambda line: line.text))


def refused(text: str) -> PatchError:
    with pytest.raises(PatchError) as caught:
        hunks(text)
    return caught.value


def test_context_stays_and_the_signs_say_the_rest() -> None:
    assert changes(" a\n-b\n+c\n d") == [(["a", "b", "d"], ["a", "c", "d"])]


def test_lines_know_their_places() -> None:
    (hunk,) = hunks("@@\n a\n-b\n+c")
    assert hunk[0].place == Place(PAGE, 2)
    assert old_lines(hunk) == (Line("a", Place(PAGE, 2)), Line("b", Place(PAGE, 3)))
    assert list(changed(hunk, ["a", "b"], lambda line: f"{line.place.line}")) == ["a", "4"]


def test_lines_that_a_diff_keeps_stay_as_they_are() -> None:
    (hunk,) = hunks(" a\n-b\n+c\n d")
    assert list(changed(hunk, ["a  ", "b ", "d\t"], lambda line: line.text)) == ["a  ", "c", "d\t"]


def test_added_lines_end_as_those_of_the_file() -> None:
    (hunk,) = hunks("-b\n+c\n+d")
    assert list(changed(hunk, ["b\r"], lambda line: line.text)) == ["c\r", "d\r"]


def test_each_at_line_begins_a_hunk_and_need_not_be_there() -> None:
    assert changes("-a\n@@ -5,1 +4,0 @@ def f():\n-b\n+c\n@@\n d\n+e") == [
        (["a"], []),
        (["b"], ["c"]),
        (["d"], ["d", "e"]),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "--- a/one.py\n+++ b/one.py",
        "diff --git a/one.py b/one.py",
        "diff --git a/one.py b/one.py\nindex 9daeafb..180cf83 100644\n--- a/one.py\n+++ b/one.py",
    ],
)
@pytest.mark.parametrize("at", ["", "@@ -1 +1 @@\n"])
def test_file_headers_are_passed_over(header: str, at: str) -> None:
    assert changes(f"{header}\n{at}-a\n+b") == [(["a"], ["b"])]


@pytest.mark.parametrize("start", ["", "@@\n", "--- a/one.sql\n+++ b/one.sql\n"])
def test_a_removed_comment_of_sql_is_no_file_header(start: str) -> None:
    assert changes(f"{start}--- a comment\n select 1;") == [
        (["-- a comment", "select 1;"], ["select 1;"])
    ]


@pytest.mark.parametrize("start", ["", "@@\n", "--- a\n+++ b\n"])
def test_added_plus_signs_are_no_file_header(start: str) -> None:
    assert changes(f"{start}+++ i;\n i = 1;") == [(["i = 1;"], ["++ i;", "i = 1;"])]


@pytest.mark.parametrize(
    ("text", "line", "what", "advice"),
    [
        ("--- /dev/null\n+++ b/one.py\n@@ -0,0 +1 @@\n+a", 1, "creates a file", ":create:"),
        ("new file mode 100644\n--- /dev/null\n+++ b/one.py\n+a", 2, "creates a file", ":create:"),
        ("--- a/one.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-a", 2, "deletes its file", "'rm'"),
    ],
)
def test_a_diff_that_creates_or_deletes_its_file_is_a_problem(
    text: str, line: int, what: str, advice: str
) -> None:
    error = refused(text)
    assert error.place.line == line
    assert what in error.what
    assert advice in error.advice


def test_a_note_on_the_end_of_the_file_is_passed_over() -> None:
    note = "\\ No newline at end of file"
    assert changes(f" a\n-b\n{note}\n+c\n{note}") == [(["a", "b"], ["a", "c"])]


def test_a_file_header_within_a_hunk_is_a_change() -> None:
    assert changes(" a\n--- b\n+++ c") == [(["a", "-- b"], ["a", "++ c"])]


def test_an_empty_line_is_an_empty_line_of_context() -> None:
    assert changes(" a\n\n-b") == [(["a", "", "b"], ["a", ""])]


def test_blanks_after_the_sign_belong_to_the_line() -> None:
    assert changes("-  a\n+    a\n+\tb\n+") == [(["  a"], ["    a", "\tb", ""])]


@pytest.mark.parametrize("sign", ["a", "\\", "\t", "\N{EN DASH}", "@", "*"])
def test_a_line_with_another_sign_is_a_problem(sign: str) -> None:
    error = refused(f"-a\n{sign} b\n+c")
    assert error.place.line == 2
    assert repr(sign) in error.what


@pytest.mark.parametrize(
    "text", [" a\n b", "-a\n@@\n b", "--- a\n+++ b", "@@\n@@", "--- a\n+++ b\n@@"]
)
def test_a_diff_that_changes_nothing_is_a_problem(text: str) -> None:
    error = refused(text)
    assert "changes nothing" in error.what
    assert error.place.line == (3 if text.startswith("-a") else 1)


def test_lines_that_are_only_added_could_go_anywhere() -> None:
    error = refused("-a\n@@\n+b\n+c")
    assert error.place.line == 3
    assert "where" in error.what


text_lines = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=8)
files = st.lists(text_lines | st.sampled_from(["-- a", "++ a", "- a", "@@", ""]), min_size=1)


def reverse(hunk: Hunk) -> Hunk:
    """Exchange added and removed lines."""
    signs = str.maketrans("+-", "-+")
    return tuple(Line(one.text[:1].translate(signs) + one.text[1:], one.place) for one in hunk)


@given(files, files, st.booleans())
def test_a_diff_of_two_files_leads_from_one_to_the_other_and_back(
    before: list[str], after: list[str], headers: bool
) -> None:
    assume(before != after)
    rows = list(difflib.unified_diff(before, after, "a", "b", n=len(before), lineterm=""))
    # docutils gives lines without the blanks at their ends; a line of context can be one blank.
    rows = ["" if row == " " else row for row in rows]
    (hunk,) = hunks("\n".join(rows if headers else rows[2:]))
    assert both_sides(hunk) == (before, after)
    assert both_sides(reverse(hunk)) == (after, before)


@given(st.lists(st.text(alphabet="+-@ ab\\", max_size=4), min_size=1))
def test_any_lines_are_a_diff_or_refused_at_one_of_them(lines: list[str]) -> None:
    try:
        found = hunks("\n".join(lines))
    except PatchError as error:
        assert error.place.line in range(1, len(lines) + 1)
    else:
        assert all(map(old_lines, found))
