"""A Python to which statements are typed."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runthrough.shell.interpreter import Interpreter
from runthrough.shell.shell import Shell

pytestmark = pytest.mark.slow


@pytest.fixture
def interpreter(shell: Shell) -> Iterator[Interpreter]:
    """A Python that this shell has started."""
    interpreter = Interpreter(shell)
    yield interpreter
    interpreter.end()


Prints = Callable[[str], tuple[str, str]]


@pytest.fixture
def prints(interpreter: Interpreter) -> Prints:
    """Run a statement, and return how it has ended and what it printed."""

    def prints(statement: str) -> tuple[str, str]:
        ran = interpreter.run(statement, 60)
        return ran.ended, ran.output.decode().replace("\r\n", "\n")

    return prints


def test_a_statement_shows_its_value(prints: Prints) -> None:
    assert prints("1 + 1") == ("done", "2\n")
    assert prints("_ * 'tea '") == ("done", "'tea tea '\n")
    assert prints("None") == ("done", "")


def test_a_statement_of_several_lines(prints: Prints) -> None:
    assert prints("def cups(n):\n    return n * 2") == ("done", "")
    assert prints("for n in (1, 2):\n    cups(n)\n") == ("done", "2\n4\n")


def test_it_goes_on_after_an_error(prints: Prints) -> None:
    traceback = 'Traceback (most recent call last):\n  File "<stdin>", line 1, in <module>\n'
    assert prints("1 / 0") == ("failed", f"{traceback}ZeroDivisionError: division by zero\n")
    assert prints("1 +")[0] == "failed"
    assert prints("1") == ("done", "1\n")


def test_ipython_knows_what_only_it_can_read(shell: Shell) -> None:
    pytest.importorskip("IPython")
    interpreter = Interpreter(shell, str(Path(sys.executable).with_name("ipython")))
    assert interpreter.is_ipython

    def run(statement: str) -> tuple[str, list[str]]:
        ran = interpreter.run(statement, 60)
        return ran.ended, re.sub(r"\x1b\[[?\d;]*[a-z]", "", ran.output.decode()).split()

    assert run("1 + 1") == ("done", ["Out[1]:", "2"])
    assert run("def cups(n):\n    return n * 2") == ("done", [])
    assert "Signature:" in " ".join(run("cups?")[1])
    assert run("for n in (1, 2):\n    print(cups(n))") == ("done", ["2", "4"])
    assert run("1 / 0")[0] == "failed"
    assert run("def cups(n):")[0] == "open"
    interpreter.end()


def test_it_has_what_the_shell_has(shell: Shell, tmp_path: Path) -> None:
    shell.run("mkdir shop; cd shop; export TEA=green; echo 'kind = 5' > tea.py")
    interpreter = Interpreter(shell)
    statement = "import os, tea; print(os.getcwd(), os.environ['TEA'], tea.kind)"
    assert interpreter.run(statement, 60).output.decode().split() == [
        str(tmp_path / "shop"),
        "green",
        "5",
    ]
    interpreter.end()


def test_output_of_programs_and_unicode(prints: Prints) -> None:
    assert prints("import os; _ = os.system('echo tea')") == ("done", "tea\n")
    assert prints("print('\u00dc' * 3000 + '!')") == ("done", "\u00dc" * 3000 + "!\n")


@pytest.mark.parametrize(
    ("statement", "ended"),
    [
        ("exit()", "gone"),
        ("import os; os.kill(os.getpid(), 11)", "gone"),
        ("input('Name: ')", "input"),
        ("def cups(", "open"),
    ],
)
def test_a_statement_may_not_come_to_its_end(
    interpreter: Interpreter, statement: str, ended: str
) -> None:
    assert interpreter.run(statement, 60).ended == ended


def test_a_statement_may_take_too_long(interpreter: Interpreter) -> None:
    assert interpreter.run("import time; time.sleep(60)", 0.5).ended == "timeout"


def test_a_python_that_is_not_there(shell: Shell) -> None:
    interpreter = Interpreter(shell, "python9")
    assert interpreter.started.ended == "gone"
    assert interpreter.started.status == 127
    assert b"python9: command not found" in interpreter.started.output
