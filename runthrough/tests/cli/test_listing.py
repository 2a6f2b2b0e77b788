"""`runthrough list` shows pages and steps in the order in which a reader meets them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runthrough.cli import main
from runthrough.model.steps import SIDE_FILE
from tests.tab_sets import tab_set

INDEX = """\
Tea
===

.. toctree::

   more

.. code-block:: text
   :caption: tea.txt
   :create:

   green

.. code-block:: console

   $ cat tea.txt
   green
"""
MORE = """\
:continues: index

More
====

.. code-block:: console
   :skip: it takes a kettle

   $ boil water
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").touch()
    (docs / "index.rst").write_text(INDEX)
    (docs / "more.rst").write_text(MORE)
    (docs / "about.rst").write_text(":orphan:\n\nAbout\n=====\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_pages_come_in_reading_order_with_the_places_of_their_steps(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "index",
        "  docs/index.rst:12: Create tea.txt",
        "  docs/index.rst:16: $ cat tea.txt",
        "  docs/index.rst:17: nothing is left running",
        "more (continues from index)",
        "  docs/more.rst:9: skipped $ boil water",
        "3 pages: 4 steps",
    ]


def test_it_lists_what_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "docs/more.rst"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 page: 1 step"


def test_other_programs_can_read_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--json"]) == 0
    index, more, about = json.loads(capsys.readouterr().out)
    assert (index["name"], index["file"], index["continues"]) == ("index", "docs/index.rst", None)
    assert more["continues"] == "index"
    assert about["steps"] == []
    create, cat, _ = index["steps"]
    assert create["kind"] == "Listing"
    assert cat == {
        "kind": "Console",
        "title": "$ cat tea.txt",
        "file": "docs/index.rst",
        "line": 16,
        "side_notes": [],
    }


def test_a_site_that_cannot_be_read_is_an_error(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "docs" / "conf.py").write_text("runthrough_timeout = 'soon'\n")
    assert main(["list"]) == 2
    assert "runthrough list: conf.py: runthrough_timeout" in capsys.readouterr().err


def test_what_the_side_file_says_is_listed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '[[index.block]]\nholds = "cat"\ntimeout = 3\n[more]\nbefore = "ls"\n'
    (project / "docs" / SIDE_FILE).write_text(text)
    assert main(["list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert f"    from docs/{SIDE_FILE}:3: timeout: 3" in listed
    assert f"  docs/{SIDE_FILE}:5: $ ls" in listed
    assert main(["list", "--json"]) == 0
    steps = [step for page in json.loads(capsys.readouterr().out) for step in page["steps"]]
    notes = [step["side_notes"] for step in steps if step["side_notes"]]
    assert notes == [[{"line": 3, "what": "timeout: 3"}], [{"line": 5, "what": "$ ls"}]]


TABS = f"""\
Tea
===

{tab_set("Box", "Shelf", "Jar")}
"""


def test_a_path_lists_what_it_changes_and_what_no_path_takes_is_counted(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "docs" / "conf.py").write_text(
        "extensions = ['runthrough', 'sphinx_design']\n"
        "runthrough_paths = {'shelves': {'tabs': ['Shelf']}}\n"
    )
    (project / "docs" / "index.rst").write_text(TABS)
    assert main(["list", "docs/index.rst"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "index",
        "  docs/index.rst:10: $ mkdir box",
        "  docs/index.rst:16: in another tab $ mkdir shelf",
        "  docs/index.rst:22: in another tab $ mkdir jar",
        "  docs/index.rst:22: nothing is left running",
        "index [shelves]",
        "  docs/index.rst:10: in another tab $ mkdir box",
        "  docs/index.rst:16: $ mkdir shelf",
        "  docs/index.rst:22: in another tab $ mkdir jar",
        "  docs/index.rst:22: nothing is left running",
        "2 pages: 8 steps, 1 block in tabs that no path takes",
    ]


def test_a_reader_that_has_seen_enough_is_no_error(project: Path) -> None:
    """As with `runthrough list | head -1`."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "runthrough", "list"]
    ran = subprocess.run(command, cwd=project, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (128 + signal.SIGPIPE, "")
