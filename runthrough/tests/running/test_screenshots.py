"""A picture on a page is that of a URL."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from runthrough.model.results import Failure, Result
from runthrough.reading.site import read_site
from runthrough.running import screenshots
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner

pytestmark = pytest.mark.slow

PAGE = """\
Shop
====

.. code-block:: html
   :caption: index.html
   :create:

   <body bgcolor="white"><h1>Tea</h1></body>

.. code-block:: console
   :until: Serving HTTP

   $ python3 -um http.server 8000 --bind 127.0.0.1
   Serving HTTP on 127.0.0.1 port 8000 (http://127.0.0.1:8000/) ...

.. figure:: shop.png
   :screenshot: http://127.0.0.1:8000/

   The shop

.. code-block:: text
   :interrupt:

   ^C
"""
BLACK = PAGE.replace("white", "black")
RunText = Callable[..., list[Result]]

with_browser = pytest.mark.skipif(
    not all(map(find_spec, screenshots.NEEDED)) or not any(map(shutil.which, screenshots.PROGRAMS)),
    reason="pictures need runthrough[screenshots], and Chromium",
)


def failures(results: list[Result]) -> list[Failure]:
    return [one.failure for one in results if one.failure]


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@tea.test"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True)


@pytest.fixture
def run_text(tmp_path: Path) -> Iterator[RunText]:
    """Run a page that is given as text; an update rewrites it."""
    runners: list[Runner] = []

    def run(text: str, *, update: bool = False, anyway: bool = False) -> list[Result]:
        (tmp_path / "conf.py").write_text("runthrough_ports = {8000: ''}\n", encoding="utf-8")
        (tmp_path / "index.rst").write_text(text, encoding="utf-8")
        site = read_site(tmp_path, tmp_path / "doctrees")
        settle = (lambda result, settings: result) if update else None
        options = Options(show=lambda said: None, settle=settle, update_anyway=anyway)
        runners.append(Runner(site, options))
        return list(runners[-1].run(site.page("index")))

    yield run
    for runner in runners:
        runner.end()


def test_it_is_skipped_where_no_picture_can_be_taken(
    run_text: RunText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screenshots, "NEEDED", ("no_browser_here",))
    _, _, picture, *_ = results = run_text(PAGE)
    assert [one.verdict for one in results] == ["passed", "passed", "skipped", "passed", "passed"]
    assert getattr(picture.step, "reason", "") == (
        "no_browser_here can't be imported; to fix this: pip install playwright pillow"
    )


def test_a_url_of_another_machine_is_refused(run_text: RunText) -> None:
    results = run_text(
        PAGE.replace(":screenshot: http://127.0.0.1", ":screenshot: http://tea.test")
    )
    (failure,) = [one.failure for one in results if one.failure]
    assert "is another machine" in failure.what
    assert failure.place.line in (16, 17)  # the directive, or its option


@with_browser
def test_an_update_takes_it_and_a_run_compares_it(run_text: RunText, tmp_path: Path) -> None:
    (missing,) = [one.failure for one in run_text(PAGE) if one.failure]
    assert missing.what.startswith("there's no file ")
    assert missing.what.endswith("shop.png")
    assert not any(one.failure for one in run_text(PAGE, update=True))
    picture = (tmp_path / "shop.png").read_bytes()
    assert screenshots.size(picture) == screenshots.SIZE
    assert screenshots.difference(picture, picture) == 0
    assert not any(one.failure for one in run_text(PAGE))


@with_browser
def test_a_page_that_looks_different(run_text: RunText, tmp_path: Path) -> None:
    run_text(PAGE, update=True)
    picture = (tmp_path / "shop.png").read_bytes()
    (failure,) = failures(run_text(BLACK))
    assert failure.place.line in (16, 17)
    assert failure.what.startswith("http://127.0.0.1:8000/ doesn't look as in ")
    assert (tmp_path / "shop.png").read_bytes() == picture


@with_browser
def test_an_update_replaces_what_git_holds(run_text: RunText, tmp_path: Path) -> None:
    run_text(PAGE, update=True)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "shop.png")
    git(tmp_path, "commit", "-q", "-m", "Show the shop")
    picture = (tmp_path / "shop.png").read_bytes()
    assert not failures(run_text(BLACK, update=True))
    assert screenshots.difference(picture, (tmp_path / "shop.png").read_bytes()) > 0.9
    assert not failures(run_text(BLACK))


@with_browser
def test_an_update_replaces_nothing_else_unless_it_is_told_so(
    run_text: RunText, tmp_path: Path
) -> None:
    run_text(PAGE, update=True)
    git(tmp_path, "init", "-q")
    picture = (tmp_path / "shop.png").read_bytes()
    (failure,) = failures(run_text(BLACK, update=True))
    assert failure.what.endswith(
        "was left as it is: git doesn't track it. Commit it first, or use "
        "'--runthrough-update-anyway'"
    )
    assert (tmp_path / "shop.png").read_bytes() == picture
    assert not failures(run_text(BLACK, update=True, anyway=True))
    assert not failures(run_text(BLACK))


def plain(colour: str, size: tuple[int, int] = (10, 10)) -> bytes:
    """Draw a picture of one colour."""
    image = pytest.importorskip("PIL.Image")
    data = io.BytesIO()
    image.new("RGB", size, colour).save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize(
    ("other", "differing"), [("#ffffff", 0.0), ("#f0f0f0", 0.0), ("#ffffa0", 1.0), ("black", 1.0)]
)
def test_each_colour_counts(other: str, differing: float) -> None:
    assert screenshots.difference(plain("white"), plain(other)) == differing


def test_pictures_of_two_sizes_differ() -> None:
    assert screenshots.difference(plain("white"), plain("white", (10, 11))) == 1
