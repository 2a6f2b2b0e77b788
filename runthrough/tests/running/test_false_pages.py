"""False pages that other tools for documentation pass, each red here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runthrough.reading.site import read_site
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner

if TYPE_CHECKING:
    from tests.conftest import RanPage

pytestmark = pytest.mark.slow

RunPage = Callable[[str], "RanPage"]

SEEN = """\
:starts-with: colour.txt

Colour
======

.. code-block:: console

   $ cat colour.txt
   red
"""


@pytest.mark.parametrize(
    ("page", "stands", "said"),
    [
        # mdoctest, byexample, tesh: the exit status is thrown away.
        ("silent-failure", "$ false", "ended with status 1"),
        # showboat: `exit 3` passes.
        ("exit-with-3", "exit 3", "ended the shell (status 3)"),
        # showboat, pytest-markdown-console: each block, or command, has a shell of its own.
        ("fresh-shell", "unset in", "+hello in /"),
        # trycmd: a command that is not known is passed over.
        ("mistyped-command", "$ ehco", "command not found"),
        # pytest-markdown-console: each command is run twice.
        ("run-twice", "   2", "+1"),
        # InnovationEngine: a similar output is right.
        ("almost-right", "he rests", "+The quick brown fox"),
        # Sybil, byexample: blocks that no reader sees are run.
        ("unseen-blocks", "   typed typed", "+unseen unseen unseen unseen"),
        # Sybil: blocks that readers do see are not; see test_faults_of_markup for them all.
        ("rot-in-list", " old", "+new"),
        ("spelled-with-capital", " old", "+new"),
        # tesh: an output is cut at a dollar sign.
        ("dollar-in-output", "   price", "+price $ 5"),
        # prysk: a command that reads takes the rest of the page as its input; no time-out.
        ("waits-for-input", "$ cat", "waits for input"),
        ("hangs", "$ bash -c", "hasn't ended after 0.5 s"),
        # byexample: a blank line ends the output.
        ("rot-after-blank-line", "   third", "+second"),
    ],
)
def test_a_false_page(run_page: RunPage, page: str, stands: str, said: str) -> None:
    ran = run_page(page)
    assert ran.failure.place == ran.at(stands)
    assert said in ran.report


def test_the_same_output_twice(run_page: RunPage) -> None:
    """programoutput: outputs are kept by the command's text."""
    ran = run_page("same-output-twice")
    assert ran.failure.place == ran.at("Again").down(5)
    assert ran.failure.difference == ("-1", "+2")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of one page, which holds when it is first run."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text("project = 'x'\n")
    (docs / "index.rst").write_text(SEEN)
    (docs / "colour.txt").write_text("red\n")
    assert first_failure(docs) is None
    return docs


def first_failure(docs: Path) -> tuple[int | None, tuple[str, ...]] | None:
    """Read and run the page, with what earlier runs have kept; return line and difference."""
    site = read_site(docs, docs.parent / "doctrees")
    runner = Runner(site, Options(show=lambda said: None))
    try:
        failure = runner.result(site.page("index"), 0).failure
    finally:
        runner.end()
    return None if failure is None else (failure.place.line, failure.difference)


def test_an_unchanged_page_is_run_again(site: Path) -> None:
    """programoutput, autorunrecord: what was captured once is never run again."""
    (site / "colour.txt").write_text("blue\n")
    assert first_failure(site) == (9, ("-red", "+blue"))


def test_a_changed_page_is_read_again(site: Path) -> None:
    """programoutput: the environment that Sphinx has kept answers for the page."""
    (site / "index.rst").write_text(SEEN.replace("   red", "   green"))
    assert first_failure(site) == (9, ("-green", "+red"))
