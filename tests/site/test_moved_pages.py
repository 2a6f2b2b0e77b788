"""An address that a page once had leads to where it is now."""

from __future__ import annotations

import subprocess
from pathlib import Path

import moved_pages
import pytest
from sphinx.testing.util import SphinxTestApp

ROOT = Path(__file__).parents[2]
ADDRESS = "https://runthrough.example.org/en/latest"


def built(tmp_path: Path, address: str) -> Path:
    """Build a site of one page whose neighbour is at an address."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text('extensions = ["moved_pages"]\n')
    (docs / "index.rst").write_text("Title\n=====\n")
    app = SphinxTestApp("html", srcdir=docs, confoverrides={"neighbour_address": address})
    app.build()
    app.cleanup()
    return Path(app.outdir)


def test_a_page_that_moved_leads_to_the_other_site(tmp_path: Path) -> None:
    folder = built(tmp_path, ADDRESS)
    assert f"{ADDRESS}/placeholders.html" in (folder / "runthrough/stand-ins.html").read_text()
    assert f"{ADDRESS}/index.html" in (folder / "runthrough/index.html").read_text()


@pytest.mark.parametrize("address", ["", "../../../runthrough/docs/_build/html"])
def test_nothing_leads_to_a_site_without_an_address(tmp_path: Path, address: str) -> None:
    assert not (built(tmp_path, address) / "runthrough").exists()


def test_every_page_that_there_ever_was_can_be_reached() -> None:
    """What a search engine or a bookmark still has must not end at "Page not found"."""
    command = ["git", "log", "--no-renames", "--diff-filter=D", "--name-only", "--format=", "--"]
    listed = subprocess.run(
        [*command, "docs/*.rst"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode or (ROOT / ".git" / "shallow").exists():
        pytest.skip("this is no clone, or one without its history")
    pages = {Path(line).relative_to("docs") for line in listed.stdout.split()}
    gone = {
        page.with_suffix("").as_posix() for page in pages if not (ROOT / "docs" / page).exists()
    }
    lost = gone - moved_pages.TO_RUNTHROUGH.keys() - moved_pages.MOVED.keys()
    assert not lost, f"say in docs/_ext/moved_pages.py where these pages are now: {sorted(lost)}"


def test_the_places_that_pages_moved_to_exist() -> None:
    there = [ROOT / "runthrough/docs" / f"{new}.rst" for new in moved_pages.TO_RUNTHROUGH.values()]
    there += [ROOT / "docs" / f"{new}.rst" for new in moved_pages.MOVED.values()]
    assert [str(page) for page in there if not page.is_file()] == []
