"""The history of the page's shell is that of a reader: its commands, and nothing of ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runthrough.shell.shell import Shell

Say = Callable[..., str]


@pytest.mark.parametrize(
    ("before", "command", "printed"),
    [
        ("echo hi", "!!", "echo hi\nhi\n"),
        ("echo one two", "echo !$", "echo two\ntwo\n"),
        ("echo tea", "^tea^milk", "echo milk\nmilk\n"),
        ("true", 'echo "not !here"', "bash: !here: event not found\n"),
        ("true", "echo 'not !here'", "not !here\n"),
        ("set +H", 'echo "not !here"', "not !here\n"),
        ("true", "cat <<END\nnot !here\nEND", "not !here\n"),
        ("echo a", "for x in 1\ndo !!\ndone", "do echo a\na\n"),
        ("for x in 1 2\ndo echo $x\ndone", "!!", "for x in 1 2; do echo $x; done\n1\n2\n"),
    ],
)
def test_history_is_expanded_as_for_a_reader(
    said: Say, before: str, command: str, printed: str
) -> None:
    assert said(before, command) == printed


@pytest.mark.parametrize(
    "breaks", ["true", "unset PROMPT_COMMAND", "unset PS0 PS1 PS2 PROMPT_COMMAND", "exec bash"]
)
def test_lines_of_ours_are_not_in_the_history(said: Say, breaks: str) -> None:
    numbered = said("echo tea", breaks, "echo milk", "history 2").split("\n")
    assert [line.split(maxsplit=1)[1] for line in numbered if line] == ["echo milk", "history 2"]


def test_the_history_begins_with_the_first_command(said: Say) -> None:
    assert said("history") == "    1  history\n"


@pytest.mark.parametrize("control", ["ignoreboth", "erasedups"])
def test_a_page_may_control_its_history(said: Say, control: str, shell: Shell) -> None:
    said(f"HISTCONTROL={control}", "echo tea")
    shell.run_unseen("true")
    assert said("!!") == "echo tea\ntea\n"


def test_no_history_is_written(said: Say, shell: Shell, tmp_path: Path) -> None:
    said("echo tea", "bash --norc", "echo milk", "exit")
    shell.run("exit")
    assert list(tmp_path.iterdir()) == []
