"""Every address on the page for a missing address is right wherever that page is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

CONF = """\
extensions = ["lost_page"]
html_theme = "sphinx_rtd_theme"
"""
LOST = """\
:orphan:

Not here
========

:doc:`A way <sub/page>`, and `another site <https://x.org/>`_.
"""


@pytest.mark.parametrize("prefix", ["/", "/en/latest/"])
def test_addresses_begin_at_the_root_of_the_server(tmp_path: Path, prefix: str) -> None:
    docs = tmp_path / "docs"
    (docs / "sub").mkdir(parents=True)
    (docs / "conf.py").write_text(CONF)
    (docs / "index.rst").write_text("Title\n=====\n\n.. toctree::\n\n   sub/page\n")
    (docs / "sub" / "page.rst").write_text("Page\n====\n\n:doc:`/index`\n")
    (docs / "404.rst").write_text(LOST)
    app = SphinxTestApp("html", srcdir=docs, confoverrides={"notfound_urls_prefix": prefix})
    app.build()
    app.cleanup()
    html = (app.outdir / "404.html").read_text()
    addresses = re.findall(r'\b(?:href|src|action)="([^"#]+)', html)
    assert f"{prefix}sub/page.html" in addresses and f"{prefix}search.html" in addresses
    assert [one for one in addresses if not one.startswith(("https://", prefix))] == []
    assert 'href="../index.html"' in (app.outdir / "sub" / "page.html").read_text()
