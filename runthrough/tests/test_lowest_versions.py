"""The lowest versions that pyproject.toml declares are enough to follow a page."""

from __future__ import annotations

import os
import subprocess
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = """\
Page
====

.. code-block:: console

   $ echo hello
   hello

.. code-block:: text
   :caption: tea.txt
   :create:

   green
"""


def lowest() -> list[str]:
    """The dependencies in the lowest version that each may have."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared: list[str] = project["dependencies"]
    assert all(one.count(">=") == 1 for one in declared), declared
    return [one.replace(">=", "==") for one in declared]


def test_a_page_is_followed_with_the_lowest_versions(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").touch()
    (docs / "index.rst").write_text(PAGE)
    installed = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-compile", *lowest()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert installed.returncode == 0, installed.stderr
    done = subprocess.run(
        [python, "-m", "pytest", "-p", "runthrough.plugin", "--runthrough", "-q", "docs"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ran 1 page: 3 steps, 1 command, 1 file, 0 edits" in done.stdout
