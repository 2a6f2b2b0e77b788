"""The two sites of this repository link to each other, and each link has a page to go to."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"<runthrough:([\w/-]+)(?:#([\w-]+))?>`__")
NEXT_DOOR = "../../../runthrough/docs/_build/html"
CONF = 'extensions = ["neighbour"]\nversion = copyright = "1"\n'
Build = Callable[[str, str], str]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Build a site whose page deep/page links to a neighbour, and return that page."""

    def run(builder: str, address: str) -> str:
        docs = tmp_path / "docs"
        (docs / "deep").mkdir(parents=True)
        (docs / "conf.py").write_text(f"{CONF}neighbour_address = {address!r}\n")
        (docs / "index.rst").write_text("First\n=====\n\n.. toctree::\n\n   deep/page\n")
        (docs / "deep" / "page.rst").write_text(
            "Page\n====\n\nAs `the settings <runthrough:settings#top>`__ say.\n"
        )
        app = SphinxTestApp(builder, srcdir=docs)
        app.build()
        app.cleanup()
        assert not app.warning.getvalue()
        pages = {"html": "deep/page.html", "singlehtml": "index.html", "epub": "deep/page.xhtml"}
        return str((app.outdir / pages[builder]).read_text())

    return run


@pytest.mark.parametrize(
    ("builder", "address", "link"),
    [
        ("html", NEXT_DOOR, f"../{NEXT_DOOR}/settings.html#top"),
        ("singlehtml", NEXT_DOOR, f"{NEXT_DOOR}/settings.html#top"),
        ("html", "https://docs.invalid/", "https://docs.invalid/settings.html#top"),
        ("epub", "https://docs.invalid/", "https://docs.invalid/settings.html#top"),
    ],
)
def test_a_link_has_the_address_of_the_neighbour(
    build: Build, builder: str, address: str, link: str
) -> None:
    assert f'href="{link}">the settings</a>' in build(builder, address)


@pytest.mark.parametrize(("builder", "address"), [("html", ""), ("epub", NEXT_DOOR)])
def test_words_remain_where_the_address_is_unknown(
    build: Build, builder: str, address: str
) -> None:
    assert "As the settings say." in build(builder, address)


def links() -> list[tuple[str, str]]:
    """Return the pages, and the places on them, that this site links to next door."""
    texts = (file.read_text(encoding="utf-8") for file in sorted((ROOT / "docs").rglob("*.rst")))
    return [found for text in texts for found in LINK.findall(text)]


def test_each_link_to_runthrough_has_a_page() -> None:
    assert ("index", "") in links()
    missing = [name for name, _ in links() if not (ROOT / f"runthrough/docs/{name}.rst").is_file()]
    assert missing == []


def test_the_link_back_has_a_page() -> None:
    path = re.search('^GUIDE = "(.*)"$', (ROOT / "noxfile.py").read_text(), re.MULTILINE)
    assert path is not None
    built = (ROOT / "runthrough" / "docs" / "_build" / "html" / path[1]).resolve()
    assert built == ROOT / "docs" / "_build" / "html" / "index.html"
    assert (ROOT / "docs" / "index.rst").is_file()
