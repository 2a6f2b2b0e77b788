"""What a terminal receives becomes the lines that a person at it sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runthrough.matching.screen import visible_lines


def test_nothing_printed_is_no_line() -> None:
    assert visible_lines("") == []


def test_a_line_end_ends_a_line_and_begins_none() -> None:
    assert visible_lines("a\n") == ["a"]
    assert visible_lines("\n") == [""]
    assert visible_lines("a\n\nb\n\n") == ["a", "", "b", ""]


def test_the_last_line_need_not_end() -> None:
    assert visible_lines("a\nb") == ["a", "b"]


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b[31m",
        "\x1b[0m",
        "\x1b[m",
        "\x1b[38;5;196m",
        "\x1b[38:2::1:2:3m",
        "\x1b[?25l",
        "\x1b[?2004h",
        "\x1b[2 q",
        "\x1b[1A",
        "\x1b[2J",
        "\x1b(B",
        "\x1b=",
        "\x1b7",
        "\x1b]0;a title\x07",
        "\x1b]0;a title\x1b\\",
        "\x1b]8;;https://example.org/\x1b\\",
        "\x1bP1$r0m\x1b\\",
        "\x07",
        "\x0e",
        "\x00",
        "\x7f",
    ],
)
def test_what_writes_no_text_is_taken_out(sequence: str) -> None:
    assert visible_lines(f"a{sequence}b{sequence}\n{sequence}c\n") == ["ab", "c"]


def test_brackets_and_letters_without_an_escape_are_text() -> None:
    assert visible_lines("a[31mb ]0;c [K\n") == ["a[31mb ]0;c [K"]


def test_a_progress_bar_leaves_its_last_state() -> None:
    assert visible_lines("  0%\r 50%\r100%\nDone\n") == ["100%", "Done"]


def test_what_a_shorter_text_does_not_cover_stays() -> None:
    assert visible_lines("Downloading\rDone\n") == ["Doneloading"]


def test_a_cleared_line_is_written_anew() -> None:
    assert visible_lines("Downloading\r\x1b[KDone\n") == ["Done"]
    (line,) = visible_lines("Downloading\x1b[2K\rDone\n")
    assert line.rstrip() == "Done"


def test_a_carriage_return_before_the_line_end_erases_nothing() -> None:
    assert visible_lines("a\r\nb\r\r\nc\r") == ["a", "b", "c"]


def test_a_backspace_goes_back_and_not_beyond_the_margin() -> None:
    assert visible_lines("/\b-\b\\\b|\n") == ["|"]
    assert visible_lines("\b\bab\n") == ["ab"]
    assert visible_lines("abc\b\b\b\b\bX\n") == ["Xbc"]


def test_erasing_to_the_left_takes_the_character_under_the_cursor() -> None:
    assert visible_lines("abcd\b\b\x1b[1K\n") == ["   d"]
    assert visible_lines("abcd\b\b\x1b[1KX\n") == ["  Xd"]
    assert visible_lines("ab\x1b[1K\n") == ["  "]


def test_erasing_the_line_leaves_the_cursor_where_it_was() -> None:
    assert visible_lines("abc\x1b[2KX\n") == ["   X"]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_only_a_line_feed_ends_a_line(separator: str) -> None:
    assert visible_lines(f"a{separator}b\n") == [f"a{separator}b"]


def test_text_beyond_ascii_stays_as_it_is() -> None:
    assert visible_lines("Grüße 日本 e\u0301 🎉\n") == ["Grüße 日本 e\u0301 🎉"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\ta", "        a"),
        ("a\tb\tc", "a       b       c"),
        ("1234567\ta", "1234567 a"),
        ("12345678\ta", "12345678        a"),
        ("日本\ta", "日本    a"),
        ("e\u0301\ta", "e\u0301       a"),
    ],
)
def test_a_tab_goes_to_the_next_stop(text: str, seen: str) -> None:
    assert visible_lines(f"{text}\n") == [seen]


def test_a_tab_writes_over_nothing() -> None:
    assert visible_lines("123456789\r\tX\n") == ["12345678X"]


def test_a_wide_character_covers_two_others() -> None:
    assert visible_lines("abcd\r日\n") == ["日cd"]
    assert visible_lines("日本\rab\n") == ["ab本"]


def test_an_escape_that_nobody_knows_is_kept_to_be_shown() -> None:
    assert visible_lines("a\x1b\n\x1b]0;endless\n") == ["a\x1b", "\x1b]0;endless"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cc"]))))
def test_text_without_control_characters_is_shown_as_it_is(lines: list[str]) -> None:
    assert visible_lines("".join(f"{line}\n" for line in lines)) == lines


@given(st.text())
def test_any_text_becomes_lines_that_move_no_cursor(text: str) -> None:
    for line in visible_lines(text):
        assert not set(line) & set("\n\r\b\t\0\x07\x7f")


@given(st.binary())
def test_any_bytes_become_lines(data: bytes) -> None:
    lines = visible_lines(data.decode("utf-8", errors="backslashreplace"))
    assert len(lines) == data.count(b"\n") + (not data.endswith(b"\n") and bool(data))


def on_paper(tokens: list[str]) -> str:
    """Perform one line's tokens as a terminal does, one cell at a time."""
    cells: dict[int, str] = {}
    cursor = 0
    for token in tokens:
        match token:
            case "\r":
                cursor = 0
            case "\b":
                cursor -= cursor > 0
            case "\t":
                cursor = cursor // 8 * 8 + 8
            case "\x1b[K" | "\x1b[0K":
                cells = {at: cell for at, cell in cells.items() if at < cursor}
            case "\x1b[1K":
                cells = {at: cell for at, cell in cells.items() if at > cursor}
            case "\x1b[2K":
                cells = {}
            case _:
                for character in token:
                    cells[cursor] = character
                    cursor += 1
    return "".join(cells.get(at, " ") for at in range(max(cells, default=-1) + 1)).rstrip()


moves = st.sampled_from(["\r", "\b", "\t", "\x1b[K", "\x1b[0K", "\x1b[1K", "\x1b[2K"])


@given(st.lists(moves | st.text(alphabet="abc ", min_size=1, max_size=4)))
def test_what_is_written_over_a_line_stands_in_its_place(tokens: list[str]) -> None:
    (line,) = visible_lines("".join(tokens) + "\n")
    assert line.rstrip() == on_paper(tokens)
