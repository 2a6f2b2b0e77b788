"""A shown listing may leave out lines, and the indentation that all its lines share."""

from __future__ import annotations

import pytest

from runthrough.matching.listings import pieces, search_indented

FILE = ["class Tea:", "    def brew(self):", "        return 80", "", "    kind = 1", "print()"]


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        (["def brew(self):", "    return 80"], (1, 2)),
        (["def brew(self):", "    return 80", "", "kind = 1"], (1, 4)),
        (["return 80"], (2, 1)),
        (["    return 80", "", "kind = 1"], (2, 3)),
        (["def brew(self):", "return 80"], (0, 0)),
        (["def brew(self):", "        return 80"], (0, 0)),
        (["class Tea:", "def brew(self):"], (0, 1)),
        (["  def brew(self):", "      return 80"], (1, 2)),
    ],
)
def test_a_piece_is_found_below_one_indentation(
    piece: list[str], expected: tuple[int, int]
) -> None:
    assert search_indented(piece, FILE, 0) == expected


def test_it_is_found_after_what_was_found_before() -> None:
    assert search_indented(["return 80"], FILE * 2, 3) == (8, 1)


def test_pieces_are_between_gaps_and_comments() -> None:
    lines = ["a", "b", "# ...", "c", "d"]
    assert list(pieces(lines)) == [(0, 2), (3, 5)]
    assert list(pieces(lines, (1, 4))) == [(0, 1), (1, 2), (3, 4), (4, 5)]
    assert list(pieces(lines, (0, 3))) == [(0, 2), (3, 5)]
