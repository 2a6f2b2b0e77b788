"""ARCHITECTURE.rst says what is so: its picture has the imports, and its paths are there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.test_layers import BELOW, ON_TOP, PACKAGE, arrows

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "ARCHITECTURE.rst").read_text(encoding="utf-8")
PATH = re.compile(r"``((?:src|tests|docs)/[\w./-]+)``")
NAMED = re.compile(r"``((?:src|tests|docs)/[\w./-]+)``\s+\(``([\w.-]+)``")
"""A file, and a name that it has."""
ON_THE_WAY = re.compile(r"``([\w.]+)`` (?:in )?\(?``([a-z]+/\w+\.py)``")
"""A name, and its file below src/runthrough/."""


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


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED.findall(TEXT))))
def test_a_file_has_the_name_to_change(path: str, name: str) -> None:
    assert has(ROOT / path, name), f"ARCHITECTURE.rst looks for {name} in {path}"


@pytest.mark.parametrize(("name", "path"), sorted(set(ON_THE_WAY.findall(TEXT))))
def test_the_way_of_a_block_goes_through_the_names(name: str, path: str) -> None:
    assert has(PACKAGE / path, name), f"ARCHITECTURE.rst looks for {name} in {path}"


def has(file: Path, name: str) -> bool:
    """Return whether a file defines a name, such as Shell.run; whether another text mentions it."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        return name in text
    patterns = [rf"^ *(?:def|class) {part}\b|^{part}\b.*=" for part in name.split(".")]
    return all(re.search(pattern, text, re.MULTILINE) for pattern in patterns)


def test_likely_changes_have_a_place() -> None:
    table = TEXT.partition("Where do I change")[2].partition("\nWords\n")[0]
    assert table.count("\n   * - ") > 12  # with the head
    assert len(NAMED.findall(table)) > 10 and len(ON_THE_WAY.findall(TEXT)) > 10
