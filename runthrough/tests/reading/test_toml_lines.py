"""Each value of a TOML file knows the line that it's written at."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from runthrough.reading.toml_lines import TomlError, Value, parse

FILE = Path("runthrough.toml")
TEXT = '''\
# the first page
top = 1

["tutorial/start"]
continues = "install"
before = [
  "createdb shop",
  "cd shop",
]
point.x = 1
point.y = {z = [2, 3]}

[["tutorial/start".block]]
holds = "a"

[["tutorial/start".block]]
holds = "b"
run = """
mkdir tea

cd tea
"""
created = "b"

["tutorial/start".block.more]
deep = true

[other]
diff = \'\'\'-old
+new\'\'\'
escaped = "one\\ntwo"
'''


def lines(value: Value, path: str = "") -> dict[str, int | None]:
    """Return the line of each value by the keys that lead to it."""
    found = {path: value.place.line} if path else {}
    for number, part in enumerate(value.parts):
        key = str(number) if isinstance(value.held, list) else part.key
        found |= lines(part, f"{path}.{key}".strip("."))
    return found


def test_every_value_is_at_its_line() -> None:
    assert lines(parse(TEXT, FILE)) == {
        "top": 2,
        "tutorial/start": 4,
        "tutorial/start.continues": 5,
        "tutorial/start.before": 6,
        "tutorial/start.before.0": 7,
        "tutorial/start.before.1": 8,
        "tutorial/start.point": 10,
        "tutorial/start.point.x": 10,
        "tutorial/start.point.y": 11,
        "tutorial/start.point.y.z": 11,
        "tutorial/start.point.y.z.0": 11,
        "tutorial/start.point.y.z.1": 11,
        "tutorial/start.block": 13,
        "tutorial/start.block.0": 13,
        "tutorial/start.block.0.holds": 14,
        "tutorial/start.block.1": 16,
        "tutorial/start.block.1.holds": 17,
        "tutorial/start.block.1.run": 18,
        "tutorial/start.block.1.created": 23,
        "tutorial/start.block.1.more": 25,
        "tutorial/start.block.1.more.deep": 26,
        "other": 28,
        "other.diff": 29,
        "other.escaped": 31,
    }


ARRAY = """\
block = [
  {holds = "a", skip = "no"},  # ]
  # {holds = "c"},
  {holds = "b", run = '''
    ls ]
    '''}, {holds = "d"},
  [
    "e",
  ]
]
"""


def test_what_is_in_an_array_is_at_its_line() -> None:
    assert lines(parse(ARRAY, FILE)) == {
        "block": 1,
        **dict.fromkeys(["block.0", "block.0.holds", "block.0.skip"], 2),
        **dict.fromkeys(["block.1", "block.1.holds", "block.1.run"], 4),
        **dict.fromkeys(["block.2", "block.2.holds"], 4),
        **dict.fromkeys(["block.3", "block.3.0"], 7),
    }


def test_the_values_are_those_of_tomllib() -> None:
    def plain(value: Value) -> object:
        if isinstance(value.held, dict):
            return {part.key: plain(part) for part in value.parts}
        return list(map(plain, value.parts)) if isinstance(value.held, list) else value.held

    assert plain(parse(TEXT, FILE)) == tomllib.loads(TEXT)


def value_at(*keys: str) -> Value:
    value = parse(TEXT, FILE)
    for key in keys:
        parts = {part.key: part for part in value.parts}
        numbered = dict(zip("0123", value.parts, strict=False))
        value = numbered[key] if isinstance(value.held, list) else parts[key]
    return value


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("tutorial/start", "block", "1", "run"), [("mkdir tea", 19), ("", 20), ("cd tea", 21)]),
        (("other", "diff"), [("-old", 29), ("+new", 30)]),
        (("other", "escaped"), [("one", 31), ("two", 31)]),
        (("tutorial/start", "before", "0"), [("createdb shop", 7)]),
        (("tutorial/start", "before", "1"), [("cd shop", 8)]),
        (("tutorial/start", "continues"), [("install", 5)]),
    ],
)
def test_each_line_of_a_text_is_at_its_own(
    keys: tuple[str, ...], expected: list[tuple[str, int]]
) -> None:
    found = value_at(*keys).lines()
    assert [(line.text, line.place.line) for line in found] == expected


@pytest.mark.parametrize(
    ("text", "line"), [("a = 1\nb =\n", 2), ("[a]\n[a]\n", 2), ("a = [1,\n", None), ("a b\n", 1)]
)
def test_what_is_no_toml_is_said_at_its_line(text: str, line: int | None) -> None:
    with pytest.raises(TomlError) as caught:
        parse(text, FILE)
    assert caught.value.line == line
