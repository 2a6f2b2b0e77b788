"""Outputs that are not what the page shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from runthrough.shell.terminal import Capture

if TYPE_CHECKING:
    from tests.conftest import RanPage

RunPage = Callable[[str], "RanPage"]


def test_a_wrong_output(run_page: RunPage) -> None:
    ran = run_page("wrong-output")
    assert ran.failure.place == ran.at("   4")
    assert ran.failure.command_place == ran.at("$ seq 3")
    assert ran.failure.difference == (" 1", "-4", "+2", " 3")
    assert "If the output is right, put it on the page" in ran.failure.advice


def test_fewer_lines_than_printed(run_page: RunPage) -> None:
    ran = run_page("fewer-lines")
    assert ran.failure.command_place == ran.at("$ seq 3")
    assert ran.failure.place == ran.at("   2")
    assert "printed more than the page shows" in ran.failure.what
    assert ran.failure.difference == (" 1", " 2", "+3")


def test_more_lines_than_printed(run_page: RunPage) -> None:
    ran = run_page("more-lines")
    assert ran.failure.place == ran.at("   3")
    assert ran.failure.difference == (" 1", " 2", "-3")


def test_an_output_of_which_nothing_is_shown(run_page: RunPage) -> None:
    ran = run_page("nothing-shown")
    assert ran.failure.place == ran.at("$ seq 2")
    assert "the page shows no output" in ran.failure.what
    assert ran.failure.difference == ("+1", "+2")


def test_an_undocumented_warning(run_page: RunPage) -> None:
    ran = run_page("undocumented-warning")
    assert ran.failure.command_place == ran.at("$ sh -c")
    assert "printed more than the page shows" in ran.failure.what
    assert "+warning: colour is deprecated" in ran.failure.difference


def test_dots_that_would_hide_an_error(run_page: RunPage) -> None:
    ran = run_page("hidden-error")
    assert ran.failure.place == ran.at("   ...")
    assert ran.failure.command_place == ran.at("$ printf")
    assert "looks like an error: 'ERROR: no such package'" in ran.failure.what
    assert "runthrough_errors" in ran.failure.advice


def test_bytes_that_are_not_utf_8(run_page: RunPage) -> None:
    ran = run_page("not-utf-8")
    assert ran.failure.place == ran.at("$ printf")
    assert "line 2 of the output isn't UTF-8: byte 0xe9" in ran.failure.what
    assert ran.failure.printed == ("one", r"caf\xe9")
    assert "print text" in ran.failure.advice


def test_five_megabytes(run_page: RunPage) -> None:
    ran = run_page("five-megabytes")
    assert ran.failure.place == ran.at("$ echo begin")
    assert "printed 5.1 MB; no page shows more than 2 MB" in ran.failure.what
    printed = ran.failure.printed
    assert (printed[0], printed[-1]) == ("begin", "end")
    assert "... about 5.1 MB left out ..." in printed
    assert len(ran.report) < 4000
    assert "send its output to a file" in ran.failure.advice


def test_five_megabytes_in_one_line(run_page: RunPage) -> None:
    ran = run_page("one-long-line")
    assert ran.failure.place == ran.at("$ head")
    assert "printed 5.0 MB" in ran.failure.what
    assert "... about 5.0 MB left out ..." in ran.report
    assert len(ran.report) < 4000


def test_an_output_is_kept_in_bounded_memory() -> None:
    capture = Capture(kept=1000)
    for number in range(100):
        capture.add(bytes([number]) * 100)
        assert len(capture.head) + len(capture.tail) <= 3100
    assert capture.data() == b"".join(bytes([n]) * 100 for n in (*range(10), *range(90, 100)))
    assert capture.left_out == 8000
