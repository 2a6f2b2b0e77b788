"""`runthrough run` and `update` are pytest with the options of our plugin."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PAGE = """\
Tea
===

.. code-block:: console

   $ echo green
   green

.. code-block:: console

   $ echo "$CUPS cups"
   3 cups
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").touch()
    (docs / "index.rst").write_text(PAGE)
    return tmp_path


def runthrough(
    project: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "runthrough", *arguments],
        cwd=project,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def test_it_runs_the_pages_with_our_options_and_those_of_pytest(project: Path) -> None:
    ran = runthrough(project, "run", "--set", "CUPS=3", "--results", "r.json", "--", "-q")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "ran 1 page: 3 steps, 2 commands" in ran.stdout
    assert "test session starts" not in ran.stdout
    results = json.loads((project / "r.json").read_text())["pages"]["index"]
    assert [one["verdict"] for one in results] == ["passed", "passed", "passed"]


def test_a_failure_is_reported_at_its_line_with_the_status_of_pytest(project: Path) -> None:
    ran = runthrough(project, "run", "docs/index.rst")
    assert ran.returncode == 1
    assert "docs/index.rst:12: the output is not what the page shows" in ran.stdout
    ran = runthrough(project, "run", "docs", "--", "-k", "green", "--no-such-option")
    assert ran.returncode == 4
    assert "--no-such-option" in ran.stderr
    ran = runthrough(project, "run", "docs/conf.py")
    assert ran.returncode == 5


def test_a_part_of_a_page_is_run(project: Path) -> None:
    ran = runthrough(project, "run", "docs/index.rst::$ echo green")
    assert ran.returncode == 0, ran.stdout
    assert "ran 1 page: 1 step" in ran.stdout


def test_it_brings_its_plugin_where_pytest_loads_none(project: Path) -> None:
    ran = runthrough(project, "run", "--set=CUPS=3", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "warning" not in ran.stdout


def test_update_rewrites_what_differs(project: Path) -> None:
    page = project / "docs" / "index.rst"
    ran = runthrough(project, "update", "--anyway", "--set", "CUPS=4", "docs", "--", "-q")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "rewritten docs/index.rst:12" in ran.stdout
    assert page.read_text() == PAGE.replace("3 cups", "4 cups")


def test_options_can_be_named_as_messages_name_them(project: Path) -> None:
    refused = runthrough(project, "update", "--set", "CUPS=4")
    (advised,) = set(re.findall("or use '(.+?)'", refused.stdout))
    ran = runthrough(project, "update", advised, "--runthrough-set=CUPS=4")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (project / "docs" / "index.rst").read_text() == PAGE.replace("3 cups", "4 cups")
    assert "--runthrough-" not in runthrough(project, "update", "--help").stdout


def test_update_leaves_what_git_could_not_bring_back(project: Path) -> None:
    ran = runthrough(project, "update", "--set", "CUPS=4")
    assert ran.returncode == 1
    assert (project / "docs" / "index.rst").read_text() == PAGE
