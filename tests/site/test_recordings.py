"""A recording shows what its page shows, and the READMEs show the recording as it is now."""

from __future__ import annotations

import gzip
import itertools
import re
from collections import Counter
from pathlib import Path

import pytest
import screen
from plain_text import page_text
from screen import Row
from screenplays import ROOT, SCREENPLAYS, STATIC, Scene, Screenplay, ScreenplayError
from sphinx.testing.util import SphinxTestApp

NAMES = sorted(SCREENPLAYS)
LAYOUTS = ("wide", "narrow")
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|(?:fill|stroke)=", re.IGNORECASE)
PAGE = "Page\n====\n\n.. recording:: {0}\n\n   A caption.\n\n.. recording:: {0}\n\n   Another.\n"
READMES = {
    "add-column": ("README.rst",),
    "failing-page": ("runthrough/README.rst", "runthrough/docs/index.rst"),
}


def build(docs: Path, builder: str, name: str = NAMES[0]) -> SphinxTestApp:
    """Build a site with a recording, twice on one page."""
    docs.mkdir()
    (docs / "conf.py").write_text("extensions = ['recordings']\nepub_copyright = version = '1'\n")
    (docs / "index.rst").write_text(PAGE.format(name))
    app = SphinxTestApp(builder, srcdir=docs)
    app.build()
    app.cleanup()
    return app


def on_page(*scenes: Scene) -> Screenplay:
    """Return a recording of a page of its own."""
    return Screenplay("page.rst", "page.svg", "A title", scenes)


@pytest.mark.parametrize("name", NAMES)
def test_the_files_show_what_the_page_shows_now(name: str) -> None:
    screenplay = SCREENPLAYS[name]
    for file, picture in screenplay.pictures():
        assert (ROOT / file).read_text() == picture, (
            f"{screenplay.page} has changed since {file} was made of it. "
            "To make it again: python docs/_ext/screenplays.py"
        )


@pytest.mark.parametrize("name", NAMES)
def test_the_pages_for_it_show_the_file(name: str) -> None:
    assert sorted(READMES) == NAMES
    for readme in READMES[name]:
        text = (ROOT / readme).read_text()
        shown = re.findall(r"^\.\. image:: (\S+)\n   :alt: Recording", text, re.MULTILINE)
        places = [(ROOT / readme).parent / path for path in shown]
        assert ROOT / SCREENPLAYS[name].file in places


@pytest.mark.parametrize("name", NAMES)
def test_it_is_short_and_light(name: str) -> None:
    screenplay = SCREENPLAYS[name]
    for layout in LAYOUTS:
        shown, length = screen.moments(screenplay.rows(), screen.COLUMNS[layout])
        assert length <= 20
        assert len(shown) <= {"wide": 16, "narrow": 22}[layout]
    assert len(gzip.compress(screenplay.picture().encode())) < 15_000


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", NAMES)
def test_every_line_fits_the_screen(name: str, layout: str) -> None:
    shown, _ = screen.moments(SCREENPLAYS[name].rows(), screen.COLUMNS[layout])
    wide = [one.text for one in shown if len(one.prompt + one.text) > screen.COLUMNS[layout]]
    assert wide == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_appears_before_what_is_above_it(name: str) -> None:
    shown, length = screen.moments(SCREENPLAYS[name].rows(), screen.COLUMNS["narrow"])
    times = [one.begin for one in shown]
    assert times == sorted(times)
    for one, following in itertools.pairwise(shown):
        if one.typing:
            assert one.begin <= one.typing[0] < one.typing[1] <= following.begin
    assert length - times[-1] >= screen.HOLD, "there's no time to read the last line"


def test_a_long_line_goes_on_below() -> None:
    assert list(screen.wrapped("$ ", "echo one two", 8)) == [("$ ", "echo"), ("", "one two")]
    assert list(screen.wrapped("", "0123456789", 4)) == [("", "0123"), ("", "4567"), ("", "89")]
    assert list(screen.wrapped("", "  456789", 4)) == [("", "  45"), ("", "6789")]


def test_the_colours_are_those_of_the_page() -> None:
    assert not COLOUR.search((STATIC / "recordings.css").read_text())
    drawn = screen.svg([Row("output", "+ a")], "Title", "Text", "name", "wide")
    assert not COLOUR.search(drawn)


def test_a_file_has_light_and_dark_colours_and_only_a_picture_of_a_book_is_still() -> None:
    places = STATIC / "recordings.css", STATIC / "reader.css"
    style = screen.in_a_file(*places)
    light, dark = re.findall(r"--listing:(#\w+)", style)
    assert light != dark
    assert "prefers-reduced-motion: no-preference" in style
    still = screen.in_a_file(*places, still=True)
    assert re.findall(r"--listing:(#\w+)", still) == [light]
    assert "animation" not in still
    for text in (style, still):
        used = set(re.findall(r"var\((--(?!length)[\w-]+)\)", text))
        assert used
        assert used <= set(re.findall(r"(--[\w-]+):#", text))


def test_lines_are_taken_from_the_page_in_its_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(tmp_path, monkeypatch)
    made = on_page(Scene("a.py", ("+",)), Scene("ls", ("a",)), Scene("ls"))
    assert made.rows() == [
        Row("file", "a.py"),
        Row("line", "+    new"),
        Row("typed", "ls", "(x) $ "),
        Row("output", "a.py"),
        Row("typed", "ls", "$ "),
        Row("output", "c.py"),
    ]


@pytest.mark.parametrize(
    ("scenes", "problem"),
    [
        ((Scene("pwd"),), "page.rst no longer has, at this point of a recording, 'pwd'"),
        ((Scene("ls"), Scene("a.py")), "no longer has, at this point of a recording, 'a.py'"),
        ((Scene("ls", ("z.py",)),), "page.rst no longer shows a line with 'z.py' at 'ls'"),
    ],
)
def test_a_page_that_no_longer_has_it_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scenes: tuple[Scene, ...], problem: str
) -> None:
    page(tmp_path, monkeypatch)
    with pytest.raises(ScreenplayError, match=re.escape(problem)):
        on_page(*scenes).rows()


def page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a page from which a recording is taken."""
    monkeypatch.setattr("screenplays.ROOT", folder)
    (folder / "page.rst").write_text(
        ".. code-block:: diff\n   :caption: a.py\n\n        old\n   +    new\n\n"
        ".. note::\n\n   .. code-block:: console\n\n      (x) $ ls\n      a.py\n      b.py\n\n"
        ".. code-block:: console\n   :status: 1\n\n   $ ls\n   c.py\n"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_page_draws_it_and_no_name_is_there_twice(tmp_path: Path, name: str) -> None:
    app = build(tmp_path / "docs", "html", name)
    text = (app.outdir / "index.html").read_text()
    ids = Counter(re.findall(r' id="([^"]+)"', text))
    frames = Counter(re.findall(r"@keyframes ([\w-]+)", text))
    assert [one for one, count in (ids + frames).items() if count > 1] == []
    assert set(re.findall(r"animation-name:([\w-]+)", text)) == set(frames)
    for one in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', text):
        assert one in ids
    assert text.count("<svg ") == text.count('role="img"') == 4
    assert re.search(r"<figcaption><label>.*Play</label>A caption.</figcaption>", text)


@pytest.mark.parametrize("builder", ["epub", "singlehtml"])
def test_a_book_has_a_still_picture_with_the_text(tmp_path: Path, builder: str) -> None:
    app = build(tmp_path / "docs", builder)
    text = (app.outdir / f"index.{'xhtml' if builder == 'epub' else 'html'}").read_text()
    assert "<svg " not in text
    assert "<input" not in text
    source, alt = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', text)[0]
    assert "You type: alembic upgrade head" in alt
    picture = (app.outdir / source).read_text()
    assert "prefers-reduced-motion" not in picture


def test_a_page_for_programs_has_the_text(tmp_path: Path) -> None:
    app = build(tmp_path / "docs", "html")
    doctree = app.env.get_and_resolve_doctree("index", app.builder, tags=app.tags)
    screenplay = SCREENPLAYS[NAMES[0]]
    assert f"[Recording: {screenplay.title}. {screenplay.text()}]" in page_text(doctree, str)


def test_a_name_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    app = build(tmp_path / "docs", "html", "no-such-recording")
    assert "there is no recording 'no-such-recording'" in app.warning.getvalue()
