"""A comment before a block may hold its options, so that PyPI shows the text as well."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from docutils.core import publish_string
from docutils.writers.html5_polyglot import Writer

from runthrough.model.steps import Console, Listing, PageProblem, Skip

if TYPE_CHECKING:
    from tests.reading.conftest import Steps

README = """\
Tool
====

.. runthrough:
   :status: 2

.. code-block:: console

   $ grep x nofile
   grep: nofile: No such file or directory

.. runthrough
   :skip: it needs a kettle,
           and water

::

   fill, boil, pour

.. runthrough
   :caption: tea.txt
   :create:

.. code-block:: text

   green
"""


def test_a_block_has_the_options_of_its_comment(steps: Steps) -> None:
    typed, skipped, made = steps(README)
    assert isinstance(typed, Console)
    assert (typed.commands[0].status, str(typed.place)) == (2, "index.rst:9")
    assert isinstance(skipped, Skip)
    assert (skipped.reason, str(skipped.place)) == ("it needs a kettle, and water", "index.rst:18")
    assert isinstance(made, Listing)
    assert (made.path, made.file_action) == ("tea.txt", "create")


def test_docutils_alone_shows_the_text() -> None:
    errors = io.StringIO()
    settings = {"warning_stream": errors, "report_level": 2, "syntax_highlight": "none"}
    page = publish_string(README, writer=Writer(), settings_overrides=settings).decode()
    assert errors.getvalue() == ""
    assert "grep x nofile" in page
    assert ":status:" not in page.replace("<!--", "\0").split("\0")[0]


def test_pypi_shows_the_text() -> None:
    rst = pytest.importorskip("readme_renderer.rst")
    assert "grep x nofile" in re.sub("<.*?>", "", rst.render(README))


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        (":sttaus: 2", "no option"),
        (":status: two", "isn\u2019t a status, which is a number from 0 up"),
        (":create: yes", "no argument is allowed"),
    ],
)
def test_a_mistaken_option_is_said(steps: Steps, comment: str, said: str) -> None:
    page = f"Page\n====\n\n.. runthrough\n   {comment}\n\n::\n\n   $ echo\n"
    problem = next(step for step in steps(page) if isinstance(step, PageProblem))
    assert said in problem.what


@pytest.mark.parametrize("comment", [": status: 2", " status: 2", ":\n   status: 2", ": skip"])
def test_a_comment_without_an_option_is_said(steps: Steps, comment: str) -> None:
    page = f"Page\n====\n\n.. runthrough{comment}\n\n::\n\n   $ echo\n"
    problem = next(step for step in steps(page) if isinstance(step, PageProblem))
    assert "gives no option, which is written" in problem.what
    assert problem.place.line == 4


def test_a_comment_without_a_block_is_said(steps: Steps) -> None:
    (problem,) = steps("Page\n====\n\n.. runthrough\n   :status: 2\n\nText.\n")
    assert isinstance(problem, PageProblem)
    assert "no block follows" in problem.what


def test_other_comments_are_comments(steps: Steps) -> None:
    for comment in ("runthrough is a tool", "runthrough", "runthroughs: two"):
        assert steps(f"Page\n====\n\n.. {comment}\n\nText.\n") == []


def test_markdown(steps: Steps) -> None:
    pytest.importorskip("myst_parser")
    page = (
        "# Tool\n\n<!-- runthrough\n:status: 2\n-->\n\n```console\n$ grep x nofile\n```\n\n"
        "% runthrough :skip: no kettle\n\n```sh\nboil\n```\n"
    )
    typed, skipped = steps(page, conf='extensions += ["myst_parser"]\n', name="index.md")
    assert isinstance(typed, Console)
    assert typed.commands[0].status == 2
    assert isinstance(skipped, Skip)
