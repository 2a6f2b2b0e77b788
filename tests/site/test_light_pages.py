"""A page of the site loads what it uses, and no script keeps its text waiting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

TEMPLATES = Path(__file__).parents[2] / "docs" / "_templates"
CONF = f"""\
extensions = ["sphinx_copybutton", "sphinx_design", "light_pages"]
html_theme = "sphinx_rtd_theme"
html_js_files = [("ours.js", {{"defer": "defer"}})]
templates_path = [{str(TEMPLATES)!r}]
"""
PAGES = {
    "index": "Words\n=====\n\n.. toctree::\n\n   listing\n   fold\n   table\n",
    "listing": (
        "Listing\n=======\n\nIn ``one/some_file.py``:\n\n"
        ".. code-block:: console\n   :caption: one/some_file.py\n\n   $ true\n"
    ),
    "fold": "Fold\n====\n\n.. dropdown:: More\n\n   Text\n",
    "table": "Table\n=====\n\n.. csv-table:: Named\n   :class: wide\n\n   a, ``b.other_c()``\n",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Build a site whose pages use one thing each; return the text of its pages."""
    docs = tmp_path_factory.mktemp("docs")
    (docs / "conf.py").write_text(CONF)
    for name, text in PAGES.items():
        (docs / f"{name}.rst").write_text(text)
    app = SphinxTestApp("html", srcdir=docs)
    app.build()
    pages = {name: (app.outdir / f"{name}.html").read_text() for name in (*PAGES, "search")}
    app.cleanup()
    return pages


def loaded(page: str) -> set[str]:
    """Name the scripts and style sheets that a page asks for."""
    return set(re.findall(r'(?:src|href)="[^"]*?([\w.-]+\.(?:js|css))', page))


@pytest.mark.parametrize("name", [*PAGES, "search"])
def test_no_page_loads_jquery_or_what_calls_for_it(site: dict[str, str], name: str) -> None:
    calls = {"jquery.js", "_sphinx_javascript_frameworks_compat.js", "theme.js"}
    assert not loaded(site[name]) & calls
    assert "const jQuery" in site[name]


def test_what_extensions_add_is_loaded_where_it_is_used(site: dict[str, str]) -> None:
    copying = {"copybutton.js", "copybutton.css", "clipboard.min.js", "pygments.css"}
    assert copying <= loaded(site["listing"])
    assert "sphinx-design.min.css" in loaded(site["fold"])
    assert not loaded(site["index"]) & (copying | {"sphinx-design.min.css", "design-tabs.js"})


def test_the_text_waits_for_no_script(site: dict[str, str]) -> None:
    scripts = re.findall(r"<script [^>]*src=[^>]*>", site["listing"])
    assert scripts
    assert all("defer" in script for script in scripts)


def test_the_search_has_its_scripts_in_order(site: dict[str, str]) -> None:
    """Its last script calls what the first ones define as soon as it is read."""
    scripts = re.findall(r"<script [^>]*src=[^>]*>", site["search"])
    order = [script for script in scripts if "doctools" in script or "searchtools" in script]
    assert ["doctools" in script for script in order] == [True, False]
    assert not any("defer" in script for script in order)


@pytest.mark.parametrize("name", ["listing", "search"])
def test_our_script_waits_for_the_text_that_it_works_on(site: dict[str, str], name: str) -> None:
    [ours] = [script for script in re.findall(r"<script [^>]*>", site[name]) if "ours.js" in script]
    assert ours.count("defer=") == 1
    assert ours.count("defer") == 2, "the attribute and its value"


def test_a_table_scrolls_in_a_box_of_its_own(site: dict[str, str]) -> None:
    assert re.search(r'<div class="wy-table-responsive[^>]*>\s*<table', site["table"])
    assert len(re.findall(r'id="id1"', site["table"])) == 1


def test_a_name_in_a_caption_or_a_table_is_broken_after_a_part(site: dict[str, str]) -> None:
    assert ">one/<wbr />some_<wbr />file.py</span>" in site["listing"].replace(".<wbr />", ".")
    assert ">one/some_file.py</span>" in site["listing"], "in a sentence, it isn't"
    assert ">b.other_<wbr />c()</span>" in site["table"]


def test_a_link_to_a_heading_is_a_letter(site: dict[str, str]) -> None:
    assert re.search(r'<a class="headerlink" [^>]*>#</a>', site["index"])


def test_the_keyboard_finds_the_text_and_the_menu(site: dict[str, str]) -> None:
    assert 'href="#reader-text"' in site["index"]
    assert 'id="reader-text"' in site["index"]
    assert re.search(r'<button[^>]*aria-expanded="false"[^>]*>Menu</button>', site["index"])
