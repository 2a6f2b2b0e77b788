"""Each block is a step that its author can be told, or a problem that says what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runthrough.model.dialects import Dialect
from runthrough.model.places import Place
from runthrough.model.prompts import looks_like_session
from runthrough.model.steps import (
    Console,
    Excerpt,
    Line,
    Listing,
    PageProblem,
    Patch,
    Skip,
    Unchecked,
)
from runthrough.reading.classify import Block, step_of
from runthrough.reading.joining import Output
from runthrough.reading.options import OPTIONS

PAGE = Path("page.rst")
HEAD, CAPTION, FIRST = Place(PAGE, 5), Place(PAGE, 6), Place(PAGE, 10)


def block(language: str, text: str, **options: Any) -> Block:
    """Write a block whose directive is at line 5 and whose content begins at line 10."""
    numbered = enumerate(text.split("\n") if text else [], 10)
    lines = tuple(Line(line, Place(PAGE, number)) for number, line in numbered)
    for name in options.keys() & OPTIONS:
        if isinstance(options[name], str):
            options[name] = OPTIONS[name].read(options[name])
    return Block(language, lines, FIRST, options, HEAD, CAPTION)


def step(language: str, text: str, *, unclassified: Any = "error", **options: Any) -> Any:
    asked = block(language, text, **options)
    return step_of(replace(asked, dialect=Dialect(unclassified=unclassified)))


def problem(language: str, text: str, **options: Any) -> PageProblem:
    one = step(language, text, **options)
    assert isinstance(one, PageProblem), one
    assert one.advice
    return one


@pytest.mark.parametrize("language", ["console", "shell-session"])
def test_a_console_block_is_typed(language: str) -> None:
    one = step(language, "$ a\nout\n$ b", timeout=3.0)
    assert isinstance(one, Console)
    assert [command.text for command in one.commands] == ["a", "b"]
    assert (one.place, one.commands[0].status, one.answers, one.timeout) == (FIRST, 0, (), 3.0)


def test_a_lone_command_may_end_with_a_status_and_be_answered() -> None:
    one = step("console", "$ a", status="1", input="yes\nno")
    assert (one.commands[0].status, one.answers) == (1, ("yes", "no"))


def test_each_command_of_a_block_may_have_its_status() -> None:
    one = step("console", "$ a\n$ b\n$ c", status="0 1 2")
    assert [command.status for command in one.commands] == [0, 1, 2]


@pytest.mark.parametrize("given", ["1", "1 2 3"])
def test_as_many_statuses_as_commands(given: str) -> None:
    one = problem("console", "$ a\n$ b", status=given)
    assert one.place == HEAD
    assert f":status: {given} has" in one.what


@pytest.mark.parametrize("language", ["", "text", "none", "default", "bash", "sh", "zsh"])
@pytest.mark.parametrize("prompt", ["$ ", "(.venv) $ "])
def test_a_block_that_begins_with_a_prompt_is_a_session_whatever_it_is_called(
    language: str, prompt: str
) -> None:
    assert isinstance(step(language, f"{prompt}a\nout"), Console)


@pytest.mark.parametrize(
    ("language", "text"),
    [("python", "$ a"), ("rst", "$ a"), ("text", "out\n$ a"), ("bash", "pip install a"), ("", "")],
)
def test_no_other_block_is_a_session(language: str, text: str) -> None:
    assert isinstance(step(language, text), PageProblem)


def test_a_console_block_without_a_prompt_is_a_problem_at_its_first_line() -> None:
    one = problem("console", "pip install a")
    assert one.place == FIRST
    assert "prompt" in one.what


def test_a_problem_in_a_session_is_at_its_line() -> None:
    assert problem("console", "$ a\n$").place == Place(PAGE, 11)


def test_a_block_with_a_caption_shows_a_file() -> None:
    one = step("python", "a\nb", caption="x/a.py")
    assert isinstance(one, Listing)
    assert (one.place, one.path, one.path_place, one.file_action) == (
        FIRST,
        "x/a.py",
        CAPTION,
        "show",
    )
    assert [line.text for line in one.lines] == ["a", "b"]


@pytest.mark.parametrize("file_action", ["create", "replace", "append"])
def test_an_option_says_what_to_do_with_the_file(file_action: str) -> None:
    options: dict[str, Any] = {"caption": "a.py", file_action: True}
    one = step("python", "a", **options)
    assert isinstance(one, Listing)
    assert one.file_action == file_action


@pytest.mark.parametrize("language", ["diff", "udiff"])
def test_a_diff_with_a_caption_changes_a_file(language: str) -> None:
    one = step(language, "@@\n-a\n+b\n@@\n-c", caption="a.py")
    assert isinstance(one, Patch)
    assert (one.path, one.path_place, len(one.hunks)) == ("a.py", CAPTION, 2)


def test_a_problem_in_a_diff_is_at_its_line() -> None:
    assert problem("diff", "-a\nb", caption="a.py").place == Place(PAGE, 11)


def test_a_quotation_is_an_excerpt() -> None:
    one = step("text", "a\nb", quotes=True)
    assert isinstance(one, Excerpt)
    assert [line.text for line in one.lines] == ["a", "b"]


def test_an_output_in_a_block_of_its_own_may_hold_prompts() -> None:
    one = step("console", "$ a\nb", output=True)
    assert isinstance(one, Output)
    assert [line.text for line in one.lines] == ["$ a", "b"]


@pytest.mark.parametrize("language", ["console", "python", "diff", ""])
def test_a_skipped_block_is_not_run_for_its_reason(language: str) -> None:
    one = step(language, "$ a", skip="needs\n  a phone", caption="a")
    assert isinstance(one, Skip)
    assert (one.reason, one.first_line) == ("needs a phone", "$ a")


def test_an_empty_block_may_be_skipped() -> None:
    assert isinstance(step("", "", skip="why"), Skip)
    assert "empty" in problem("console", "").what


def test_a_block_that_nobody_can_tell_is_a_problem_at_its_head() -> None:
    one = problem("python", "print()")
    assert one.place == HEAD
    assert "'python'" in one.what
    for option in (":caption:", ":create:", ":quotes:", ":skip:"):
        assert option in one.advice
    assert "'unnamed'" in problem("", "a").what


def test_a_block_that_nobody_can_tell_is_counted_where_the_settings_say_so() -> None:
    one = step("python", "print()", unclassified="count")
    assert one == Unchecked(FIRST, "print()")
    assert step("console", "a", unclassified="count") == Unchecked(FIRST, "a")
    assert isinstance(step("console", "a\n$ b", unclassified="count"), PageProblem)
    assert isinstance(step("console", "a", unclassified="count", status="1"), PageProblem)


def test_a_misspelt_language_is_guessed() -> None:
    assert "Did you mean 'console'?" in problem("consol", "$ a").advice
    assert "Did you mean" not in problem("python", "a").advice


@pytest.mark.parametrize(
    ("language", "options", "said"),
    [
        ("python", {"create": True, "append": True, "caption": "a"}, ":create: and :append:"),
        ("python", {"create": True}, ":create: needs a file, but the block has no caption"),
        ("python", {"status": 1, "caption": "a"}, ":status: doesn't apply to a 'python' block"),
        ("python", {"input": "y", "caption": "a"}, ":input: doesn't apply to"),
        ("python", {"timeout": 3.0, "caption": "a"}, ":timeout: doesn't apply to"),
        ("console", {"create": True, "caption": "a"}, ":create: doesn't apply to a console block"),
        (
            "shell-session",
            {"replace": True, "caption": "a"},
            ":replace: doesn't apply to a console",
        ),
        ("console", {"skip": "why", "status": 1}, ":skip: can't be combined with :status:"),
        ("python", {"skip": "why", "quotes": True}, ":skip: can't be combined with :quotes:"),
        ("python", {"output": True, "status": 1}, ":output: can't be combined with :status:"),
    ],
)
def test_options_that_contradict_each_other_or_the_block_are_problems(
    language: str, options: dict[str, Any], said: str
) -> None:
    one = problem(language, "$ a", **options)
    assert said in one.what
    assert one.place == HEAD


@pytest.mark.parametrize("text", ["$ a", "(.venv) $ pip install a", "$ a\nout"])
def test_a_paragraph_may_look_like_a_session(text: str) -> None:
    assert looks_like_session(text)


@pytest.mark.parametrize("text", ["$5 is cheap", "a $ b", "$", "$ ", "(so) what", "see $ a", ""])
def test_other_paragraphs_do_not(text: str) -> None:
    assert not looks_like_session(text)


given_options = st.fixed_dictionaries(
    {},
    optional={
        "caption": st.just("a.py"),
        "status": st.just((1,)),
        "input": st.just(("yes",)),
        "timeout": st.just(1.0),
        "create": st.just(True),
        "replace": st.just(True),
        "append": st.just(True),
        "quotes": st.just(True),
        "skip": st.just("why"),
        "output": st.just(True),
    },
)


@given(
    st.sampled_from(["", "console", "bash", "diff", "python"]),
    st.sampled_from(["", "$ a", "$ a\n$ b", "$", "-a\n+b", " a", "a"]),
    given_options,
    st.sampled_from(["error", "count"]),
)
def test_no_block_is_unaccounted_for(
    language: str, text: str, options: dict[str, Any], unclassified: str
) -> None:
    one = step(language, text, unclassified=unclassified, **options)
    assert one.place.file == PAGE
    if "skip" in options:
        assert isinstance(one, (Skip, PageProblem))
    if isinstance(one, Unchecked):
        assert unclassified == "count"
    if isinstance(one, Listing) and one.file_action != "show":
        assert options[one.file_action]


def test_an_excerpt_makes_no_file() -> None:
    one = problem("text", "x", quotes=True, create=True, caption="x")
    assert ":quotes: and :create: exclude each other" in one.what


def test_a_diff_changes_a_file_and_does_not_make_it() -> None:
    assert (
        ":create: doesn't apply to a diff"
        in problem("diff", "-a\n+b", create=True, caption="x").what
    )
