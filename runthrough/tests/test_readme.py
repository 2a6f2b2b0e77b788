"""README.rst is followed as on a forge: install runthrough, write a page, see it fail."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONF = """\
project = "runthrough"
extensions = ["runthrough"]
exclude_patterns = ["_build"]
runthrough_timeout = 300
runthrough_patterns = {"time": r"in (?:\\d+ seconds?|\\d+\\.\\d\\ds)"}
"""


def test_the_readme_is_true(pytester: pytest.Pytester) -> None:
    given = [ROOT / name for name in ("LICENSE", "README.rst", "pyproject.toml", "src")]
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text(CONF)
    readme = os.path.relpath(ROOT / "README.rst", docs)
    page = f":starts-with: {' '.join(map(str, given))}\n\n.. include:: {readme}\n"
    (docs / "index.rst").write_text(page)
    result = pytester.runpytest_subprocess("--runthrough", "docs")
    result.assert_outcomes(passed=7)
    result.stdout.fnmatch_lines(["ran 1 page: *, 6 commands, 2 files, 0 edits *; 0 blocks skipped"])
