"""The site on one page, for download: its links lead somewhere, and its menu to what is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

ROOT = Path(__file__).parents[2]
Build = Callable[[str], str]
CONF = f"""\
extensions = ["one_page"]
html_theme = "sphinx_rtd_theme"
templates_path = ["{ROOT / "docs" / "_templates"}"]
"""
OTHER = ".. _there:\n\nOther\n=====\n\nPart\n----\n\n.. _deep:\n\nDeep\n----\n\n:ref:`deep`\n"


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Build a site with one builder, without a warning; return its first page."""

    def run(builder: str) -> str:
        docs = tmp_path / "docs"
        docs.mkdir()
        (docs / "conf.py").write_text(CONF)
        first = "First\n=====\n\n:doc:`other`, :ref:`there`, :ref:`deep`.\n"
        (docs / "index.rst").write_text(f"{first}\n.. toctree::\n\n   other\n")
        (docs / "other.rst").write_text(OTHER)
        app = SphinxTestApp(builder, srcdir=docs)
        app.build()
        app.cleanup()
        assert not app.warning.getvalue()
        return str((app.outdir / "index.html").read_text())

    return run


def test_every_link_in_the_text_leads_to_a_place_on_the_page(build: Build) -> None:
    page = build("singlehtml")
    main = page.partition('itemprop="articleBody"')[2]
    links = set(re.findall(r'class="reference internal" href="#([^"]+)"', main))
    assert {"document-other", "deep"} <= links
    assert links <= set(re.findall(r'\bid="([^"]+)"', page))


def test_the_one_page_offers_neither_search_nor_index(build: Build) -> None:
    page = build("singlehtml")
    assert "search.html" not in page and "genindex.html" not in page


def test_the_pages_of_the_site_offer_both(build: Build) -> None:
    page = build("html")
    assert 'action="search.html"' in page
    assert re.search(r'<li class="toctree-l1"><a [^>]*href="genindex.html">Index</a>', page)


def test_no_toctree_of_the_guide_leads_to_what_sphinx_makes() -> None:
    for file in (ROOT / "docs").rglob("*.rst"):
        assert not re.search(r"^ +(?:.+<)?(genindex|search)>?$", file.read_text(), re.M), file
