"""What a terminal shows of a line that is typed at it."""

from __future__ import annotations

import time

import pytest

from runthrough.shell.shell import Shell
from runthrough.shell.terminal import take_echo


@pytest.mark.parametrize(
    ("heard", "split"),
    [
        (b"ls\r\n", (b"", b"")),
        (b"ls\r\nout\r\n", (b"", b"out\r\n")),
        (b"disk full\r\nls\r\nout\r\n", (b"disk full\r\n", b"out\r\n")),
        (b"ldisk full\r\ns\r\nout\r\n", (b"disk full\r\n", b"out\r\n")),
        (b"disk full ls\r\n", (b"disk full ", b"")),
        (b"l", None),
        (b"", None),
    ],
)
def test_the_echo_is_told_from_what_else_comes(
    heard: bytes, split: tuple[bytes, bytes] | None
) -> None:
    assert take_echo(heard, "ls") == split


@pytest.mark.parametrize("text", ["tab\there", "ctrl \x01 \x1b[31m", "del \x7f", "größe → 日本語"])
def test_the_echo_of_any_character_is_known(shell: Shell, text: str) -> None:
    ran = shell.run(f"cat > out.txt <<'END'\n{text}\nEND")
    assert (ran.ended, ran.output, ran.before) == ("done", b"", b"")
    assert shell.run("cat out.txt").output.decode() == f"{text}\r\n"


def test_what_comes_between_two_commands_is_found_once(shell: Shell) -> None:
    shell.run("(until [ -e go ]; do sleep 0.01; done; echo late) &")
    rans = [shell.run(command) for command in ("touch go", "sleep 1", "echo next", "")]
    assert b"".join(ran.before + ran.output for ran in rans).count(b"late\r\n") == 1


def test_what_is_printed_in_the_end_is_found_by_one_more_enter(shell: Shell) -> None:
    rans = [shell.run(command) for command in ("(sleep 0.2; echo late) & disown", "")]
    while shell.process.others():
        time.sleep(0.01)
    rans.append(shell.run(""))
    assert b"late" in rans[-1].before + rans[-1].output


def test_an_empty_line_takes_no_line_end_of_another() -> None:
    assert take_echo(b"late\r\n\r\n", "") == (b"late\r\n", b"")
    assert take_echo(b"\r\nlate\r\n", "") == (b"", b"late\r\n")
