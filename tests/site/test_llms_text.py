"""llms.txt names every page, and llms-full.txt holds what the pages say now."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sphinx.testing.util import SphinxTestApp

BASE = "https://docs.example.org/en/latest/"
SAID = "A description of this very page, {}, which is as long as it has to be."
Build = Callable[..., Path]
CONF = """\
project = "Sample"
extensions = ["runthrough", "page_head", "llms_text"]
"""
INDEX = """\
.. toctree::
   :caption: First steps

   start
   guides/index
   alone
   Index <genindex>

.. toctree::

   last
"""
PAGES = {
    "index": f"Welcome\n=======\n\nHello, and see :doc:`guides/index`.\n\n{INDEX}",
    "guides/index": "Guides\n======\n\n.. toctree::\n\n   deep\n",
    "guides/deep": "Deep\n====\n\n.. _here:\n\nHere\n----\n\nBack to :doc:`/start`, :ref:`here`.\n",
    "start": "Start\n=====\n\n.. code-block:: python\n   :caption: a.py\n   :create:\n\n   a = 1\n",
    "alone": "Alone\n=====\n\nNothing.\n",
    "last": "Last\n====\n\nThe end.\n",
    "404": ":orphan:\n\nNot here\n========\n\nGone.\n",
}


def page(docname: str, text: str) -> str:
    described = f".. meta::\n   :description: {SAID.format(docname)}\n\n"
    head, orphan, body = text.rpartition(":orphan:\n\n")
    return f"{head}{orphan}{described}{body}"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    for docname, text in PAGES.items():
        file = folder / f"{docname}.rst"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page(docname, text))
    (folder / "conf.py").write_text(CONF)
    return folder


@pytest.fixture
def build(docs: Path) -> Build:
    """Build the site as it is now; return the folder of the result."""

    def run(name: str = "html", **options: Any) -> Path:
        app = SphinxTestApp(name, srcdir=docs, **options)
        app.build()
        assert "WARNING" not in app.warning.getvalue()
        app.cleanup()
        return Path(app.outdir)

    return run


def test_the_index_has_every_page_in_the_order_of_the_toctrees(build: Build) -> None:
    text = (build(confoverrides={"html_baseurl": BASE}) / "llms.txt").read_text()
    assert text.startswith(f"# Sample\n\n> {SAID.format('index')}\n")
    links = [line for line in text.split("\n") if line.startswith(("## ", "- ["))]
    assert links == [
        "## First steps",
        f"- [Start]({BASE}start.md): {SAID.format('start')}",
        "## Guides",
        f"- [Guides]({BASE}guides/index.md): {SAID.format('guides/index')}",
        f"- [Deep]({BASE}guides/deep.md): {SAID.format('guides/deep')}",
        "## First steps",
        f"- [Alone]({BASE}alone.md): {SAID.format('alone')}",
        "## Sample",
        f"- [Last]({BASE}last.md): {SAID.format('last')}",
    ]


def test_the_whole_has_each_page_once_with_its_address(build: Build) -> None:
    text = (build(confoverrides={"html_baseurl": BASE}) / "llms-full.txt").read_text()
    addresses = [line for line in text.split("\n") if line.startswith("Address: ")]
    names = ["index", "start", "guides/index", "guides/deep", "alone", "last"]
    assert addresses == [f"Address: {BASE}{name}.html" for name in names]
    assert f"\n# Start\n\nAddress: {BASE}start.html\n\nCreate `a.py`:\n\n```python\na = 1\n" in text
    assert f"Back to [Start]({BASE}start.html), [Here]({BASE}guides/deep.html#here)." in text


def test_without_an_address_links_are_relative_to_the_file(build: Build) -> None:
    site = build()
    assert "- [Deep](guides/deep.md): " in (site / "llms.txt").read_text()
    assert "Back to [Start](start.html)" in (site / "llms-full.txt").read_text()
    assert "Back to [Start](../start.html)" in (site / "guides" / "deep.md").read_text()
    assert "see [Guides](guides/index.html)" in (site / "index.md").read_text()


def test_a_page_says_where_its_markdown_is(build: Build) -> None:
    site = build()
    link = '<link rel="alternate" type="text/markdown" href="deep.md" />'
    assert link in (site / "guides" / "deep.html").read_text()
    assert "text/markdown" not in (site / "404.html").read_text()
    assert not (site / "404.md").exists()


def test_a_page_that_has_changed_is_written_anew_beside_those_that_have_not(
    build: Build, docs: Path
) -> None:
    before = (build() / "llms-full.txt").read_text()
    file = docs / "last.rst"
    file.write_text(file.read_text().replace("The end.", "The new end."))
    after = (build() / "llms-full.txt").read_text()
    assert after == before.replace("The end.", "The new end.") != before


def test_a_page_that_is_gone_is_gone(build: Build, docs: Path) -> None:
    build()
    (docs / "last.rst").unlink()
    (docs / "index.rst").write_text(
        page("index", PAGES["index"].replace("   last\n", "   start\n"))
    )
    site = build()
    assert "The end." not in (site / "llms-full.txt").read_text()
    assert "last.md" not in (site / "llms.txt").read_text()


def test_text_that_was_lost_is_made_again(build: Build, docs: Path) -> None:
    site = build()
    before = (site / "llms-full.txt").read_text()
    for kept in (docs / "_build" / "doctrees" / "llms").rglob("l*.md"):
        kept.unlink()
    build()
    assert (site / "llms-full.txt").read_text() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Sphinx works in parallel by forking")
def test_several_workers_write_the_same(build: Build) -> None:
    one = (build() / "llms-full.txt").read_bytes()
    assert (build(freshenv=True, parallel=2) / "llms-full.txt").read_bytes() == one


def test_other_builders_write_nothing(build: Build) -> None:
    site = build("dirhtml")
    assert not list(site.rglob("llms*")) and not list(site.rglob("*.md"))
