"""ARCHITECTURE.rst says what is so: its picture has the imports, and its paths are there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.test_layers import BELOW, ON_TOP, arrows

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "ARCHITECTURE.rst").read_text(encoding="utf-8")
PATH = re.compile(r"``((?:src|tests|docs|bench)/[\w./-]+)``")


def imports() -> dict[str, set[str]]:
    """Return what each package imports of the others; those on top are left out."""
    packages = BELOW.keys()
    made: dict[str, set[str]] = {name: set() for name in packages}
    for _, who, what in arrows():
        if who in packages and what in packages and who != what:
            made[who].add(what)
    return made


def level(name: str, made: Mapping[str, set[str]]) -> int:
    """Return how many packages lie below one another under this one."""
    return max((level(below, made) + 1 for below in made[name]), default=0)


def picture(made: Mapping[str, set[str]]) -> str:
    """Draw the packages, those that import others above those they import."""
    levels = {name: level(name, made) for name in made}
    width = max(map(len, made)) + 1
    lines = [f"{'  '.join(sorted(ON_TOP))}  ─>  everything below"]
    for height in range(max(levels.values()), -1, -1):
        lines.append("")
        for name in sorted(name for name in made if levels[name] == height):
            below = sorted(made[name], key=lambda one: (-levels[one], one))
            lines.append(f"{name:{width}} ─>  {'  '.join(below) or 'the standard library'}")
    return "".join(f"   {line}".rstrip() + "\n" for line in lines)


def test_the_picture_shows_the_imports() -> None:
    drawn = picture(imports())
    assert drawn in TEXT, f"the imports have changed. ARCHITECTURE.rst must have:\n\n{drawn}"


def test_the_picture_has_an_arrow_for_each_import() -> None:
    made = imports()
    assert picture({**made, "matching": {*made["matching"], "shell"}}) not in TEXT
    assert picture({**made, "pages": made["pages"] - {"reading"}}) not in TEXT


@pytest.mark.parametrize("path", sorted(set(PATH.findall(TEXT))))
def test_a_path_is_there(path: str) -> None:
    assert (ROOT / path).exists(), f"ARCHITECTURE.rst names {path}, and there's no such file"
