"""A picture on a page is that of a URL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runthrough.model.results import Result
from runthrough.reading.site import read_site
from runthrough.running import screenshots
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner

pytestmark = pytest.mark.slow

PAGE = """\
Shop
====

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
RunText = Callable[..., list[Result]]


@pytest.fixture
def run_text(tmp_path: Path) -> Iterator[RunText]:
    """Run a page that is given as text; an update rewrites it."""
    runners: list[Runner] = []

    def run(text: str, *, update: bool = False) -> list[Result]:
        (tmp_path / "conf.py").write_text("runthrough_ports = {8000: ''}\n", encoding="utf-8")
        (tmp_path / "index.rst").write_text(text, encoding="utf-8")
        site = read_site(tmp_path, tmp_path / "doctrees")
        settle = (lambda result, settings: result) if update else None
        runners.append(Runner(site, Options(show=lambda said: None, settle=settle)))
        return list(runners[-1].run(site.page("index")))

    yield run
    for runner in runners:
        runner.end()


def test_it_is_skipped_where_no_picture_can_be_taken(
    run_text: RunText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screenshots, "NEEDED", ("no_browser_here",))
    _, picture, *_ = results = run_text(PAGE)
    assert [one.verdict for one in results] == ["passed", "skipped", "passed", "passed"]
    assert getattr(picture.step, "reason", "") == (
        "no_browser_here can't be imported: install runthrough[screenshots]"
    )


def test_a_url_of_another_machine_is_refused(run_text: RunText) -> None:
    results = run_text(
        PAGE.replace(":screenshot: http://127.0.0.1", ":screenshot: http://tea.test")
    )
    (failure,) = [one.failure for one in results if one.failure]
    assert "is another machine" in failure.what
    assert failure.place.line in (10, 11)  # the directive, or its option


def test_an_update_takes_it_and_a_run_compares_it(run_text: RunText, tmp_path: Path) -> None:
    pytest.importorskip("playwright")
    pytest.importorskip("PIL")
    (missing,) = [one.failure for one in run_text(PAGE) if one.failure]
    assert "shop.png isn't there" in missing.what
    assert not any(one.failure for one in run_text(PAGE, update=True))
    picture = (tmp_path / "shop.png").read_bytes()
    assert screenshots.size(picture) == screenshots.SIZE
    assert screenshots.difference(picture, picture) == 0
    assert not any(one.failure for one in run_text(PAGE))
