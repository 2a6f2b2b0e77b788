"""Lines that do not hold are laid on those that were found, and most of them stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runthrough.matching.alignment import Match, is_ellipsis, match
from runthrough.matching.edits import LARGEST, Hunk, align, is_sure, replaced


def hunks(shown: str, found: str, *, part: bool = False) -> tuple[Hunk, ...]:
    alignment = align(shown.split(), found.split(), is_ellipsis, part=part)
    assert alignment is not None
    return alignment.hunks


@pytest.mark.parametrize(
    ("shown", "found", "expected"),
    [
        ("a b c", "a b c", ()),
        ("a x c", "a b c", (Hunk(1, 2, (1,)),)),
        ("a c", "a b c", (Hunk(1, 1, (1,)),)),
        ("b c", "a b c", (Hunk(0, 0, (0,)),)),
        ("a b", "a b c", (Hunk(2, 2, (2,)),)),
        ("a x b", "a b", (Hunk(1, 2, ()),)),
        ("a ... d", "a b c d", ()),
        ("a ... x", "a b c d", (Hunk(2, 3, (3,)),)),
        ("a ... d", "a b c d e", (Hunk(3, 3, (4,)),)),
        ("x ... d", "a b c d", (Hunk(0, 1, (0,)),)),
        ("a ... five1 ... f", "a b c five2 e f", (Hunk(2, 3, (3,)),)),
    ],
)
def test_an_output_is_aligned_from_its_beginning_to_its_end(
    shown: str, found: str, expected: tuple[Hunk, ...]
) -> None:
    assert hunks(shown, found) == expected


@pytest.mark.parametrize(
    ("shown", "found", "expected"),
    [
        ("b c", "a b c d", ()),
        ("b x d", "a b c d e", (Hunk(1, 2, (2,)),)),
        ("x c d", "a b c d e", (Hunk(0, 1, (1,)),)),
        ("x a b", "a b c", (Hunk(0, 1, ()),)),
        ("b ... f x", "a b c d e f g", (Hunk(3, 4, (6,)),)),
    ],
)
def test_a_listing_is_aligned_with_a_part_of_its_file(
    shown: str, found: str, expected: tuple[Hunk, ...]
) -> None:
    assert hunks(shown, found, part=True) == expected


def test_a_blank_line_never_becomes_another() -> None:
    alignment = align(["a", "x", "c"], ["a", "", "c"], is_ellipsis, part=True)
    assert alignment is not None
    assert alignment.cost > 100


def test_it_is_sure_of_what_it_finds_in_one_place_only() -> None:
    def sure(shown: str, found: str, *, part: bool = True) -> bool:
        return is_sure(shown.split(), found.split(), is_ellipsis, part=part)

    assert sure("a x c", "z a b c z")
    assert not sure("a x", "z a b z a c")
    assert not sure("... x ...", "a b c", part=False)
    assert sure("... b1 ...", "a b2 c", part=False)
    assert sure("a b", "b a", part=False)


def test_too_many_lines_are_not_aligned() -> None:
    assert align(["a"] * 10, ["b"] * (LARGEST // 10 + 1), is_ellipsis, part=False) is None
    assert not is_sure(["a"] * 10, ["b"] * (LARGEST // 10 + 1), is_ellipsis, part=False)


words = st.sampled_from(["a", "b", "ab", "cd", ""])


@given(st.lists(words | st.just("..."), max_size=6), st.lists(words, max_size=8))
def test_a_corrected_output_holds(shown: list[str], found: list[str]) -> None:
    alignment = align(shown, found, is_ellipsis, part=False)
    assert alignment is not None
    gaps = [line for hunk in alignment.hunks for line in shown[hunk.start : hunk.end]]
    assert not any(map(is_ellipsis, gaps))
    assert isinstance(match(replaced(shown, found, alignment.hunks), found), Match)
    assert (alignment.cost == 0) == isinstance(match(shown, found), Match)
    assert [shown[i] for i, _ in alignment.kept] == [found[j] for _, j in alignment.kept]
