"""What a terminal receives becomes the lines that a person at it sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runthrough.matching.screen import MOVES, visible_lines
from runthrough.matching.terminal import ROWS, Screen


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
    """Run one line's tokens as a terminal does, one cell at a time."""
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


UP = "\x1b[2A"
CLEAR = "\x1b[2K"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("ok\x1b[10Gend\n", ["ok       end"]),
        (f"load a\nload b\n{UP}{CLEAR}done a\n{CLEAR}done b\n", ["done a", "done b"]),
        (
            f"a: wait\nb: wait\n{UP}a: done\x1b[K\r\x1b[1Bb: done\x1b[K\r\x1b[1B",
            ["a: done", "b: done"],
        ),
        ("one\ntwo\nthree\x1b[1;1HONE\x1b[3;1HTHREE\n", ["ONE", "two", "THREE"]),
        ("one\ntwo\n\x1b[H\x1b[2J\x1b[3Jnew\n", ["new"]),
        ("one\ntwo\n\x1b[1F\x1b[Jnew\n", ["one", "new"]),
        ("a\x1b7\nb\n\x1b8c\n", ["ac", "b"]),
        ("a\x1b[s\nb\n\x1b[uc\n", ["ac", "b"]),
        ("before\n\x1b[?1049h\x1b[Hmenu\n\x1b[?1049lafter\n", ["before", "after"]),
        ("abcdef\x1b[3D\x1b[2PX\n", ["abcX"]),
        ("abc\x1b[3D\x1b[2@X\n", ["X abc"]),
        ("abcdef\x1b[4D\x1b[2X\n", ["ab  ef"]),
        ("one\ntwo\n\x1b[2A\x1b[Lnew\n", ["new", "one", "two"]),
        ("one\ntwo\nthree\n\x1b[2A\x1b[M\n", ["one", "three"]),
        ("a\x1b[3Cb\n", ["a   b"]),
        ("\x1b[5A\x1b[99DX\n", ["X"]),
        ("日本\x1b[3G語\n", ["日語"]),
        ("日本\x1b[2Gx\n", [" x本"]),
        ("a\x1b[1A\x1b[31mb\x1b[0m\x1b]0;title\x07\n", ["ab"]),
    ],
)
def test_the_cursor_goes_where_it_is_sent(text: str, seen: list[str]) -> None:
    assert visible_lines(text) == seen


def test_a_redraw_of_a_wrapped_line_counts_the_rows_of_the_terminal() -> None:
    long = "x" * 100
    assert visible_lines(f"{long}\n\x1b[2A\x1b[Jshort\n", 80) == ["short"]
    assert visible_lines(f"{long}\n\x1b[2A\x1b[Jshort\n", 200) == ["short"]
    assert visible_lines(f"top\n{long}\n\x1b[1A\x1b[Kend\n", 80) == ["top", "x" * 80 + "end"]


def test_a_line_that_the_terminal_wraps_is_one_line() -> None:
    long = "word " * 40 + "end"
    assert visible_lines(f"{long}\n\x1b[1Cb\n") == [long, " b"]


def test_lines_that_have_scrolled_away_are_kept_and_out_of_reach() -> None:
    lines = [str(number) for number in range(100)]
    text = "".join(f"{line}\n" for line in lines)
    assert visible_lines(f"{text}\x1b[1Aend\x1b[K\n") == [*lines[:-1], "end"]
    reached = visible_lines(f"{text}\x1b[999ATOP\n")
    assert reached == [*lines[: 100 - ROWS + 1], "TOP", *lines[100 - ROWS + 2 :]]


def test_a_status_line_below_a_scroll_region_does_not_scroll() -> None:
    text = "\x1b[1;23r\x1b[24;1Hstatus\x1b[1;1H" + "".join(f"{n}\n" for n in range(30))
    assert visible_lines(text + "\x1b[r\x1b[24;1H\x1b[K") == [str(n) for n in range(30)]


@pytest.mark.parametrize("final", list("ABCDEFGHJKLMPSTX@`adefrsu"))
def test_no_number_takes_long_or_goes_beyond_the_screen(final: str) -> None:
    lines = visible_lines(f"a\x1b[999999999999{final}b\n\x1b[1Cc\n")
    assert len(lines) <= 3 * ROWS
    assert all(len(line) <= 80 for line in lines)


@given(st.binary(max_size=300))
def test_any_bytes_leave_a_cursor_on_the_screen(data: bytes) -> None:
    screen = Screen(20)
    screen.feed(data.decode("latin-1"))
    assert screen.top <= screen.row < screen.top + ROWS
    assert 0 <= screen.column <= 20
    assert len(screen.rows) <= screen.top + ROWS
    assert all(len(row.cells) <= 20 for row in screen.rows)


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "M"]))))
def test_text_is_the_same_with_and_without_the_screen(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    assert not MOVES.search(text)
    screen = Screen(20)
    screen.feed(text)
    shown = [line.rstrip() for line in screen.lines()]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    assert shown == [line.rstrip() for line in lines]


numbers = st.sampled_from(["", "1", "2", "5", "30"])
sequences = st.builds("\x1b[{}{}".format, numbers, st.sampled_from("ABCDEFGd"))
erasures = st.sampled_from(["\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[J", "\x1b[1J", "\x1b[2J"])
places = st.sampled_from(["\x1b[H", "\x1b[3;4H", "\x1b[30;30f", "\x1bM", "\x1bD"])
words = st.text(alphabet="abc ", min_size=1, max_size=25)
controls = st.sampled_from(["\r", "\n", "\n", "\n\n", "\b", "\t"])


@given(st.lists(sequences | erasures.map("\r".__add__) | places | words | controls, max_size=40))
def test_another_terminal_shows_the_same(tokens: list[str]) -> None:
    pyte = pytest.importorskip("pyte")
    text = "".join(tokens)
    theirs = pyte.Screen(20, ROWS)
    pyte.Stream(theirs).feed(text.replace("\n", "\r\n"))
    ours = Screen(20)
    ours.feed(text)
    ours.at(ours.top + ROWS - 1)
    shown = ["".join(row.cells).rstrip() for row in ours.rows[ours.top :]]
    assert shown == [line.rstrip() for line in theirs.display]
    assert (ours.row - ours.top, min(ours.column, 19)) == (
        theirs.cursor.y,
        min(theirs.cursor.x, 19),
    )
