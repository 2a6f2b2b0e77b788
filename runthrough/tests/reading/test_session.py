"""A console block is read as a person reads it: what is typed, and what is printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runthrough.model.places import Place
from runthrough.model.prompts import has_prompt
from runthrough.model.steps import Command, Line
from runthrough.reading.session import SessionError, read_session
from runthrough.shell.syntax import is_complete


def block(text: str) -> list[Line]:
    """Number the lines of a block from 1."""
    page = Path("page.rst")
    return [Line(line, Place(page, number)) for number, line in enumerate(text.split("\n"), 1)]


def read(text: str) -> list[tuple[str, list[str]]]:
    """Read a block as pairs of a command and the lines under it."""
    commands = read_session(block(text))
    return [(one.text, [line.text for line in one.output]) for one in commands]


def refused(text: str) -> SessionError:
    with pytest.raises(SessionError) as caught:
        read_session(block(text))
    return caught.value


def test_lines_under_a_command_are_its_output() -> None:
    assert read("$ one\n1\n2\n$ two\n$ three\n3") == [
        ("one", ["1", "2"]),
        ("two", []),
        ("three", ["3"]),
    ]


def test_commands_and_outputs_know_their_places() -> None:
    page = Path("page.rst")
    first, second = read_session(block("$ one\nout\n\n$ two"))
    assert first == Command("one", Place(page, 1), (Line("out", Place(page, 2)),))
    assert second == Command("two", Place(page, 4))


@pytest.mark.parametrize("prompt", ["$ ", "(.venv) $ ", "(my-project-3.12) $ "])
def test_a_virtual_environments_name_is_part_of_the_prompt(prompt: str) -> None:
    assert read(f"{prompt}one\n1\n{prompt}two") == [("one", ["1"]), ("two", [])]


@pytest.mark.parametrize(
    "text",
    [
        "$5",
        "$HOME",
        "$$ ",
        " $ one",
        "(a b) $ one",
        "() $ one",
        "(.venv)$ one",
        ">>> 1",
        "# one",
        "",
    ],
)
def test_what_is_no_prompt_is_output(text: str) -> None:
    assert not has_prompt(text)
    assert read(f"$ one\n{text}\nlast") == [("one", [text, "last"])]


def test_blank_lines_within_an_output_are_kept_and_those_after_it_are_not() -> None:
    assert read("$ one\n\n1\n\n2\n\n  \n$ two\n\n") == [("one", ["", "1", "", "2"]), ("two", [])]


def test_lines_of_a_command_go_on_after_a_backslash() -> None:
    assert read("$ one \\\n  --two \\\n  three\nout") == [
        ("one \\\n  --two \\\n  three", ["out"]),
    ]


@pytest.mark.parametrize(
    "command",
    [
        "cat <<EOF\na\nEOF",
        "cat <<EOF\n$ no prompt\n(.venv) $ neither\nEOF",
        "cat <<'EOF'\nends with \\\nEOF",
        "cat <<EOF\ngoes on \\\nEOF\nEOF",
        "cat <<EOF\n\n  \nEOF",
        "cat <<-EOF\n\tEOF",
        "cat <<A <<B\na\nA\nb\nB",
        "for x in 1 2\ndo\n  echo $x\ndone",
        "while true; do\nbreak; done",
        "if true\nthen echo 1\nelse echo 2\nfi",
        "case x in\nx) echo 1;;\nesac",
        "f() {\n  echo f\n}",
        "function f\n{ :; }",
        "echo 'one\ntwo'",
        "echo 'one \\\ntwo'",
        'echo "one\ntwo"',
        'echo "one \\\ntwo"',
        "echo \\\\\\\ntwo",
        "echo one |\ncat",
        "true &&\ntrue",
        "(cd /\npwd)",
        "echo $(echo 1\necho 2)",
        "echo `echo 1\necho 2`",
        "x=(1\n2)",
        "[[ -n x\n]]",
        "x[1 +\n1]=3",
        "echo $((1 +\n1))",
    ],
)
def test_a_command_goes_on_until_bash_would_run_it(command: str) -> None:
    assert read(f"$ {command}\nout") == [(command, ["out"])]


@pytest.mark.parametrize(
    "command",
    [
        "echo one",
        "echo 'a # b'",
        'echo "hi!"',
        "echo for if case",
        "echo one \\\\",
        "echo 'one \\'",
        "echo one # for (",
        "echo one # it's",
        "echo one # C:\\",
        "# C:\\",
        "echo )",
        "done",
        "[ -n x ]",
        "echo [",
        "sleep 1 &",
        "cat <<< one",
        "echo $((1 << 2))",
        "echo Grüße 日本 🎉",
    ],
)
def test_a_command_ends_with_its_line_if_bash_would_run_it(command: str) -> None:
    assert is_complete(command)
    assert read(f"$ {command}\nout") == [(command, ["out"])]


def test_a_prompt_for_further_lines_is_not_typed() -> None:
    assert read("$ for x in 1 2\n> do\n>   echo $x\n> done\n1\n2") == [
        ("for x in 1 2\ndo\n  echo $x\ndone", ["1", "2"]),
    ]


def test_a_prompt_for_further_lines_may_have_lost_its_blank() -> None:
    assert read("$ cat <<EOF\n> a\n>\n> EOF\na") == [("cat <<EOF\na\n\nEOF", ["a"])]


def test_an_output_may_begin_like_a_prompt_for_further_lines() -> None:
    assert read("$ cat mail\n> quoted\n>> twice") == [("cat mail", ["> quoted", ">> twice"])]


def test_a_here_document_may_hold_lines_that_begin_like_a_prompt_for_further_ones() -> None:
    assert read("$ cat <<EOF\n> quoted\nEOF\n> quoted") == [
        ("cat <<EOF\n> quoted\nEOF", ["> quoted"]),
    ]
    assert read("$ cat <<EOF\n> > quoted\n> EOF\n> quoted") == [
        ("cat <<EOF\n> quoted\nEOF", ["> quoted"]),
    ]


def test_a_block_without_a_prompt_is_no_session() -> None:
    error = refused("pip install alembic\n$ one")
    assert error.line.place.line == 1
    assert "begin with a known prompt" in error.what


@pytest.mark.parametrize("text", ["$", "$ ", "$   ", "(.venv) $"])
def test_a_prompt_without_a_command_is_a_problem(text: str) -> None:
    error = refused(f"$ one\n{text}\nout")
    assert error.line.place.line == 2
    assert "no command" in error.what


@pytest.mark.parametrize(
    "command", ["echo 'one", "cat <<EOF", "for x in 1; do", "f() {", "true &&\n$ echo 'two"]
)
def test_a_command_that_is_open_at_the_end_of_the_block_is_a_problem(command: str) -> None:
    error = refused(f"$ one\n$ {command}\nout\n$ three")
    assert error.line.place.line == 2
    assert repr(command.split("\n")[0]) in error.what


def test_a_backslash_at_the_end_of_the_block_is_a_problem() -> None:
    error = refused("$ one\n$ two \\")
    assert error.line.place.line == 2
    assert repr("two \\") in error.what


def test_a_command_may_end_the_block_with_its_own_last_line() -> None:
    assert read("$ cat <<EOF\nEOF") == [("cat <<EOF\nEOF", [])]


words = st.text(alphabet="abcäß日🎉 !$=", min_size=1, max_size=8).map(lambda text: f"echo {text}")
outputs = st.lists(
    st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=12)
)


@st.composite
def commands(draw: st.DrawFn) -> str:
    """Write a command of one line, or of several in one of the ways that there are."""
    parts = draw(st.lists(words, min_size=1, max_size=4))
    body = "\n".join(parts)
    return draw(
        st.sampled_from(
            [parts[0], " \\\n".join(parts), " &&\n".join(parts), f"( {body}\n)", f"{{ {body}\n}}"]
        )
    )


@settings(max_examples=50)  # bash is asked about each command
@given(
    st.lists(st.tuples(commands(), outputs), min_size=1, max_size=4),
    st.sampled_from(["$ ", "(.venv) $ "]),
    st.sampled_from(["", "> "]),
)
def test_a_session_that_is_written_is_read_as_it_was(
    session: list[tuple[str, list[str]]], prompt: str, further: str
) -> None:
    written: list[str] = []
    expected = []
    for command, output in session:
        shown = [line for line in output if not has_prompt(line)]
        while shown and not shown[-1].strip():
            shown.pop()
        written += (prompt + command.replace("\n", f"\n{further}")).split("\n") + shown
        expected.append((command, shown))
    assert read("\n".join(written)) == expected


@given(outputs)
def test_any_block_is_read_or_refused_at_one_of_its_lines(lines: list[str]) -> None:
    given_lines = block("\n".join(["$ echo", *lines]))
    try:
        found = read_session(given_lines, complete=lambda command: len(command) > 8)
    except SessionError as error:
        assert error.line in given_lines
    else:
        assert found[0].text.startswith("echo\n")
