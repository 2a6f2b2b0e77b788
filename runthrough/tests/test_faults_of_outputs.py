"""Outputs that are not what the page shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from runthrough.shell.terminal import Capture

if TYPE_CHECKING:
    from conftest import Walked

Walk = Callable[[str], "Walked"]


def test_a_wrong_output(walk: Walk) -> None:
    walked = walk("wrong-output")
    assert walked.failure.place == walked.at("   4")
    assert walked.failure.command_place == walked.at("$ seq 3")
    assert walked.failure.difference == (" 1", "-4", "+2", " 3")
    assert "If the output is right, put it on the page" in walked.failure.advice


def test_fewer_lines_than_printed(walk: Walk) -> None:
    walked = walk("fewer-lines")
    assert walked.failure.command_place == walked.at("$ seq 3")
    assert walked.failure.place == walked.at("   2")
    assert "printed more than the page shows" in walked.failure.what
    assert walked.failure.difference == (" 1", " 2", "+3")


def test_more_lines_than_printed(walk: Walk) -> None:
    walked = walk("more-lines")
    assert walked.failure.place == walked.at("   3")
    assert walked.failure.difference == (" 1", " 2", "-3")


def test_an_output_of_which_nothing_is_shown(walk: Walk) -> None:
    walked = walk("nothing-shown")
    assert walked.failure.place == walked.at("$ seq 2")
    assert "the page shows no output" in walked.failure.what
    assert walked.failure.difference == ("+1", "+2")


def test_an_undocumented_warning(walk: Walk) -> None:
    walked = walk("undocumented-warning")
    assert walked.failure.command_place == walked.at("$ sh -c")
    assert "printed more than the page shows" in walked.failure.what
    assert "+warning: colour is deprecated" in walked.failure.difference


def test_dots_that_would_hide_an_error(walk: Walk) -> None:
    walked = walk("hidden-error")
    assert walked.failure.place == walked.at("   ...")
    assert walked.failure.command_place == walked.at("$ printf")
    assert "looks like an error: 'ERROR: no such package'" in walked.failure.what
    assert "runthrough_errors" in walked.failure.advice


def test_bytes_that_are_not_utf_8(walk: Walk) -> None:
    walked = walk("not-utf-8")
    assert walked.failure.place == walked.at("$ printf")
    assert "line 2 of the output is not UTF-8: byte 0xe9" in walked.failure.what
    assert walked.failure.printed == ("one", r"caf\xe9")
    assert "print text" in walked.failure.advice


def test_five_megabytes(walk: Walk) -> None:
    walked = walk("five-megabytes")
    assert walked.failure.place == walked.at("$ echo begin")
    assert "printed 5.1 MB; no page shows more than 2 MB" in walked.failure.what
    printed = walked.failure.printed
    assert (printed[0], printed[-1]) == ("begin", "end")
    assert "... about 5.1 MB left out ..." in printed
    assert len(walked.report) < 4000
    assert "send its output into a file" in walked.failure.advice


def test_five_megabytes_in_one_line(walk: Walk) -> None:
    walked = walk("one-long-line")
    assert walked.failure.place == walked.at("$ head")
    assert "printed 5.0 MB" in walked.failure.what
    assert "... about 5.0 MB left out ..." in walked.report
    assert len(walked.report) < 4000


def test_an_output_is_kept_in_bounded_memory() -> None:
    capture = Capture(kept=1000)
    for number in range(100):
        capture.add(bytes([number]) * 100)
        assert len(capture.head) + len(capture.tail) <= 3100
    assert capture.data() == b"".join(bytes([n]) * 100 for n in (*range(10), *range(90, 100)))
    assert capture.left_out == 8000
