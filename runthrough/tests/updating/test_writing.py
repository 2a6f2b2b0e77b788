"""A source is rewritten at its lines, and keeps everything around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from runthrough.model.places import Place
from runthrough.model.results import Correction, Failure
from runthrough.model.steps import Line
from runthrough.updating.sources import Source, SourceError

FILE = Path("page.rst")


def source(text: str, folder: Path) -> Source:
    file = folder / "page.rst"
    file.write_bytes(text.encode())
    return Source.read(file)


def correction(line: int, old: list[str], new: list[str], like: tuple[int, str]) -> Correction:
    number, text = like
    place = Place(FILE, line)
    failure = Failure(place, "", "")
    return Correction(place, tuple(old), tuple(new), Line(text, Place(FILE, number)), failure)


@pytest.mark.parametrize(
    ("text", "line", "old", "new", "like", "then"),
    [
        ("  a\n  b\n", 1, ["a"], ["x"], (1, "a"), "  x\n  b\n"),
        ("  a  \n  b\t\n", 1, ["a"], ["x", "y"], (1, "a"), "  x\n  y\n  b\t\n"),
        ("  $ c\nend", 2, [], ["x"], (1, "c"), "  $ c\n  x\nend"),
        ("  (.venv) $ c", 2, [], ["x", ""], (1, "c"), "  (.venv) $ c\n  x\n"),
        ("\ta\r\n\tb", 2, ["b"], ["x", "y"], (2, "b"), "\ta\r\n\tx\r\n\ty"),
        ("a\r\nb\nc\n", 2, ["b"], ["x", "y"], (1, "a"), "a\r\nx\ny\nc\n"),
        ("> a\n>\n> b\n", 2, ["", "b"], ["x", "", "y"], (1, "a"), "> a\n> x\n>\n> y\n"),
        ("a\nb", 2, ["b"], [], (1, "a"), "a"),
        ("a\n\n\n", 1, ["a"], ["x"], (1, "a"), "x\n\n\n"),
    ],
)
def test_lines_are_put_where_others_were(
    tmp_path: Path,
    text: str,
    line: int,
    old: list[str],
    new: list[str],
    like: tuple[int, str],
    then: str,
) -> None:
    one = correction(line, old, new, like)
    assert source(text, tmp_path).rewritten([one]).decode() == then


def test_several_corrections_are_made_from_the_last_to_the_first(tmp_path: Path) -> None:
    ones = [
        correction(1, ["a"], ["x", "y"], (1, "a")),
        correction(3, ["c"], [], (3, "c")),
        correction(5, [], ["z"], (4, "d")),
    ]
    assert source("a\nb\nc\nd\ne\n", tmp_path).rewritten(ones) == b"x\ny\nb\nd\nz\ne\n"


@pytest.mark.parametrize(
    ("text", "old", "like", "said"),
    [
        ("  a\n", ["b"], (1, "a"), "line 1 isn't written the way it's shown"),
        ("  a\n", ["a"], (1, "b"), "line 1 isn't written the way it's shown"),
        ("| a\n", ["a"], (1, "a"), "line 1 isn't written the way it's shown"),
        ("  a\n a\n", ["a", "a"], (1, "a"), "line 2 isn't written the way it's shown"),
        ("  a\n", ["a", "b"], (1, "a"), "it has no line 2"),
        ("  a\n", ["a"], (0, "a"), "it has no line 0"),
    ],
)
def test_what_is_not_there_is_not_rewritten(
    tmp_path: Path, text: str, old: list[str], like: tuple[int, str], said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        source(text, tmp_path).margin(correction(1, old, [], like))
