"""The lowest versions that pyproject.toml declares are enough to follow a page."""

from __future__ import annotations

import subprocess
import tomllib
import venv
from pathlib import Path

import pytest

from tests.small_site import try_site

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


def lowest() -> list[str]:
    """The dependencies in the lowest version that each may have."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared: list[str] = project["dependencies"]
    assert all(one.count(">=") == 1 for one in declared), declared
    return [one.replace(">=", "==") for one in declared]


def test_a_page_is_followed_with_the_lowest_versions(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    installed = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-compile", str(ROOT), *lowest()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert installed.returncode == 0, installed.stderr
    try_site(python, tmp_path, workers=False)
