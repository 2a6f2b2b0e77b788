"""A clone may stand anywhere, under a path with blanks and umlauts too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).parents[1] / "samples"
CLONE = "Übungen für mich (zwei)"


def copy(folder: Path) -> None:
    """Copy a page with all that it needs, and make a twin of it that is wrong."""
    shutil.copytree(SAMPLES / "included" / "given-to-reader", folder / "included/given-to-reader")
    page = (SAMPLES / "in-a-clone.rst").read_text(encoding="utf-8")
    (folder / "conf.py").write_text('exclude_patterns = ["included/*"]\n', encoding="utf-8")
    (folder / "index.rst").write_text("Clone\n=====\n", encoding="utf-8")
    (folder / "right.rst").write_text(page, encoding="utf-8")
    (folder / "wrong.rst").write_text(page.replace("Guten", "Schönen"), encoding="utf-8")


def test_a_clone_may_have_blanks_and_umlauts_in_its_path(tmp_path: Path) -> None:
    clone = tmp_path / CLONE
    copy(clone / "docs")
    (clone / "pytest.ini").touch()
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--runthrough", "-rs", f"{CLONE}/docs"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "LANG": "C.UTF-8"},
        check=False,
    )
    assert f"{CLONE}/docs/wrong.rst:16: the output is not what the page shows" in run.stdout
    assert (
        f"To try it alone: pytest --runthrough --runthrough-keep '{CLONE}/docs/wrong.rst'"
        in run.stdout
    )
    assert "1 failed, 5 passed" in run.stdout, run.stdout
    assert "ran 2 pages: " in run.stdout
    assert "4 commands, 2 files" in run.stdout
