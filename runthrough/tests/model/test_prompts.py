"""There is one grammar of prompts, and everything that looks for one takes it from there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import runthrough
from runthrough.model import prompts

PACKAGE = Path(runthrough.__file__).parent
PROMPTS = ["$ ", "(.venv) $ ", "(my-env) $ "]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_all_forms_know_a_prompt(prompt: str) -> None:
    assert re.fullmatch(runthrough.PROMPT_TEXT, prompt)
    assert prompts.has_prompt(f"{prompt}ls")
    assert prompts.AT_END.sub("", f"  {prompt}") == "  "
    assert prompts.IN_TEXT.search(f"type {prompt}ls")
    assert prompts.ESCAPED.match(f"{prompt}ls".replace("$", "\\$"))
    assert not prompts.ESCAPED.match(f"{prompt}ls")


@pytest.mark.parametrize("text", ["$ls", "(.venv)$ ls", "() $ ls", "(a b) $ ls", "# ls", "> ls"])
def test_no_form_knows_another_one(text: str) -> None:
    assert not re.match(runthrough.PROMPT_TEXT, text)
    assert not prompts.has_prompt(text)
    assert not prompts.AT_END.fullmatch(text.removesuffix("ls"))
    assert prompts.ALMOST.match(text) or text.startswith(("()", "(a b)"))


@given(st.text(st.sampled_from("$() a.\\>"), max_size=9))
@example("$")
@example("(a) $")
def test_a_line_is_typed_if_it_begins_with_a_prompt(text: str) -> None:
    begins = re.match(runthrough.PROMPT_TEXT, text) is not None
    bare = re.fullmatch(rf"{prompts.ENVIRONMENT}\$", text) is not None
    assert prompts.has_prompt(text) == (begins or bare)


def test_a_browser_understands_the_form_too() -> None:
    assert "(?P" not in runthrough.PROMPT_TEXT


def test_nothing_else_has_a_form_of_its_own() -> None:
    own = [
        f"{file.name}:{node.lineno}"
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and r"[^()\s]+" in node.value
    ]
    assert [place.partition(":")[0] for place in own] == ["prompts.py"]
