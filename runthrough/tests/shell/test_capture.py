"""Of what a command prints, the beginning and the end are kept, and the rest is counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runthrough.shell.terminal import KEPT, Capture


def taken(*parts: bytes, kept: int) -> Capture:
    capture = Capture(kept)
    for part in parts:
        capture.add(part)
    return capture


def test_nothing_printed_is_nothing_kept() -> None:
    capture = Capture()
    assert (capture.data(), capture.total, capture.left_out) == (b"", 0, 0)


def test_a_short_output_is_kept_whole() -> None:
    capture = taken(b"abc", b"", b"def", kept=3)
    assert (capture.data(), capture.total, capture.left_out) == (b"abcdef", 6, 0)


@pytest.mark.parametrize(
    "parts", [[b"abcdefghij"], [b"ab", b"cdefg", b"hij"], [b"abc", b"defghij"]]
)
def test_of_a_long_output_both_ends_are_kept(parts: list[bytes]) -> None:
    capture = taken(*parts, kept=3)
    assert (capture.data(), capture.total, capture.left_out) == (b"abchij", 10, 4)


def test_memory_is_bounded_however_much_is_printed() -> None:
    capture = Capture(kept=1000)
    for size in [999] * 100 + [5000] * 100:
        capture.add(b"x" * size)
        assert len(capture.head) + len(capture.tail) <= 3 * 1000
    assert capture.total == 599_900
    assert capture.left_out == 599_900 - 2000


def test_more_is_kept_than_any_page_shows() -> None:
    capture = Capture()
    capture.add(b"x" * KEPT)
    capture.add(b"y" * KEPT)
    assert capture.left_out == 0
    capture.add(b"z")
    assert capture.left_out == 1
    assert len(capture.data()) == 2 * KEPT


@given(st.lists(st.binary(max_size=12)), st.integers(1, 10))
def test_however_it_arrives_both_ends_are_kept(parts: list[bytes], kept: int) -> None:
    capture = taken(*parts, kept=kept)
    whole = b"".join(parts)
    assert capture.total == len(whole)
    assert capture.left_out == max(0, len(whole) - 2 * kept)
    assert capture.data() == (whole[:kept] + whole[-kept:] if capture.left_out else whole)
