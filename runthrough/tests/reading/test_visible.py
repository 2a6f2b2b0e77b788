"""Commands that a reader sees outside of literal blocks are problems, or counted; never nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runthrough.model.steps import Console, EndCheck, PageProblem, Skip, Step, Unchecked
from runthrough.reading.site import read_site

if TYPE_CHECKING:
    from tests.reading.conftest import Steps

EXTENSION = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
extensions += ["terminal_boxes"]
"""
HEAD = "Page\n====\n\n"


PROBLEMS = [
    (".. kept::\n\n   $ ecoh\n", 4),
    (".. lines::\n\n   $ ecoh\n", 4),
    (".. boxed::\n\n   $ ecoh\n", 4),
    (".. screen::\n\n   $ ecoh\n", 6),
    (".. raw:: html\n\n   <pre>\n   $ ecoh\n   </pre>\n", 4),
    (".. note::\n\n   .. boxed::\n\n      $ ecoh\n", 6),
    (".. code-block: console\n\n   $ ecoh\n", 4),
    (".. code-block:console\n\n   $ ecoh\n", 4),
    (".. code-block::console\n\n   $ ecoh\n", 4),
    (".. code-block console\n\n   $ ecoh\n", 4),
    (".. console: typed\n\n   $ ecoh\n", 4),
    (".. note:\n\n   .. code-block:: console\n\n      $ ecoh\n", 4),
    (".. literalinclude: typed.txt\n", 4),
    ("..code-block:: console\n\n   $ ecoh\n", 6),
    ("Look:\n\n``$ ecoh one``\n", 6),
    ("Look:\n\n`$ ecoh one`\n", 6),
    ("Look at ``$ ecoh one\none`` and go on.\n", 4),
    ("| $ ecoh one\n| one\n", 4),
    ("| Look:\n|   $ ecoh one\n", 5),
    ("   $ ecoh quoted\n", 4),
    ("Make it:\n$ ecoh below\n", 5),
    ("- one\n- $ ecoh\n", 5),
    ("Term\n   $ ecoh\n", 5),
    ("== ======\na  $ ecoh\n== ======\n", 5),
    (".. list-table::\n\n   * - a\n     - $ ecoh\n", 7),
    (".. container:: x\n\n   $ ecoh\n", 6),
    (":field: $ ecoh\n", 4),
    ("Text. [1]_\n\n.. [1] $ ecoh\n", 6),
    ("$ 2to3 file.py\n", 4),
    ("$ 7z x tea.7z\n", 4),
    ("(.venv) $ pip list\n", 4),
    ("**$ ecoh**\n", 4),
    ("- one\n- *$ ecoh*\n", 5),
    (":command:`$ ecoh`\n", 4),
]
PASSED_OVER = [
    "$ 5 is what a cup costs.\n",
    "A cup costs\n$ 5 here, and\n$ 1,000.50 there.\n",
    "$ 5/cup\n",
    "$ 5k per year.\n",
    "$ 5.\n",
    "$ 5-10 a cup\n",
    "$ .50 a cup\n",
    "$ 1'000 a year\n",
    ".. math::\n\n   $ a + b $\n",
    "**$ 5** a cup\n",
    "Type **$ make** here.\n",
    "\\$ HOME is a variable.\n",
    "``$`` begins a command.\n",
    "``$ 5`` a cup.\n",
    "``echo $HOME`` it is.\n",
    "``$ `` is the prompt.\n",
    "| one\n| $ 5\n",
    ".. todo: fix this\n",
    ".. note: this is one to us\n",
    ".. code review comes later\n",
    "..\n   .. code-block:: console\n\n      $ commented out\n",
    ".. printed::\n\n   $ ecoh\n",
    ".. raw:: html\n\n   <b>bold</b>\n",
    ".. lines::\n\n   $ 5\n",
]
SKIPPED = [
    ".. skip:: only shown\n\n" + page
    for page in [
        "   $ HOME is one\n",
        "   .. kept::\n\n      $ ecoh\n",
        "   .. boxed::\n\n      $ ecoh\n",
        "   ``$ ecoh``\n",
        "   | $ ecoh\n",
    ]
]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Step]]:
    """Return what a page of those above asks; one site has them all, which is read once."""
    docs = tmp_path_factory.mktemp("docs")
    pages = [*(page for page, _ in PROBLEMS), *PASSED_OVER, *SKIPPED]
    (docs / "conf.py").write_text(f'extensions = ["runthrough"]\n{EXTENSION}')
    (docs / "index.rst").write_text("Site\n====\n")
    for number, page in enumerate(pages):
        (docs / f"page-{number}.rst").write_text(HEAD + page)
    site = read_site(docs, tmp_path_factory.mktemp("doctrees"))

    def read(page: str) -> list[Step]:
        steps = site.page(f"page-{pages.index(page)}").steps
        return [step for step in steps if not isinstance(step, EndCheck)]

    return read


@pytest.mark.parametrize(("page", "line"), PROBLEMS)
def test_a_visible_command_is_a_problem(
    read: Callable[[str], list[Step]], page: str, line: int
) -> None:
    (step,) = read(page)
    assert isinstance(step, PageProblem)
    assert step.place.line == line


@pytest.mark.parametrize("page", PASSED_OVER)
def test_what_is_no_command_is_passed_over(read: Callable[[str], list[Step]], page: str) -> None:
    assert read(page) == []


@pytest.mark.parametrize("page", SKIPPED)
def test_it_may_be_skipped(read: Callable[[str], list[Step]], page: str) -> None:
    (step,) = read(page)
    assert isinstance(step, Skip)
    assert step.reason == "only shown"
    assert step.place.line == 6


@pytest.mark.parametrize(
    "page", ["Type ``$ make`` in the folder.\n", "``$ make`` builds it.\n", "$ make\n------\n"]
)
def test_a_command_in_a_sentence_or_a_title_is_counted(steps: Steps, page: str) -> None:
    (step,) = steps(HEAD + page)
    assert isinstance(step, Unchecked)
    assert step.place.line == 4


def test_blocks_of_extensions_are_counted_where_the_settings_say_so(steps: Steps) -> None:
    page = HEAD + ".. boxed::\n\n   $ ecoh\n\n.. kept::\n\n   $ ecoh\n"
    found = steps(page, conf=EXTENSION + 'runthrough_unclassified = "count"\n')
    assert [(type(one), one.place.line) for one in found] == [(Unchecked, 4), (Unchecked, 8)]


def test_sphinx_prompt(steps: Steps) -> None:
    pytest.importorskip("sphinx_prompt")
    page = (
        HEAD + ".. prompt:: bash $\n\n   ecoh\n\n.. prompt:: bash $\n   :skip: shown\n\n   ecoh\n"
    )
    problem, skip = steps(page, conf='extensions += ["sphinx-prompt"]\n')
    assert isinstance(problem, PageProblem)
    assert str(problem.place) == "index.rst:4"
    assert isinstance(skip, Skip)


def test_markdown(steps: Steps) -> None:
    pytest.importorskip("myst_parser")
    page = (
        "# Page\n\nText ``` console\n$ ecoh one ``` and so on.\n\n`$ ecoh two`\n\n"
        "<pre>\n$ ecoh three\n</pre>\n\n$ ecoh four\n\n\\$ escaped\n"
    )
    found = steps(page, conf='extensions += ["myst_parser"]\n', name="index.md")
    assert all(isinstance(one, PageProblem) for one in found)
    assert [one.place.line for one in found] == [4, 6, 8, 12]


@pytest.mark.parametrize("text", ["$       ?       \\", "$    end of the line", "$ 5  a cup", "$"])
def test_a_dollar_in_a_block_of_no_language_is_no_prompt_by_itself(steps: Steps, text: str) -> None:
    page = f"{HEAD}.. code-block:: none\n\n   {text}\n"
    (step,) = steps(page, conf='runthrough_unclassified = "count"\n')
    assert isinstance(step, Unchecked)
    (step,) = steps(page)
    assert isinstance(step, PageProblem)
    (step,) = steps(page.replace(text, "$ echo hi"))
    assert isinstance(step, Console)


@pytest.mark.parametrize(
    ("head", "conf", "is_shown"),
    [
        ("only:: latex", "", False),
        ("only:: html", "", True),
        ("ifconfig:: project == 'none'", 'extensions += ["sphinx.ext.ifconfig"]\n', False),
        ("ifconfig:: project", 'extensions += ["sphinx.ext.ifconfig"]\n', True),
        ("todo::", 'extensions += ["sphinx.ext.todo"]\n', False),
        ("todo::", 'extensions += ["sphinx.ext.todo"]\ntodo_include_todos = True\n', True),
    ],
)
def test_only_what_the_site_shows_is_run(
    steps: Steps, head: str, conf: str, is_shown: bool
) -> None:
    page = f".. {head}\n\n   .. code-block:: console\n\n      $ brew\n"
    found = steps(page, conf=f'project = "tea"\n{conf}')
    assert [type(step) for step in found] == ([Console] if is_shown else [])


@pytest.mark.parametrize(
    "page",
    [
        ".. code-block:: console\n   :class: d-none\n   :status: 2\n\n   $ brew\n",
        ".. container:: tea sd-d-none\n\n   .. code-block:: console\n\n      $ brew\n",
    ],
)
def test_what_a_class_hides_is_skipped(steps: Steps, page: str) -> None:
    (step,) = steps(page)
    assert isinstance(step, Skip)
    assert "no reader sees it, because of the class" in step.reason
