"""Pages that people look things up in don't send them to the tutorial first."""

from __future__ import annotations

from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

PAGES = {
    "index": "First\n=====\n\n.. toctree::\n\n   how-to/page\n   reference/page\n",
    "how-to/page": ":continues: index\n\nGuide\n=====\n\nText.\n",
    "reference/page": ":continues: index\n\nTable\n=====\n\nText.\n",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Build a site with a guide and a reference, which both continue from its first page."""
    (tmp_path / "conf.py").write_text('extensions = ["runthrough", "lookup_pages"]\n')
    for name, text in PAGES.items():
        page = tmp_path / f"{name}.rst"
        page.parent.mkdir(exist_ok=True)
        page.write_text(text)
    app = SphinxTestApp("html", srcdir=tmp_path)
    app.build()
    app.cleanup()
    return Path(app.outdir)


def test_only_a_guide_says_where_it_begins(site: Path) -> None:
    assert "Continues from" in (site / "how-to/page.html").read_text()
    assert "Continues from" not in (site / "reference/page.html").read_text()
