"""Each command's status and output are found, whatever a page does to its prompt."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runthrough.shell.markers import read_end
from runthrough.shell.shell import Shell

Say = Callable[..., str]

CHANGES = {
    "own prompt": "PS1='demo $ '",
    "prompt of two lines": r"PS1='\n\w\n\$ '",
    "no prompt": "unset PS1",
    "begin": "PS0='[begins]\\n'",
    "further": "PS2='more: '",
    "prompt command": "PROMPT_COMMAND=true",
    "title": r"""PROMPT_COMMAND="printf '\033]0;shop\007'; $PROMPT_COMMAND" """,
    "array": "PROMPT_COMMAND=(true true)",
    "appended": "PROMPT_COMMAND+=(true)",
    "prompt that is made each time": "PROMPT_COMMAND='PS1=\"[$?] \"'",
    "prompt that is made last": "PROMPT_COMMAND+=('PS1=\"[$?] \"')",
    "no prompt command": "unset PROMPT_COMMAND",
    "neither": "unset PS0 PS1 PS2 PROMPT_COMMAND",
    "printf": "printf() { :; }",
    "alias": "alias printf=true builtin=true",
    "expansion": "shopt -u promptvars",
    "posix": "set -o posix",
    "unset is an error": "set -u",
    "traced": "set -x; set +x",
    "errors": "exec 2>/dev/null",
    "output": "exec 3>&1 >log.txt",
    "trap": "trap ': $((n++))' DEBUG",
    "ERR": "trap true ERR",
    "bash in bash": "bash --norc",
    "another bash": "exec bash --norc",
    "two more": "exec bash --norc; exit 9",
    "restricted prompt": "readonly PS1",
    "columns": "stty -echo",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_no_status_is_lost(shell: Shell, change: str) -> None:
    shell.run(change)
    for command, status in (("(exit 3)", 3), ("true", 0), ("false |\ntrue | (exit 4)", 4)):
        ran = shell.run(command)
        assert (ran.ended, ran.status) == ("done", status), command
    assert ran.parts == (1, 0, 4)


@pytest.mark.parametrize(
    "change",
    [one for name, one in CHANGES.items() if name not in ("begin", "title", "output")],
)
def test_no_output_is_lost_or_added(shell: Shell, change: str) -> None:
    shell.run(change)
    assert shell.run("echo tea; echo 'and\nmilk'").output == b"tea\r\nand\r\nmilk\r\n"


def test_what_a_page_has_printed_at_its_prompt_is_an_output(said: Say) -> None:
    assert said("PROMPT_COMMAND='echo hi'") == "hi\n"
    assert said("echo tea") == "tea\nhi\n"
    assert said("unset PROMPT_COMMAND") == ""
    assert said("PS0='[begins]\\n'") == ""
    assert said("echo tea") == "[begins]\ntea\n"


def test_the_prompt_command_of_a_page_sees_the_status(said: Say) -> None:
    assert said("PROMPT_COMMAND='echo $? ${PIPESTATUS[@]}'", "false | (exit 3)") == "3 1 3\n"


@pytest.mark.parametrize(
    ("trap", "printed"),
    [
        ("trap 'echo debug' DEBUG", "debug\ntea\n"),
        ("trap 'echo \"+ $BASH_COMMAND\"' DEBUG", "+ echo tea\ntea\n"),
        ("set -x", "+ echo tea\ntea\n"),
    ],
)
def test_a_trace_shows_the_commands_of_the_page_alone(said: Say, trap: str, printed: str) -> None:
    assert said(trap, "echo tea") == printed


def test_a_prompt_that_is_printed_is_no_marker(said: Say) -> None:
    assert "$ " in said('echo "$PS1"')
    assert said("echo next") == "next\n"


def test_a_shell_without_its_builtins_is_told_from_one_that_waits(shell: Shell) -> None:
    shell.run("builtin() { :; }; trap '' DEBUG")
    assert shell.run("echo tea").ended == "lost"


@pytest.mark.parametrize("fields", [[b"E"], [b"E", b"x", b"/", b"", b"", b"", b"0", b""]])
def test_a_report_of_another_form_is_none(fields: list[bytes]) -> None:
    assert read_end(fields) is None


def test_the_prompt_is_known(shell: Shell) -> None:
    assert shell.prompt == "$ "
    shell.run('PS1="(tea) $PS1"')
    assert shell.prompt == "(tea) $ "
    shell.run("exec 2>/dev/null")
    assert shell.prompt == ""


def test_the_umask_is_that_of_most_machines(said: Say) -> None:
    assert said("umask") == "0022\n"
