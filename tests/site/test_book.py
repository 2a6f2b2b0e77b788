"""The ePub is a book: a device can show it, and it has nothing that only a browser needs."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from sphinx.testing.util import SphinxTestApp

CONF = """\
project = "Sample"
extensions = ["sphinx_design", "sphinx_copybutton", "book"]
epub_css_files = ["book.css"]
epub_copyright = "x"
version = "1"
"""
PAGE = """\
Title
=====

.. tab-set::

   .. tab-item:: Linux

      One.

   .. tab-item:: macOS

      .. dropdown:: The file

         Two.
"""
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def body(tmp_path: Path) -> ElementTree.Element:
    """Make a book of one page, and parse the page as a device does: it has to be XML."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text(CONF)
    (docs / "index.rst").write_text(PAGE)
    app = SphinxTestApp("epub", srcdir=docs)
    app.build()
    app.cleanup()
    with ZipFile(app.outdir / "Sample.epub") as book:
        return ElementTree.fromstring(book.read("index.xhtml"))


def test_tabs_stand_below_each_other_and_folds_are_open(body: ElementTree.Element) -> None:
    shown = body.find(f"{XHTML}body")
    assert shown is not None
    said = " ".join("".join(shown.itertext()).split())
    assert said == "Title Linux One. macOS The file Two."
    assert not [one for name in ("input", "details", "svg") for one in body.iter(XHTML + name)]


def test_the_styles_are_those_of_a_book(body: ElementTree.Element) -> None:
    links = [link.get("href", "") for link in body.iter(f"{XHTML}link")]
    assert [link.rsplit("/", 1)[-1] for link in links] == ["pygments.css", "epub.css", "book.css"]
