"""A site that knows its address lists its pages for search engines."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

ROOT = Path(__file__).parents[2]
ADDRESS = "https://guide.example.org/en/latest/"


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_it_is_made_where_the_address_is_known(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("READTHEDOCS_CANONICAL_URL", address)
    settings = runpy.run_path(str(ROOT / "docs" / "conf.py"))
    assert ("sphinx_sitemap" in settings["extensions"]) is bool(address)


def test_it_has_the_addresses_of_pages_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("READTHEDOCS_CANONICAL_URL", ADDRESS)
    settings = runpy.run_path(str(ROOT / "docs" / "conf.py"))
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text('extensions = ["sphinx_sitemap"]\n')
    (docs / "index.rst").write_text("Title\n=====\n\n.. toctree::\n\n   page\n")
    (docs / "page.rst").write_text("Page\n====\n")
    (docs / "404.rst").write_text(":orphan:\n\nLost\n====\n")
    names = ("html_baseurl", "sitemap_url_scheme", "sitemap_excludes")
    app = SphinxTestApp("html", srcdir=docs, confoverrides={name: settings[name] for name in names})
    app.build()
    app.cleanup()
    listed = re.findall("<loc>(.*?)</loc>", (app.outdir / "sitemap.xml").read_text())
    assert sorted(listed) == [f"{ADDRESS}{page}.html" for page in ("genindex", "index", "page")]
