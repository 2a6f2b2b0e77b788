"""What authors are told, word for word: a change of a message is seen in review.

After a change that is meant: pytest tests/test_messages.py --write-messages
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import RanPage

MESSAGES = Path(__file__).with_name("messages")
LIKELIEST = (
    "asks-a-question",
    "comment-in-session",
    "contradicting-listings",
    "daemon-left",
    "exit-with-3",
    "failure-in-pipeline",
    "fewer-lines",
    "hangs",
    "hidden-error",
    "lost-indentation",
    "missing-cd",
    "mistyped-caption",
    "mistyped-command",
    "more-lines",
    "no-prompt",
    "not-utf-8",
    "nothing-shown",
    "prompt-without-blank",
    "renamed-include",
    "root-prompt",
    "set-e-leaks",
    "silent-failure",
    "stale-listing",
    "unclassified",
    "unprinted-excerpt",
    "wrong-output",
    "wrong-status",
)
CHANGING = ((re.compile(r"process \d+"), "process 4242"),)
"""What differs in every run, even in the page's words."""


@pytest.mark.parametrize("sample", LIKELIEST)
def test_an_author_is_told(
    sample: str,
    run_page: Callable[[str], RanPage],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    said = run_page(sample).report + "\n"
    for pattern, instead in CHANGING:
        said = pattern.sub(instead, said)
    kept = MESSAGES / f"{sample}.txt"
    if request.config.getoption("write_messages"):
        kept.write_text(said, encoding="utf-8")
    assert said == kept.read_text(encoding="utf-8")


def test_no_message_is_kept_for_a_page_that_is_gone() -> None:
    assert sorted(path.stem for path in MESSAGES.iterdir()) == sorted(LIKELIEST)
