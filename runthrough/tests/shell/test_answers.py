"""Answers are typed when something reads the terminal, and never into the shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from runthrough.shell.shell import Shell

ASKS = "print('Hello', input('Name? '))"

PROGRAMS = {
    "input": f'python3 -c "{ASKS}"',
    "slow": f'python3 -c "import time; time.sleep(1.5); {ASKS}"',
    "line editor": f'python3 -c "import readline; {ASKS}"',
    "child": "bash -c \"(read -p 'Name? ' x; echo Hello \\$x)\"",
    "subshell": "(read -p 'Name? ' x; echo Hello $x)",
    "pipeline": "echo 1 | while read n; do read -p 'Name? ' x </dev/tty; echo Hello $x; done",
    "builtin": "read -p 'Name? ' x; echo Hello $x",
    "editing builtin": "read -e -p 'Name? ' x; echo Hello $x",
    "with a limit": "read -t 30 -p 'Name? ' x; echo Hello $x",
    "polling": (
        'python3 -c "import select, sys; p = select.poll(); p.register(0, select.POLLIN); '
        "print('Name? ', end='', flush=True); p.poll(); print('Hello', sys.stdin.readline())\""
    ),
    "selecting": (
        "python3 -c \"import select, sys, os; r, w = os.pipe(); print('Name? ', end='', "
        "flush=True); select.select([0, r], [], [], 60); print('Hello', sys.stdin.readline())\""
    ),
    "epoll": (
        'python3 -c "import select, sys; p = select.epoll(); p.register(0, select.EPOLLIN); '
        "print('Name? ', end='', flush=True); p.poll(); print('Hello', sys.stdin.readline())\""
    ),
    "thread": (
        "python3 -c \"import threading; t = threading.Thread(target=lambda: print('Hello', "
        "input('Name? '))); t.start(); t.join()\""
    ),
}


@pytest.mark.ordinary_user
@pytest.mark.parametrize("command", PROGRAMS.values(), ids=PROGRAMS)
def test_what_reads_gets_the_answer(shell: Shell, command: str) -> None:
    ran = shell.run(command, ["Ada"], 60)
    assert (ran.ended, ran.unsaid) == ("done", 0)
    assert b"Hello Ada" in ran.output


def test_passwords_are_read_one_by_one(shell: Shell) -> None:
    script = "from getpass import getpass as ask; print(ask('One: ') + ask('Two: '))"
    ran = shell.run(f'python3 -c "{script}"', ["tea", "pot"], 60)
    assert ran.output.endswith(b"teapot\r\n")
    assert ran.unsaid == 0


@pytest.mark.parametrize(
    ("command", "answers", "unsaid"),
    [
        ("sleep 1.2", ["touch owned"], 1),
        ("sleep 1.2; echo removed", ["y"], 1),
        ("read name; echo hello; sleep 1.2", ["Ada", "touch owned"], 1),
        ("true", ["touch owned"], 1),
        ("# nothing", ["touch owned"], 1),
        ("sleep 1.2 | cat", ["touch owned"], 1),
        ("python3 -c 'import select; select.select([], [], [], 1.2)'", ["touch owned"], 1),
    ],
)
def test_what_nothing_asks_for_is_not_typed(
    shell: Shell, tmp_path: Path, command: str, answers: list[str], unsaid: int
) -> None:
    ran = shell.run(command, answers, 60)
    assert (ran.ended, ran.unsaid) == ("done", unsaid)
    assert b"touch" not in ran.output
    assert shell.run("").before == b""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "answers", "output"),
    [
        ("read -n 1 -p 'Go? ' a; echo; echo $a", ["y"], b"Go? y\r\ny\r\n"),
        ("read -n 1 a; read -n 1 b; echo; echo $b$a", ["y", "n"], b"yn\r\nny\r\n"),
        (
            "read -n 1 a; echo; read -p 'Name? ' b; echo $b$a",
            ["y", "Ada"],
            b"y\r\nName? Ada\r\nAday\r\n",
        ),
        ("read -n 5 a; echo $a", ["tea"], b"tea\r\ntea\r\n"),
    ],
)
def test_one_key_is_an_answer_without_enter(
    shell: Shell, command: str, answers: list[str], output: bytes
) -> None:
    ran = shell.run(command, answers, 60)
    assert (ran.ended, ran.unsaid, ran.output) == ("done", 0, output)
    assert shell.run("echo next").output == b"next\r\n"


# The line editor of Python 3.14 looks for keys ten times a second; pages have it off.
PYTHON = "PYTHON_BASIC_REPL=1 python3 -q"


@pytest.mark.ordinary_user
@pytest.mark.parametrize("command", ["cat", "sh", "read x", "read -e x", PYTHON])
def test_what_waits_for_more_is_found(shell: Shell, command: str) -> None:
    ran = shell.run(command, timeout=60)
    assert ran.ended == "input"
    assert ran.waiting is not None


def test_a_subshell_that_waits_is_named_bash(shell: Shell) -> None:
    ran = shell.run("(read x)", timeout=60)
    assert ran.waiting is not None
    assert ran.waiting.command == "bash"


def test_what_waits_with_a_limit_is_left_to_it(shell: Shell) -> None:
    ran = shell.run("read -t 1.5 x; echo $?", timeout=60)
    assert (ran.ended, ran.output) == ("done", b"142\r\n")
