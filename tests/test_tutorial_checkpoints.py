"""Every chapter can be begun from what its page offers, by somebody who has nothing else."""

from __future__ import annotations

import html
import re
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from runthrough import (
    Command,
    Console,
    Export,
    Line,
    Listing,
    Page,
    Place,
    Runner,
    Site,
    Step,
    explain,
    read_site,
)

pytestmark = pytest.mark.slow

DOCS = Path(__file__).resolve().parent.parent / "docs"
BOX = re.compile(r"<details class='runthrough-start'>(.*?)</details>", re.DOTALL)
INSTALLING = 600.0
"""Seconds that pip may take."""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Run the tutorial, so that its builds offer what it leaves now."""
    # SQLAlchemy is built once, and not for each chapter.
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "pip"))
    site = read_site(DOCS, tmp_path / "trees")
    with Runner(site) as runner:
        assert runner.run(site.page("tutorial/back-and-forth"))[-1].verdict == "passed"
    return site


def chapters(site: Site) -> list[str]:
    """Name the chapters that begin with a project."""
    return [
        page.docname
        for page in site.pages
        if page.docname.startswith("tutorial/")
        and page.continues not in (None, "tutorial/before-you-start")
    ]


def offered(page: Path) -> tuple[Path, list[str]]:
    """Read from a built page which archive it offers, and what to type."""
    (box,) = BOX.findall(page.read_text(encoding="utf-8"))
    (link,) = re.findall(r'href="([^"]*\.zip)"', box)
    (listing,) = re.findall(r"<pre>(.*?)</pre>", box, re.DOTALL)
    lines = html.unescape(re.sub("<[^>]*>", "", listing)).splitlines()
    return (page.parent / link).resolve(), [line.removeprefix("$ ") for line in lines]


def beginning(site: Site, archive: Path, commands: list[str]) -> Iterator[Step]:
    """Yield the steps of a reader who unpacks an archive and types what the page says."""
    with zipfile.ZipFile(archive) as packed:
        texts = {
            info.filename: packed.read(info).decode("utf-8")
            for info in packed.infolist()
            if not info.is_dir()
        }
        folders = [info.filename for info in packed.infolist() if info.is_dir()]
    yield from map(printed, captured(site, texts))
    yield typed(shlex.join(["mkdir", "-p", *folders, *(str(Path(one).parent) for one in texts)]))
    for name, text in texts.items():
        place = Place(Path(name), 1)
        lines = tuple(Line(line, place) for line in text.splitlines())
        yield (
            Listing(place, name, place, lines, "create")
            if lines
            else typed(f"touch {shlex.quote(name)}")
        )
    # What they print differs, and nothing on the page says what it is.
    environment = ""
    for command in commands:
        yield typed(f"{command} &>> ../begin.log", environment)
        if command.endswith("bin/activate"):
            environment = ".venv"


def captured(site: Site, texts: Mapping[str, str]) -> set[str]:
    """Return the values in texts that differ in every run: for this reader, they're the page's."""
    patterns = site.settings.captures.values()
    both = "\n".join([*texts, *texts.values()])
    return {value for pattern in patterns for value in pattern.findall(both)}


def printed(value: str) -> Console:
    """Make a step whose output shows a value that no command may name before."""
    place = Place(DOCS, 1)
    spelt = f"{value[:1]}''{value[1:]}"
    return Console(place, (Command(f"echo {spelt}", place, (Line(value, place),)),))


def typed(command: str, environment: str = "") -> Console:
    """Make the step of a reader who types a command that prints nothing."""
    place = Place(DOCS, 1)
    typed = Command(command, place, environment=environment)
    return Console(place, (typed,), timeout=INSTALLING)


def begun(page: Page, steps: Iterable[Step]) -> Page:
    """Return a page that begins with some steps instead of with another page."""
    return replace(page, steps=(*steps, *page.steps), continues=None)


def test_every_chapter_can_be_begun_from_its_checkpoint(site: Site, tmp_path: Path) -> None:
    html = tmp_path / "html"
    subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", str(DOCS), str(html)], check=True)
    names = chapters(site)
    assert len(names) == 6
    pages = {
        name: begun(site.page(name), beginning(site, *offered(html / f"{name}.html")))
        for name in names
    }
    with Runner(replace(site, pages=tuple(pages.values()))) as runner:
        for page in pages.values():
            for result in runner.run(page):
                if isinstance(result.step, Export):
                    continue  # a project of our own may hold what a shortcut does not make
                assert result.failure is None, explain(result.failure, page.file)
