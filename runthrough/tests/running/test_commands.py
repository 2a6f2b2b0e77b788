"""A page is right where its reader gets on, and red at the line where they do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import RanPage

RunPage = Callable[[str], "RanPage"]


@pytest.mark.parametrize(
    "docname",
    [
        "closed-pipe",
        "ends-in-a-shell",
        "environments",
        "history-restored",
        "late-banner",
        "output-comes-back",
        "output-copied-to-a-file",
        "own-prompts",
        "prints-before-prompts",
        "shell-in-shell",
        "slow-question",
    ],
)
def test_a_right_page_passes(docname: str, passes: Callable[[str], None]) -> None:
    passes(docname)


@pytest.mark.parametrize(
    ("docname", "line", "what"),
    [
        ("environment-not-active", "(.venv) $ echo two", "'.venv' is active, but it isn't"),
        ("environment-not-named", "$ echo one", "'tea' is active, but the page's prompt"),
        ("fewer-questions", "$ read name", "asked for 1 of 2 answers, but not for 'yes'"),
        ("history-in-quotes", "$ echo", "bash reads the '!' as a command from its history"),
        ("history-in-last-line", "$ echo", "bash reads the '!' as a command from its history"),
        ("last-output", "$ python3", "after this command, more appears on the terminal"),
        ("job-left", "$ sleep", "still alive at the end of the run"),
        ("late-output", "$ (sleep", "after this command, more appears on the terminal"),
        ("lost-builtins", "$ builtin()", "bash no longer reports the end of a command"),
        ("nothing-asks", "$ sleep", "nothing asked for the answer 'touch owned'"),
        ("output-sent-away", "$ exec", "output no longer goes to the terminal"),
        ("prompt-that-prints", "$ PROMPT_COMMAND", "the command printed something"),
        ("status-under-own-prompt", "$ cat", "ended with status 1; the page expects 0"),
    ],
)
def test_a_wrong_page_is_red_where_a_reader_stops(
    run_page: RunPage, docname: str, line: str, what: str
) -> None:
    ran = run_page(docname)
    assert ran.failure.place == ran.at(line)
    assert what in ran.failure.what
    assert "Error" not in ran.report
