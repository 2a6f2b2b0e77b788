"""A page that depends on where and when it is run is named, with what it depends on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PAGE = """\
Clock
=====

.. code-block:: console

   $ echo here
   here

.. code-block:: console

   $ date +%Z
   UTC

.. code-block:: console

   $ echo "$USER"
   reader
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").touch()
    (docs / "index.rst").write_text(PAGE)
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "runthrough", "twice", "docs", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True)


def test_each_cause_is_named_with_the_line_that_differs(project: Path) -> None:
    said = run(project)
    lines = said.stdout.splitlines()
    at = lines.index("differs under time zone (TZ=Asia/Kathmandu):")
    assert lines[at + 1 : at + 4] == [
        "index.rst:12: the output is not what the page shows",
        "    -UTC",
        "    ++0545",
    ]
    at = lines.index("differs under user name (USER=somebody LOGNAME=somebody):")
    assert lines[at + 1].startswith("index.rst:17: ")
    assert lines[-1] == "ran 1 page twice: 4 steps, 2 differences"
    assert said.returncode == 1


def test_a_page_that_depends_on_nothing_is_green(project: Path) -> None:
    page = PAGE.split(".. code-block:: console")[:2]
    (project / "docs" / "index.rst").write_text(".. code-block:: console".join(page))
    said = run(project, "--", "-p", "no:randomly")
    assert said.stdout.splitlines()[-1] == "ran 1 page twice: 2 steps, 0 differences"
    assert said.returncode == 0


def test_what_fails_already_is_named_as_such(project: Path) -> None:
    (project / "docs" / "index.rst").write_text(PAGE.replace("   here", "   there"))
    said = run(project)
    assert "already fails in the first run:\nindex.rst:7: " in said.stdout
    assert said.returncode == 1


def test_pytest_that_does_not_run_is_shown(project: Path) -> None:
    said = run(project, "--", "--no-such-option")
    assert "pytest didn't run the pages" in said.stdout
    assert "--no-such-option" in said.stdout
    assert said.returncode == 2
