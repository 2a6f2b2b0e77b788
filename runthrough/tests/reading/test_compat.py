"""Each line that a `literalinclude` takes has the number that it has in its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sphinx.config import Config
from sphinx.directives.code import LiteralIncludeReader

from runthrough.reading._compat import line_numbers

SOURCE = '''\
"""A module."""

import sys


def one() -> None:
    print("one")
    # [start]
    print("two")
    # [end]


class Two:
    def three(self) -> int:
        return 3
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "module.py"
    file.write_text(SOURCE, encoding="utf-8")
    return file


def numbers(file: Path, **options: Any) -> list[int | None]:
    given_options = {name.replace("_", "-"): value for name, value in options.items()}
    return line_numbers(str(file), given_options, Config())


def test_a_whole_file_is_numbered_from_one(file: Path) -> None:
    assert numbers(file) == list(range(1, 16))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"lines": "6-7"}, [6, 7]),
        ({"lines": "3,6-7,14-"}, [3, 6, 7, 14, 15]),
        ({"pyobject": "one"}, [6, 7, 8, 9]),
        ({"pyobject": "Two.three"}, [14, 15]),
        ({"pyobject": "Two", "lines": "2-"}, [14, 15]),
        ({"start_after": "[start]", "end_before": "[end]"}, [9]),
        ({"start_at": "[start]", "end_at": "[end]"}, [8, 9, 10]),
        ({"start_at": "class", "lines": "2"}, [14]),
        ({"lines": "7,9", "dedent": 4}, [7, 9]),
    ],
)
def test_selected_lines_keep_their_numbers(
    file: Path, options: dict[str, Any], expected: list[int]
) -> None:
    assert numbers(file, **options) == expected


def test_an_added_line_has_no_number(file: Path) -> None:
    assert numbers(file, lines="6-7", append="# more") == [6, 7, None]
    assert numbers(file, lines="6-7", prepend="# before") == [None, 6, 7]


def test_a_selection_that_selects_nothing_is_refused_as_sphinx_refuses_it(file: Path) -> None:
    with pytest.raises(ValueError, match="no lines"):
        numbers(file, lines="99-")
    with pytest.raises(ValueError, match="nothing"):
        numbers(file, pyobject="nothing")


lines = st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=5), min_size=1)
spans = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 5)).map(lambda one: f"{one[0]}-{sum(one)}"),
    min_size=1,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines, spans)
def test_the_numbers_lead_to_the_lines_that_sphinx_includes(
    file: Path, content: list[str], selected: list[str]
) -> None:
    file.write_text("".join(f"{line}\n" for line in content), encoding="utf-8")
    options = {"lines": ",".join(selected)}
    assume(any(int(one.partition("-")[0]) <= len(content) for one in selected))
    included, _ = LiteralIncludeReader(str(file), options, Config()).read()
    taken = [content[number - 1] for number in numbers(file, **options) if number]
    assert included == "".join(f"{line}\n" for line in taken)
