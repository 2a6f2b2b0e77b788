"""A diagram says in words what it shows, takes its colours from the page, and fits its frame."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import drawings
import pytest
from canvas import Canvas, fixed
from plain_text import page_text
from sphinx.testing.util import SphinxTestApp

DOCS = Path(__file__).parents[2] / "docs"
STATIC = DOCS / "_static"
NAMES = sorted(
    file.stem.replace("_", "-")
    for file in Path(str(drawings.__file__)).parent.glob("*.py")
    if not file.stem.startswith("_")
)
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|(?:fill|stroke)=", re.IGNORECASE)
SITE = (STATIC / "reader.css").read_text()
PAGE = "Page\n====\n\n.. diagram:: {}\n\n   A caption.\n\n.. diagram:: {}\n"


def layouts(name: str) -> dict[str, Canvas]:
    """Draw a diagram in each of its layouts."""
    drawing = drawings.find(name)
    return {kind: getattr(drawing, kind)() for kind in ("narrow", "wide") if hasattr(drawing, kind)}


def build(docs: Path, builder: str, name: str = NAMES[0]) -> SphinxTestApp:
    """Build a site with a diagram, twice on one page."""
    docs.mkdir()
    (docs / "conf.py").write_text("extensions = ['diagrams']\nepub_copyright = version = '1'\n")
    (docs / "index.rst").write_text(PAGE.format(name, name))
    app = SphinxTestApp(builder, srcdir=docs)
    app.build()
    app.cleanup()
    return app


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_title_and_says_in_words_what_it_shows(name: str) -> None:
    drawing = drawings.find(name)
    assert 10 < len(drawing.TITLE) < 80
    assert len(drawing.TEXT) > 100
    assert drawing.TEXT.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_no_drawing_has_a_colour_of_its_own(name: str) -> None:
    for canvas in layouts(name).values():
        assert not COLOUR.search("".join(canvas.parts))


@pytest.mark.parametrize("name", NAMES)
def test_all_words_are_inside_and_big_enough_on_a_phone(name: str) -> None:
    for kind, canvas in layouts(name).items():
        assert canvas.width <= {"narrow": 340, "wide": 656}[kind]
        assert [pair for pair in canvas.words if pair[0] < 0 or pair[1] > canvas.width] == []


def test_the_style_sheet_has_no_colour_of_its_own() -> None:
    assert not COLOUR.search((STATIC / "diagrams.css").read_text())


def test_a_picture_in_a_file_has_light_colours() -> None:
    style = fixed(STATIC / "diagrams.css", STATIC / "reader.css")
    assert "var(" not in style
    assert "light-dark" not in style
    assert COLOUR.search(style)


def test_every_diagram_is_on_a_page() -> None:
    pages = "".join(page.read_text() for page in DOCS.rglob("*.rst"))
    assert [name for name in NAMES if f".. diagram:: {name}\n" not in pages] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_draws_it_and_no_id_is_there_twice(tmp_path: Path, name: str) -> None:
    app = build(tmp_path / "docs", "html", name)
    page = (app.outdir / "index.html").read_text()
    ids = Counter(re.findall(r' id="([^"]+)"', page))
    assert [one for one, count in ids.items() if count > 1] == []
    drawn = page.count("<svg ")
    assert drawn == 2 * len(layouts(name))
    assert page.count('role="img"') == page.count("<title id=") == page.count("<desc id=") == drawn
    for one in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', page):
        assert one in ids
    assert "<figcaption>A caption.</figcaption>" in page


@pytest.mark.parametrize("builder", ["epub", "singlehtml"])
def test_a_book_has_a_picture_with_the_text(tmp_path: Path, builder: str) -> None:
    app = build(tmp_path / "docs", builder)
    page = (app.outdir / f"index.{'xhtml' if builder == 'epub' else 'html'}").read_text()
    assert "<svg " not in page
    source, text = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', page)[0]
    assert len(text) > 100
    picture = (app.outdir / source).read_text()
    assert "var(" not in picture
    assert "<style>" in picture


def test_a_page_for_programs_has_the_text(tmp_path: Path) -> None:
    app = build(tmp_path / "docs", "html")
    doctree = app.env.get_and_resolve_doctree("index", app.builder, tags=app.tags)
    drawing = drawings.find(NAMES[0])
    assert f"[Diagram: {drawing.TITLE}. {drawing.TEXT}]" in page_text(doctree, str)


def test_a_name_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    app = build(tmp_path / "docs", "html", "no-such-diagram")
    assert "there is no diagram 'no-such-diagram'" in app.warning.getvalue()


@pytest.mark.parametrize("screen", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("letters", "back"),
    [
        ("--text", "--paper"),
        ("--soft", "--paper"),
        ("--text", "--listing"),
        ("--soft", "--listing"),
        ("--text", "--box"),
        ("--text", "--look"),
        ("--look-bar", "--look"),
        ("--removed", "--look"),
        ("--added", "--added-back"),
        ("--added", "--listing"),
        ("--removed", "--removed-back"),
        ("--added", "--box"),
        ("--removed", "--box"),
        ("--added", "--paper"),
        ("--removed", "--paper"),
        ("--text", "--added-back"),
    ],
)
def test_words_can_be_told_from_what_is_behind_them(screen: int, letters: str, back: str) -> None:
    found = re.findall(r"(--[\w-]+): light-dark\((#\w+), (#\w+)\)", SITE)
    colours = {name: pair[screen] for name, *pair in found}
    bright, dark = sorted((light_of(colours[letters]), light_of(colours[back])), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


def light_of(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    digits = colour.lstrip("#")
    pairs = [one * 2 for one in digits] if len(digits) == 3 else re.findall("..", digits)
    parts = [int(one, 16) / 255 for one in pairs]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
