"""A caption is a file's path only if it looks like one, and stays as it is without an option."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from runthrough.model.steps import Listing, PageProblem, Unchecked
from runthrough.reading.captions import announced, path_of

if TYPE_CHECKING:
    from tests.reading.conftest import Steps


@pytest.mark.parametrize(
    "caption",
    ["app.py", "app/models.py", "Makefile", "~/tea.txt", "``app.py``", ":file:`app.py`", ".env"],
)
def test_a_word_without_markup_is_a_path(caption: str) -> None:
    assert path_of({"caption": caption}) == re.sub(r":file:|`", "", caption)


@pytest.mark.parametrize(
    "caption",
    [
        "",
        "An *example* of settings, see :doc:`index`",
        "See app.py",
        ":doc:`the page <index>`",
        "*app.py*",
        "Example:",
        "|name|",
        "Home_",
    ],
)
def test_prose_is_no_path(caption: str) -> None:
    assert path_of({"caption": caption}) is None
    assert path_of({}) is None


def test_a_path_with_blanks_needs_an_option() -> None:
    assert path_of({"caption": "my notes.txt"}) is None
    assert path_of({"caption": "my notes.txt", "create": True}) == "my notes.txt"
    assert path_of({"caption": "The settings of the app", "create": True}) is None


@pytest.mark.parametrize(
    ("options", "language", "expected"),
    [
        ({"caption": "a.py"}, "python", None),
        ({"caption": "a.py", "create": None}, "python", "Create ``a.py``"),
        ({"caption": ":file:`a.py`", "append": None}, "python", "Append to :file:`a.py`"),
        ({"caption": "a.py"}, "diff", "Change ``a.py``"),
        ({"caption": "a.py"}, "udiff", "Change ``a.py``"),
        ({"caption": "What *changes*"}, "diff", None),
        ({"caption": "a.py", "skip": "why"}, "diff", None),
    ],
)
def test_what_a_reader_does_is_said(
    options: dict[str, str], language: str, expected: str | None
) -> None:
    assert announced(options, language) == expected


def test_a_prose_caption_asks_for_nothing(steps: Steps) -> None:
    page = ".. code-block:: python\n   :caption: See app.py\n\n   a = 1\n"
    (step,) = steps(page)
    assert isinstance(step, PageProblem)
    assert "'See app.py' isn't read as a file's path" in step.advice
    (step,) = steps(page, conf='runthrough_unclassified = "count"\n')
    assert isinstance(step, Unchecked)
    (step,) = steps(page.replace("   :caption", "   :create:\n   :caption").replace("app.py", "it"))
    assert isinstance(step, PageProblem)
    assert "'See it' isn't a path" in step.what


def test_an_empty_caption_is_the_name_of_the_included_file(steps: Steps) -> None:
    page = ".. literalinclude:: app.py\n   :caption:\n"
    (step,) = steps(page, {"app.py": "a = 1\n"})
    assert isinstance(step, Listing)
    assert step.path == "app.py"


PAGE = """\
Page
====

.. code-block:: console
   :caption: Fetch the *list* with :command:`git`, see :doc:`index` and `us <https://x.org/>`_

   $ echo fetched

.. code-block:: python
   :caption: app.py

   a = 1

.. literalinclude:: conf.py
   :caption:

.. literalinclude:: conf.py
   :caption: ``conf.py``
   :append: # the end

.. code-block:: python
   :caption: :file:`app.py`
   :emphasize-lines: 1

   a = 1
"""


def build(folder: Path, extensions: list[str]) -> str:
    """Build the page and return what is between its head and its end."""
    (folder / "conf.py").write_text("html_theme = 'basic'\n", encoding="utf-8")
    (folder / "index.rst").write_text(PAGE, encoding="utf-8")
    out, warnings = folder / "+".join(["out", *extensions]), io.StringIO()
    with patch_docutils(str(folder)), docutils_namespace():
        app = Sphinx(
            str(folder),
            str(folder),
            str(out),
            str(out / "doctrees"),
            "html",
            confoverrides={"extensions": extensions},
            status=None,
            warning=warnings,
        )
        app.build()
    assert warnings.getvalue() == ""
    page = (out / "index.html").read_text(encoding="utf-8")
    return page[page.index('<div class="body"') : page.index('<div class="sphinxsidebar"')]


def test_a_page_without_our_options_looks_as_without_us(tmp_path: Path) -> None:
    assert build(tmp_path, ["runthrough"]) == build(tmp_path, [])
