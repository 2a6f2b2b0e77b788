"""Lines of a page are looked up in its source, as the author wrote them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from docutils.statemachine import string2lines
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runthrough.model.places import Place
from runthrough.reading.sources import authors_text, find_near, first_line, lines_of, source_line


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "page.rst"


def test_lines_are_counted_from_one(page: Path) -> None:
    page.write_text("one\n\nthree", encoding="utf-8")
    lines = [source_line(Place(page, number)) for number in range(5)]
    assert lines == [None, "one", "", "three", None]


def test_a_page_may_have_the_line_ends_of_windows(page: Path) -> None:
    page.write_bytes("one\r\nzwei Ä\r\n\tdrei\r\n".encode())
    assert source_line(Place(page, 2)) == "zwei Ä"
    assert authors_text("drei", Place(page, 3)) == "drei"


def test_a_page_that_is_not_there_has_no_lines(page: Path) -> None:
    assert source_line(Place(page, 1)) is None
    assert source_line(Place(page.parent, 1)) is None
    assert authors_text("a       b", Place(page, 1)) == "a       b"


def test_a_page_that_is_no_text_has_lines(page: Path) -> None:
    page.write_bytes(b"one\n\xff\n")
    assert source_line(Place(page, 2)) == "\N{REPLACEMENT CHARACTER}"


def test_a_page_that_changes_is_read_again(page: Path) -> None:
    page.write_text("old\n", encoding="utf-8")
    assert source_line(Place(page, 1)) == "old"
    page.write_text("new\n", encoding="utf-8")
    os.utime(page, ns=(0, page.stat().st_mtime_ns + 1))
    assert source_line(Place(page, 1)) == "new"


@pytest.mark.parametrize(
    ("source", "shown", "text"),
    [
        ("    a\tb", "a   b", "a\tb"),
        ("\ta\tb", "a       b", "a\tb"),
        ("   \ta", "        a"[3:], "\ta"),
        ("   a\tb\t  ", "a    b", "a\tb"),
        ("   a    b", "a    b", "a    b"),
        ("   - a\tb", "a  b", "a\tb"),
        ("   日本\tb", "日本   b", "日本\tb"),
    ],
)
def test_tabs_are_given_back(page: Path, source: str, shown: str, text: str) -> None:
    page.write_text(f"above\n{source}\n", encoding="utf-8")
    assert source.rstrip().expandtabs().endswith(shown)
    assert authors_text(shown, Place(page, 2)) == text


@pytest.mark.parametrize("shown", ["", "x", "x    b", "other   line", "a\tb"])
def test_a_line_that_is_another_one_in_the_source_stays_as_it_is(page: Path, shown: str) -> None:
    page.write_text("   a\tb\n", encoding="utf-8")
    assert authors_text(shown, Place(page, 1)) == shown


def test_blanks_stay_blanks_where_the_margin_is_within_a_tab(page: Path) -> None:
    page.write_text("\ta\n", encoding="utf-8")
    assert authors_text("    a", Place(page, 1)) == "    a"


blank = st.text(alphabet=" \t", max_size=6)
content = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], include_characters="\t "),
    min_size=1,
    max_size=20,
).filter(lambda text: text.strip() and text == text.rstrip())


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blank, content)
def test_what_the_author_wrote_comes_back(page: Path, margin: str, text: str) -> None:
    page.write_text(f"above\n{margin}{text}\nbelow\n", encoding="utf-8")
    lines_of.cache_clear()  # these changes are too fast for some file systems' clocks
    _, expanded, _ = string2lines(page.read_text(encoding="utf-8"), 8, convert_whitespace=True)
    shown = expanded[len(margin.expandtabs(8)) :]
    assert authors_text(shown, Place(page, 2)) == text


def test_a_text_is_found_at_its_place_or_after_it(page: Path) -> None:
    page.write_text("a\nb\na b\nc\n", encoding="utf-8")
    assert find_near("a", Place(page, 1)) == Place(page, 1)
    assert find_near("a", Place(page, 2)) == Place(page, 3)
    assert find_near("b", Place(page, 1)) == Place(page, 2)


def test_a_text_that_is_not_near_is_said_to_be_at_the_place_itself(page: Path) -> None:
    page.write_text("a\n" * 50 + "b\n", encoding="utf-8")
    assert find_near("b", Place(page, 1)) == Place(page, 1)
    assert find_near("b", Place(page, 11)) == Place(page, 11)
    assert find_near("b", Place(page, 12)) == Place(page, 51)
    assert find_near("a", Place(page, 51)) == Place(page, 51)


@pytest.mark.parametrize(
    ("source", "at", "texts", "expected"),
    [
        ("::\n\n   $ a\n   b", 3, ["$ a", "b"], 3),
        ("::\n\n   a\n   a", 3, ["a", "a"], 3),
        ("::\n\n\ta\tb\n\ta\tb", 3, ["a       b", "a       b"], 3),
        ("```console\n$ a\n```", 1, ["$ a"], 2),
        ("- ~~~\n  a\tb\n  ~~~", 1, ["a     b"], 2),
        ("~~~ a\na\n~~~", 1, ["a"], 2),
        ("> ```\n>\n> a\n> ```", 1, ["", "a"], 2),
        ("```\nother\n```", 1, ["a"], 1),
    ],
)
def test_the_first_line_of_a_block_is_under_a_fence_and_not_under_a_line_of_it(
    page: Path, source: str, at: int, texts: list[str], expected: int
) -> None:
    page.write_text(source, encoding="utf-8")
    assert first_line(texts, Place(page, at)) == Place(page, expected)
