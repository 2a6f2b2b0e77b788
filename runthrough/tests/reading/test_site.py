"""A site that's kept open reads a page again exactly as a site is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runthrough.model.site import ReadingError, Site
from runthrough.model.steps import Page, PageProblem
from runthrough.reading.site import OpenSite, open_site, read_site

PAGE = """\
Page
====

.. code-block:: console

   $ echo green
   green
"""
RAISES = """
from docutils.parsers.rst import Directive

class Raises(Directive):
    def run(self):
        raise KeyError("tea")

def setup(app):
    app.add_directive("raises", Raises)
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """The folder of a site, reached through a link."""
    folder = tmp_path / "real"
    folder.mkdir()
    (folder / "conf.py").write_text(f"extensions = ['runthrough']\n{RAISES}")
    (folder / "index.rst").write_text(PAGE)
    (folder / "other.rst").write_text(PAGE)
    (tmp_path / "docs").symlink_to(folder)
    return tmp_path / "docs"


@pytest.fixture
def opened(docs: Path, tmp_path: Path) -> Iterator[OpenSite]:
    with open_site(docs, tmp_path / "trees") as site:
        yield site


def index(site: Site) -> Page:
    return site.page("index")


def test_a_site_is_read_in_one_way(opened: OpenSite, docs: Path) -> None:
    assert opened.site == read_site(docs)
    assert index(opened.site).file == docs / "index.rst"


@pytest.mark.parametrize(
    "page",
    [
        PAGE.replace("green\n", "black\n"),
        f"Above.\n\n{PAGE}",
        f"{PAGE}\n.. raises::\n",
        ".. include:: missing.txt\n",
        "",
    ],
)
def test_a_changed_page_is_read_as_if_the_site_were_opened_now(
    opened: OpenSite, docs: Path, page: str
) -> None:
    (docs / "index.rst").write_text(page)
    changed = opened.reread("index")
    assert changed == read_site(docs)
    (docs / "index.rst").write_text(PAGE)
    assert opened.reread("index") == opened.site


def test_a_page_that_sphinx_gives_up_on_has_no_line(opened: OpenSite, docs: Path) -> None:
    (docs / "index.rst").write_text(f"{PAGE}\n.. raises::\n")
    (problem,) = index(opened.reread("index")).steps
    assert isinstance(problem, PageProblem)
    assert (problem.place.file, problem.place.line) == (docs / "index.rst", None)


def test_pages_that_now_continue_from_each_other_are_refused(opened: OpenSite, docs: Path) -> None:
    (docs / "other.rst").write_text(f":continues: index\n\n{PAGE}")
    (docs / "index.rst").write_text(f":continues: other\n\n{PAGE}")
    opened.site = opened.reread("other")
    with pytest.raises(ReadingError, match="continue from each other"):
        opened.reread("index")


def test_a_site_has_no_suffixes_of_the_one_before(docs: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    adds = "def setup(app): app.add_source_suffix('.tea', 'restructuredtext')\n"
    (other / "conf.py").write_text(f"extensions = ['runthrough']\n{adds}")
    (other / "index.tea").write_text(PAGE)
    assert read_site(other).suffixes == (".rst", ".tea")
    assert read_site(docs).suffixes == (".rst",)
