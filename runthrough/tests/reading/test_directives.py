"""Our options are there whichever extension has put the directives in place, and in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runthrough.model.steps import Console, Listing, PageProblem, Skip

if TYPE_CHECKING:
    from tests.reading.conftest import Steps

REPLACES = """
from docutils.parsers.rst import directives
from sphinx.directives.code import CodeBlock


class Replaced(CodeBlock):
    option_spec = {**CodeBlock.option_spec, "substitutions": directives.flag}

    def run(self):
        self.content.replace = None
        self.content[0] = self.content[0].replace("|v|", "hi")
        return super().run()


def replace(app, *_):
    app.add_directive("code-block", Replaced, override=True)


def setup(app):
    WHEN
"""
PAGE = """\
Page
====

.. code-block:: console
   :substitutions:
   :status: 1

   $ echo |v| && false
"""


@pytest.mark.parametrize(
    "when", ["replace(app)", 'app.connect("config-inited", replace, priority=900)']
)
def test_a_directive_that_another_extension_replaces(steps: Steps, when: str) -> None:
    (step,) = steps(PAGE, conf=REPLACES.replace("WHEN", when))
    assert isinstance(step, Console)
    assert (step.commands[0].status, step.commands[0].text) == (1, "echo hi && false")
    assert str(step.place) == "index.rst:8"


@pytest.mark.parametrize("ours_first", [True, False])
def test_sphinx_substitution_extensions(steps: Steps, *, ours_first: bool) -> None:
    pytest.importorskip("sphinx_substitution_extensions")
    place = "1" if ours_first else "0"
    conf = f'extensions.insert({place}, "sphinx_substitution_extensions")\n'
    (step,) = steps(".. |v| replace:: hi\n\n" + PAGE, conf=conf)
    assert isinstance(step, Console)
    assert step.commands[0].text == "echo hi && false"


@pytest.mark.parametrize("name", ["doctest", "testcode", "testoutput"])
def test_a_doctest_may_be_skipped(steps: Steps, name: str) -> None:
    page = f"Page\n====\n\n.. {name}::\n   :skip: shown only\n\n   >>> 1 + 1\n   2\n"
    (step,) = steps(page, conf='extensions += ["sphinx.ext.doctest"]\n')
    assert isinstance(step, Skip)
    assert (step.reason, str(step.place)) == ("shown only", "index.rst:7")


def test_a_parsed_literal_may_be_skipped(steps: Steps) -> None:
    page = "Page\n====\n\n.. parsed-literal::\n   :skip: shown only\n\n   $ echo **hi**\n"
    (step,) = steps(page)
    assert isinstance(step, Skip)


def test_literalinclude_keeps_its_own_append(steps: Steps) -> None:
    page = """\
Page
====

.. literalinclude:: tea.txt
   :caption: tea.txt
   :append: milk

.. literalinclude:: tea.txt
   :caption: tea.txt
   :append:
"""
    shown, appended = steps(page, {"tea.txt": "green\n"})
    assert isinstance(shown, Listing)
    assert (shown.file_action, [line.text for line in shown.lines[:2]]) == (
        "show",
        ["green", "milk"],
    )
    assert isinstance(appended, Listing)
    assert appended.file_action == "append"


def test_a_listing_knows_where_it_leaves_lines_out(steps: Steps) -> None:
    page = """\
Page
====

.. literalinclude:: tea.txt
   :caption: tea.txt
   :lines: 1,3-4,6
"""
    (step,) = steps(page, {"tea.txt": "a\nb\nc\nd\ne\nf\n"})
    assert isinstance(step, Listing)
    assert step.gaps == (1, 3)


TAB = "this line has a tab, which the built page shows as spaces"


@pytest.mark.parametrize(
    ("page", "line"),
    [
        (".. code-block:: make\n   :caption: Makefile\n   :create:\n\n   a:\n   \techo\n", 6),
        (".. code-block:: text\n   :caption: a.tsv\n   :append:\n\n   a\tb\n", 5),
        (".. code-block:: console\n\n   $ cat > a <<END\n   a\tb\n   END\n", 4),
        (".. code-block:: console\n\n   $ echo 'a\tb'\n", 3),
        (".. code-block:: diff\n   :caption: a.tsv\n\n   -a b\n   +a\tb\n", 5),
        ("::\n\n   $ echo 'a\tb'\n", 3),
        (
            ".. literalinclude:: a.tsv\n   :caption: a.tsv\n   :create:\n   :tab-width: 8\n",
            "a.tsv:1",
        ),
    ],
)
def test_a_tab_that_a_reader_copies_as_blanks(steps: Steps, page: str, line: object) -> None:
    (step,) = steps(page, {"a.tsv": "a\tb\n"})
    assert isinstance(step, PageProblem)
    assert step.what.startswith(TAB)
    assert str(step.place) == (f"index.rst:{line}" if isinstance(line, int) else line)


@pytest.mark.parametrize(
    "page",
    [
        ".. literalinclude:: a.tsv\n   :caption: a.tsv\n   :create:\n",
        ".. code-block:: text\n   :caption: a.tsv\n\n   a\tb\n",
        ".. code-block:: console\n\n   $ cat a.tsv\n   a\tb\n",
        ".. code-block:: console\n\n\t$ echo a\n",
        ".. code-block:: diff\n   :caption: a.tsv\n\n   -a\tb\n   +a b\n",
    ],
)
def test_a_tab_that_is_only_looked_at(steps: Steps, page: str) -> None:
    (step,) = steps(page, {"a.tsv": "a\tb\n"})
    assert not isinstance(step, PageProblem)
