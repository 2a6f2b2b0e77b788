"""The same steps come of every dialect: what pages ask that weren't written for a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runthrough.model.steps import Console, Listing, PageProblem, Skip, Step, Unchecked

if TYPE_CHECKING:
    from tests.reading.conftest import Steps


def conf(fields: str) -> str:
    return f"from runthrough import Dialect\nrunthrough_dialects = {{'*': Dialect({fields})}}\n"


def typed(steps: list[Step]) -> list[str]:
    return [
        command.text for step in steps if isinstance(step, Console) for command in step.commands
    ]


def outputs(steps: list[Step]) -> list[list[str]]:
    return [
        [line.text for line in command.output]
        for step in steps
        if isinstance(step, Console)
        for command in step.commands
    ]


def block(language: str, text: str) -> str:
    lines = "\n".join(f"   {line}".rstrip() for line in text.split("\n"))
    return f".. code-block:: {language}\n\n{lines}\n\n"


SCRIPT = block(
    "bash", "# first\nmkdir tea\n\ncd tea && \\\n  ls\nfor x in 1 2; do\n  echo $x\ndone"
)


def test_a_script_is_typed_as_bash_would_read_it(steps: Steps) -> None:
    found = steps(SCRIPT, conf=conf("scripts=('bash',)"))
    assert typed(found) == ["mkdir tea", "cd tea && \\\n  ls", "for x in 1 2; do\n  echo $x\ndone"]
    (step,) = found
    assert isinstance(step, Console)
    assert step.leniency.unshown
    assert [command.place.line for command in step.commands] == [4, 6, 8]


def test_without_the_dialect_it_is_none(steps: Steps) -> None:
    assert isinstance(steps(SCRIPT)[0], PageProblem)
    assert isinstance(steps(SCRIPT, conf=conf("unclassified='count'"))[0], Unchecked)


def test_a_script_with_a_prompt_is_a_session(steps: Steps) -> None:
    found = steps(block("bash", "$ echo a\na\n$ ls"), conf=conf("scripts=('bash',)"))
    assert outputs(found) == [["a"], []]


def test_a_script_with_a_path_as_its_caption_is_a_listing(steps: Steps) -> None:
    page = ".. code-block:: bash\n   :caption: brew.sh\n\n   echo tea\n"
    assert isinstance(steps(page, conf=conf("scripts=('bash',)"))[0], Listing)


def test_a_script_that_goes_on_at_its_end_is_a_mistake(steps: Steps) -> None:
    (step,) = steps(block("bash", "echo a\necho 'b"), conf=conf("scripts=('bash',)"))
    assert isinstance(step, PageProblem)
    assert "this command isn't finished" in step.what
    assert step.place.line == 4


def test_a_script_of_comments_is_counted(steps: Steps) -> None:
    (step,) = steps(block("bash", "# nothing yet"), conf=conf("scripts=('bash',)"))
    assert isinstance(step, Unchecked)


@pytest.mark.parametrize(
    ("prompt", "line"),
    [
        (r"#", "# echo a"),
        (r"%", "% echo a"),
        (r">", "> echo a"),
        (r"\u276f", "\u276f echo a"),
        (r"\w+@\w+:\S*\$", "ada@shop:~/tea$ echo a"),
        (r"\$|x", "(env)$ echo a"),
        (r"\$|x", "(env) $ echo a"),
        (r"\$|x", "$\u00a0echo a"),
    ],
)
def test_a_project_has_its_prompts(steps: Steps, prompt: str, line: str) -> None:
    found = steps(block("console", f"{line}\na\n{line}"), conf=conf(f"prompts=({prompt!r},)"))
    assert typed(found) == ["echo a", "echo a"]
    assert outputs(found) == [["a"], []]


def test_prompts_may_change_within_a_block(steps: Steps) -> None:
    fields = r"prompts=(r'\$', '#')"
    assert typed(steps(block("console", "$ sudo -s\n# ls"), conf=conf(fields))) == ["sudo -s", "ls"]


def test_a_line_that_was_a_prompt_is_output_without_the_dialect(steps: Steps) -> None:
    assert outputs(steps(block("console", "$ echo a\n% echo b"))) == [["% echo b"]]


def test_comments_between_commands_are_no_output(steps: Steps) -> None:
    page = block("console", "# one\n$ a\nout\n\n# two\n# three\n$ b\n# four")
    found = steps(page, conf=conf("comments=True"))
    assert typed(found) == ["a", "b"]
    assert outputs(found) == [["out"], []]


def test_nor_are_prompts_without_a_command(steps: Steps) -> None:
    page = block("console", "$ a\nout\n$\n$ b\n$ ")
    found = steps(page, conf=conf("comments=True"))
    assert typed(found) == ["a", "b"]
    assert outputs(found) == [["out"], []]
    assert isinstance(steps(page, conf=conf(""))[0], PageProblem)


@pytest.mark.parametrize("text", ["# a", "$", "# a\n$"])
def test_a_session_that_types_nothing_is_counted(steps: Steps, text: str) -> None:
    (step,) = steps(block("console", text), conf=conf("comments=True"))
    assert isinstance(step, Unchecked)


NEXT = block("console", "$ a") + "It prints:\n\n" + block("text", "out")


def test_an_output_may_be_the_next_block(steps: Steps) -> None:
    found = steps(NEXT, conf=conf("outputs=('text',)"))
    assert len(found) == 1
    assert outputs(found) == [["out"]]


HEADINGS = {"Next\n----\n\n": [[]], "": [["out"]]}


@pytest.mark.parametrize("heading", HEADINGS)
def test_an_output_is_not_in_the_next_section(steps: Steps, heading: str) -> None:
    page = f"Page\n====\n\nFirst\n-----\n\n{block('console', '$ echo out')}{heading}"
    settings = conf("outputs=('text',), unclassified='count'")
    assert outputs(steps(page + block("text", "out"), conf=settings)) == HEADINGS[heading]


def test_an_output_may_have_a_heading_of_its_own(steps: Steps) -> None:
    page = f"Page\n====\n\n{block('console', '$ echo out')}Output\n------\n\n"
    found = steps(page + block("text", "out"), conf=conf("outputs=('text',)"))
    assert outputs(found) == [["out"]]


@pytest.mark.parametrize("page", [block("text", "out"), block("console", "$ a\nb") + NEXT[-30:]])
def test_a_block_is_no_output_of_what_shows_one(steps: Steps, page: str) -> None:
    *_, last = steps(page, conf=conf("outputs=('text',), unclassified='count'"))
    assert isinstance(last, Unchecked)


@pytest.mark.parametrize(
    ("language", "shell"),
    [
        ("doscon", "Windows"),
        ("powershell", "PowerShell"),
        ("ps1con", "PowerShell"),
        ("fish", "fish"),
    ],
)
def test_another_shell_is_skipped_and_says_why(steps: Steps, language: str, shell: str) -> None:
    (step,) = steps(block(language, "dir"))
    assert isinstance(step, Skip)
    assert shell in step.reason


def test_sessions_of_another_name(steps: Steps) -> None:
    found = steps(block("terminal", "$ a\nb"), conf=conf("sessions=('terminal',)"))
    assert outputs(found) == [["b"]]


def test_a_dialect_holds_for_its_pages_alone(steps: Steps) -> None:
    other = {"other.rst": ":orphan:\n\n" + SCRIPT}
    text = conf("scripts=('bash',)").replace("'*'", "'index'")
    asked, problem = steps(SCRIPT, other, conf=text)
    assert isinstance(asked, Console)
    assert isinstance(problem, PageProblem)


PROMPTS = conf(r"prompts=(r'\$', '>', r'\w+@\w+:\S*\$')")


def test_a_project_s_prompt_in_a_paragraph_is_not_passed_over(steps: Steps) -> None:
    page = "Look:\n\nada@shop:~$ echo a\n\n> is a sign, as is\n> this one\n\n| ada@shop:~$ ls\n"
    first, second = steps(page, conf=PROMPTS)
    assert isinstance(first, PageProblem)
    assert "'ada@shop:~$ echo a'" in first.what
    assert isinstance(second, PageProblem)
    assert (first.place.line, second.place.line) == (3, 8)


def test_a_block_of_text_may_begin_with_a_project_s_prompt(steps: Steps) -> None:
    page = "Look::\n\n   ada@shop:~$ echo a\n   a\n"
    assert outputs(steps(page, conf=PROMPTS)) == [["a"]]


def test_a_line_without_a_prompt_is_told_those_of_the_page(steps: Steps) -> None:
    (step,) = steps(block("console", "echo a"), conf=PROMPTS)
    assert isinstance(step, PageProblem)
    assert r"with a prompt that this page's dialect has, and a space: '\\$', '>'" in step.advice


def test_further_lines_under_a_project_s_prompt(steps: Steps) -> None:
    lines = ("ada@shop:~$ echo a \\", "> b", "a b", "ada@shop:~$ echo c \\", "  d", "c d")
    found = steps(block("console", "\n".join(lines)), conf=conf(r"prompts=(r'\w+@\w+:\S*\$',)"))
    assert typed(found) == ["echo a \\\nb", "echo c \\\n  d"]
    assert outputs(found) == [["a b"], ["c d"]]


def test_an_included_session_takes_the_options_of_one(steps: Steps) -> None:
    page = ".. literalinclude:: tea.txt\n   :language: console\n   :status: 0 1\n"
    (step,) = steps(page, {"tea.txt": "$ true\r\n$ false\r\n"})
    assert isinstance(step, Console)
    assert [(one.text, one.status) for one in step.commands] == [("true", 0), ("false", 1)]


def test_a_page_with_carriage_returns(steps: Steps) -> None:
    page = block("console", "$ echo a \\\n  b\na b").replace("\n", "\r\n")
    assert outputs(steps(page)) == [["a b"]]
