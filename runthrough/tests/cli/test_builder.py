"""`sphinx-build -b runthrough` runs pages, and fails the build where one is wrong."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import psutil
import pytest

import runthrough.cli

pytestmark = pytest.mark.slow

INDEX = """\
Tea
===

.. toctree::

   more

.. code-block:: console

   $ echo green
   green
"""
MORE = """\
More
====

.. code-block:: console

   $ echo black
   blue
"""
OUR_BUILDER = "runthrough.cli.builder"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").touch()
    (docs / "index.rst").write_text(INDEX)
    (docs / "more.rst").write_text(MORE)
    return docs


def build(
    docs: Path, *arguments: str, builder: str = "runthrough"
) -> subprocess.CompletedProcess[str]:
    """Run sphinx-build in the folder above the site, with `out` as the output folder."""
    command = [sys.executable, "-m", "sphinx", "-b", builder, "docs", "out", *arguments]
    return subprocess.run(command, cwd=docs.parent, capture_output=True, text=True)


def test_a_wrong_page_fails_the_build_at_its_line(docs: Path) -> None:
    ran = build(docs)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    expected = (
        f"{docs}/more.rst:7: ERROR: the output is not what the page shows\n"
        "    $ echo black\n"
        "    -blue\n"
        "    +black\n"
        "What to do: "
    )
    assert expected in ran.stderr
    assert ran.stderr.count("ERROR") == 1
    assert "  $ echo green\n" in ran.stdout
    assert "ran 2 pages: " in ran.stdout
    kept = (docs.parent / "out" / "output.txt").read_text()
    assert "ran 2 pages: " in kept
    assert f"{docs}/more.rst:7: the output is not what the page shows" in kept
    results = json.loads((docs.parent / "out" / "results.json").read_text())["pages"]
    assert {name: one[0]["verdict"] for name, one in results.items()} == {
        "index": "passed",
        "more": "failed",
    }


def test_only_the_pages_that_are_named_are_run(docs: Path) -> None:
    (docs / "more.rst").write_text(MORE.replace("blue", "black"))
    (docs / "index.rst").write_text(INDEX.replace("   green", "   white"))
    ran = build(docs, "docs/more.rst")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "ran 1 page: " in ran.stdout
    assert "The results are in out/output.txt and out/results.json." in ran.stdout
    # Nothing has changed since then, and the pages are run all the same.
    assert "docs/index.rst:11: ERROR: " in build(docs, "-q").stderr


def test_nothing_to_run_is_no_success(docs: Path) -> None:
    (docs / "about.rst").write_text(":orphan:\n\nAbout\n=====\n")
    ran = build(docs, "docs/about.rst")
    assert ran.returncode == 1
    assert "this page asks nothing of its reader" in ran.stderr
    ran = build(docs, "docs/conf.py")
    assert ran.returncode != 0
    assert "nothing was run: none of the given files is a page of this site" in ran.stderr


def test_settings_that_the_run_would_not_see_are_refused(docs: Path) -> None:
    ran = build(docs, "-D", "runthrough_timeout=5")
    assert ran.returncode == 2
    assert "reads runthrough_timeout from conf.py only: set it there" in ran.stderr


def test_a_build_of_html_does_not_load_it(docs: Path) -> None:
    (docs / "conf.py").write_text(
        "import atexit, sys\n"
        "extensions = ['runthrough']\n"
        "atexit.register(lambda: print('loaded:', *sys.modules))\n"
    )
    loaded = build(docs, builder="html").stdout.partition("loaded: ")[2].split()
    assert "runthrough.reading.extension" in loaded
    assert OUR_BUILDER not in loaded
    assert runthrough.cli.__name__ not in loaded


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_outlives_a_build_that_is_ended(docs: Path, number: int) -> None:
    (docs / "index.rst").write_text("Tea\n===\n\n.. code-block:: console\n\n   $ sleep 3600\n")
    command = [sys.executable, "-m", "sphinx", "-b", "runthrough", "docs", "out", "docs/index.rst"]
    process = subprocess.Popen(
        command,
        cwd=docs.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A job in the background of a shell ignores Ctrl-C, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    while "$ sleep 3600" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(number)
    # It comes to an end only when no process holds the pipe any more.
    assert "Interrupted!" in process.stdout.read()
    assert process.wait() != 0
    running = [" ".join(one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"])]
    assert [line for line in running if str(docs.parent) in line] == []


def test_sphinx_finds_it_by_its_name() -> None:
    (found,) = entry_points(group="sphinx.builders", name="runthrough")
    assert found.value == OUR_BUILDER
