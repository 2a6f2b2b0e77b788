"""Each page says what it is about, to those who show it elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import page_head
import pytest
from sphinx.testing.util import SphinxTestApp

BASE = "https://docs.example.org/en/latest/"
SAID = 'What "this" page says & means: enough words for those who look.'
OTHER = "What the other page says, which is not what the first one says."
ROOT = Path(__file__).parents[2]
Build = Callable[..., tuple[Path, str]]


class Tags(HTMLParser):
    """Collects what the tags of a page say."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(page.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name = said.get("property") or said.get("name")
        if tag == "meta" and name:
            self.found.append((name, said.get("content") or ""))

    def __getitem__(self, name: str) -> str:
        (content,) = [content for found, content in self.found if found == name]
        return content


def described(text: str, title: str = "Words & ``code``") -> str:
    return f".. meta::\n   :description: {text}\n\n{title}\n{'=' * len(title)}\n"


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Build a site of two pages; return it, and what Sphinx warned of."""

    def run(other: str = described(OTHER), **settings: object) -> tuple[Path, str]:
        docs = tmp_path / "docs"
        docs.mkdir(exist_ok=True)
        (docs / "conf.py").write_text("project = 'Sample'\nextensions = ['page_head']\n")
        (docs / "index.rst").write_text(f"{described(SAID)}\n.. toctree::\n\n   other\n")
        (docs / "other.rst").write_text(other)
        app = SphinxTestApp("html", srcdir=docs, confoverrides=settings)
        app.build()
        app.cleanup()
        return Path(app.outdir), re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue())

    return run


def test_a_page_says_what_it_is_and_where(build: Build) -> None:
    card = {"page_head_card": "_static/card.png", "page_head_card_alt": "A way"}
    site, warnings = build(html_baseurl=BASE, **card)
    assert not warnings
    tags = Tags(site / "index.html")
    assert tags["description"] == tags["og:description"] == SAID
    assert tags["og:title"] == "Words & code"
    assert tags["og:type"] == "website" and Tags(site / "other.html")["og:type"] == "article"
    assert tags["og:site_name"] == "Sample"
    assert tags["og:url"] == f"{BASE}index.html"
    assert tags["og:image"] == f"{BASE}_static/card.png" and tags["og:image:alt"] == "A way"
    assert tags["twitter:card"] == "summary_large_image"


def test_no_address_is_made_up_where_the_site_has_none(build: Build) -> None:
    site, _ = build(page_head_card="_static/card.png")
    names = {name for name, _ in Tags(site / "index.html").found}
    assert not names & {"og:url", "og:image"}
    assert Tags(site / "index.html")["twitter:card"] == "summary"


def test_the_pages_that_sphinx_makes_are_described(build: Build) -> None:
    site, _ = build()
    assert "from A to Z" in Tags(site / "genindex.html")["description"]
    assert "Search all pages of Sample" in Tags(site / "search.html")["og:description"]


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        ("Title\n=====\n", "has no description. Add '.. meta::'"),
        (described("Too short."), "has 10 characters; expected 50 to 160. Say more"),
        (described("long " * 33), "has 164 characters; expected 50 to 160. Shorten it"),
        (described(SAID), "is that of index too. Say what is only found here"),
    ],
)
def test_a_description_that_helps_nobody_is_warned_of(
    build: Build, other: str, problem: str
) -> None:
    _, warnings = build(other)
    assert re.search(rf"other\.rst: WARNING: the .*{re.escape(problem)}", warnings)


def test_descriptions_are_known_of_pages_that_are_not_read_again(
    build: Build, tmp_path: Path
) -> None:
    build()
    _, warnings = build(described(SAID))
    assert "that of index too" in warnings


def test_the_colours_are_those_of_the_style_sheet() -> None:
    style = (ROOT / "docs" / "_static" / "reader.css").read_text()
    assert re.findall(r"--banner: light-dark\((#\w+), (#\w+)\);", style) == [
        tuple(page_head.COLOURS.values())
    ]


def test_the_card_has_the_size_that_is_told_and_is_light() -> None:
    card = (ROOT / "docs" / "_static" / "card.png").read_bytes()
    size = tuple(int.from_bytes(card[at : at + 4], "big") for at in (16, 20))
    assert size == page_head.CARD_SIZE
    assert len(card) < 60_000
