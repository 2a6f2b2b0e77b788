"""What a dialect may say, and what it refuses."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path
from typing import Any

import pytest

from runthrough.model.converting import SettingsError
from runthrough.model.dialects import COMMON, DIALECTS, STRICT, Dialect, DialectError
from runthrough.model.settings import Settings
from runthrough.model.steps import Leniency


def read(dialects: object, **others: object) -> Settings:
    named = {f"runthrough_{name}": value for name, value in others.items()}
    return Settings.read({"runthrough_dialects": dialects, **named}, Path())


def test_the_default_is_strict() -> None:
    assert Dialect() == STRICT
    assert STRICT.leniency == Leniency()
    assert read({}).dialect("index") == dataclasses.replace(STRICT, unclassified="error")


def test_the_first_pattern_that_matches_counts() -> None:
    settings = read({"guide/*": COMMON, "*": "terminal"})
    assert settings.dialect("guide/tea") == COMMON
    assert settings.dialect("index") == DIALECTS["terminal"]


def test_what_a_dialect_leaves_open_is_as_the_site_says() -> None:
    settings = read({"guide/*": STRICT}, unclassified="count")
    assert settings.dialect("guide/tea").unclassified == "count"


def test_a_table_is_a_dialect_like_another() -> None:
    settings = read({"*": {"like": "common", "comments": False, "scripts": ["bash"]}})
    expected = dataclasses.replace(COMMON, comments=False, scripts=("bash",))
    assert settings.dialect("index") == expected


@pytest.mark.parametrize("dialect", [*DIALECTS.values(), Dialect(prompts=("#",))])
def test_sphinx_can_keep_it_beside_the_pages(dialect: Dialect) -> None:
    assert dialect.prompt.fullmatch("(tea) $ ls") or dialect.prompt.fullmatch("# ls")
    assert pickle.loads(pickle.dumps(dialect)) == dialect


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sessions": "console"}, "sessions is 'console'; expected a tuple of strings"),
        ({"unshown": "no"}, "unshown is 'no'; expected 'error', 'ignore'"),
        ({"comments": "yes"}, "comments is 'yes'; expected True or False"),
        ({"files": ("title",)}, "files is ('title',); expected a tuple of 'caption', 'first line'"),
        ({"prompts": ("(",)}, "prompts has '('; expected a regular expression"),
        ({"prompts": ("(a)",)}, "whose groups all have the form (?:...)"),
        ({"ignored": (".*",)}, "expected a regular expression that doesn't match an empty string"),
        ({"prompts": ("#",), "comments": True}, "a line with '#' can't be both"),
        ({"outputs": ("console",)}, "sessions and outputs both have 'console'"),
        ({"unclassified": "skip"}, "unclassified is 'skip'; expected 'error', 'count'"),
    ],
)
def test_a_wrong_value_is_refused_with_what_may_be_there(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(DialectError) as refused:
        Dialect(**fields)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["*"], "expected a dictionary of patterns of page names"),
        ({"*": "loose"}, "runthrough_dialects['*'] is 'loose'; expected a Dialect, or one of"),
        ({"*": {"like": "loose"}}, "runthrough_dialects['*']: like is 'loose'; expected 'strict'"),
        (
            {"*": {"prompt": "$"}},
            "a dialect has no field 'prompt'; its fields are 'blanks', 'comments'",
        ),
        ({"*": {"like": ["common"]}}, "runthrough_dialects['*']: like is ['common']; expected 's"),
        ({"*": {1: "a", "prompt": "#"}}, "a dialect has no field 'prompt'; its fields are"),
        ({"*": {"dots": "many"}}, "runthrough_dialects['*']: dots is 'many'; expected 'lines'"),
    ],
)
def test_a_wrong_setting_is_refused(given: object, message: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(given)
    assert message in str(refused.value)
