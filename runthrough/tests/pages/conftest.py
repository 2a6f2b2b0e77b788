"""A small site, which can be run, built and edited."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from runthrough.model.site import Site

INDEX = """\
Index
=====

.. toctree::

   first
   second
"""

FIRST = """\
First
=====

.. code-block:: console

   $ echo one
   one

.. code-block:: text
   :caption: kept.txt
   :create:

   <kept> & shown

.. code-block:: console

   $ cat kept.txt

.. code-block:: text
   :output:

   <kept> & shown

.. code-block:: console
   :skip: asks for a password

   $ sudo reboot
"""

SECOND = """\
:continues: first

Second
======

.. code-block:: console

   $ cat kept.txt
   <kept> & shown

.. code-block:: console
   :status: 1

   $ false
"""

RESULTS = "results.json"


@dataclass(frozen=True)
class Project:
    """A site, and what a person does with it."""

    docs: Path
    pytester: pytest.Pytester

    @property
    def results(self) -> Path:
        return self.docs.parent / RESULTS

    def edit(self, name: str, old: str, new: str) -> None:
        file = self.docs / name
        text = file.read_text()
        assert text.count(old) == 1
        file.write_text(text.replace(old, new))

    def run_pages(self, *arguments: str) -> pytest.RunResult:
        said = arguments or ("docs",)
        return self.pytester.runpytest_inprocess(
            "--runthrough", f"--runthrough-results={RESULTS}", *said
        )

    def build(
        self, builder: str = "html", *, shows: bool = True, warning: TextIO | None = None
    ) -> set[str]:
        """Build the pages into a folder of the builder's name; return those that were written."""
        written: list[str] = []
        setting = {"runthrough_results": str(self.results)} if shows else {}
        trees, built = self.docs.parent / "trees", self.docs.parent / builder
        with patch_docutils(str(self.docs)), docutils_namespace():
            app = Sphinx(
                *(self.docs, self.docs, built, trees, builder, setting),
                status=None,
                warning=warning,
            )
            app.connect("html-page-context", lambda _, page, *rest: written.append(page))
            app.build()
        return {page for page in written if (self.docs / f"{page}.rst").exists()}

    def warnings(self) -> str:
        """Build the pages, and return what Sphinx warns of."""
        warning = io.StringIO()
        self.build(warning=warning)
        return warning.getvalue()

    def page(self, name: str, builder: str = "html") -> str:
        return (self.docs.parent / builder / f"{name}.html").read_text()


@pytest.fixture
def project(pytester: pytest.Pytester, samples: Site) -> Project:
    """The site; the samples are read before, since pytester forgets what is imported later."""
    docs = pytester.mkdir("docs")
    stop = "runthrough_after_failure = 'stop'\n"
    (docs / "conf.py").write_text(f"extensions = ['runthrough']\n{stop}")
    for name, text in (("index", INDEX), ("first", FIRST), ("second", SECOND)):
        (docs / f"{name}.rst").write_text(text)
    return Project(docs, pytester)
