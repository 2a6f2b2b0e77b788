"""Every chapter can be begun from what its page offers, by somebody who has nothing else."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from runthrough.model.report import explain
from runthrough.model.site import Site
from runthrough.reading.site import read_site
from runthrough.running.context import Context
from runthrough.running.page_run import Options, PageRun
from runthrough.running.runner import Runner

pytestmark = pytest.mark.slow

DOCS = Path(__file__).resolve().parent.parent / "docs"
BOX = re.compile(r"<details class='runthrough-start'>(.*?)</details>", re.DOTALL)
INSTALLING = 600.0
"""Seconds that pip may take."""


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runner]:
    """Run the tutorial, so that its builds offer what it leaves now."""
    # SQLAlchemy is built once, and not for each chapter.
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "pip"))
    runner = Runner(read_site(DOCS, tmp_path / "trees"), Options(show=lambda said: None))
    last = runner.site.page("tutorial/back-and-forth")
    assert runner.result(last, len(last.steps) - 1).verdict == "passed"
    yield runner
    runner.end()


def chapters(site: Site) -> list[str]:
    """Name the chapters that begin with a project."""
    return [
        page.docname
        for page in site.pages
        if page.docname.startswith("tutorial/") and page.continues not in (None, "tutorial/index")
    ]


def offered(page: Path) -> tuple[Path, list[str]]:
    """Read from a built page which archive it offers, and what to type."""
    (box,) = BOX.findall(page.read_text(encoding="utf-8"))
    (link,) = re.findall(r'href="([^"]*\.zip)"', box)
    (listing,) = re.findall(r"<pre>(.*?)</pre>", box, re.DOTALL)
    lines = html.unescape(re.sub("<[^>]*>", "", listing)).splitlines()
    return (page.parent / link).resolve(), [line.removeprefix("$ ") for line in lines]


def unpack(archive: Path, context: Context) -> None:
    """Unpack an archive, with the address that is the page's for a reader and not for us."""
    captures = context.settings.captures.items()
    with zipfile.ZipFile(archive) as packed:
        for info in packed.infolist():
            file = context.workspace.directory / info.filename
            if info.is_dir():
                file.mkdir(parents=True)
                continue
            text = packed.read(info).decode("utf-8")
            for kind, pattern in captures:
                for value in pattern.findall(text):
                    context.placeholders.bind(kind, value, value)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(context.placeholders.to_run(text), encoding="utf-8")


def test_every_chapter_can_be_begun_from_its_checkpoint(runner: Runner, tmp_path: Path) -> None:
    site = tmp_path / "html"
    subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", str(DOCS), str(site)], check=True)
    begun = chapters(runner.site)
    assert len(begun) == 6
    for docname in begun:
        archive, commands = offered(site / f"{docname}.html")
        context = runner.open().begin(None)
        unpack(archive, context)
        for command in commands:
            ran = context.shell.run(command, timeout=INSTALLING)
            assert (ran.ended, ran.status) == ("done", 0), (docname, command, ran.output)
        page = runner.site.page(docname)
        page_run = PageRun(page, context, runner.options)
        page_run.run_up_to(len(page.steps) - 1)
        for result in page_run.results:
            if "alembic_sample is what" in result.step.title:
                continue  # a project of our own may hold what a shortcut does not make
            assert result.failure is None, explain(result.failure, page.file)
        page_run.end()
