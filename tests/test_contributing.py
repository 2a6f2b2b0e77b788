"""CONTRIBUTING.rst is followed as in a clone; what takes minutes is skipped, with a reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONF = 'extensions = ["runthrough"]\nexclude_patterns = ["_build"]\n'


def test_its_commands_work(pytester: pytest.Pytester) -> None:
    given = " ".join(str(ROOT / name) for name in ("noxfile.py", "requirements-docs.txt"))
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text(CONF)
    text = os.path.relpath(ROOT / "CONTRIBUTING.rst", docs)
    (docs / "index.rst").write_text(f":starts-with: {given}\n\n.. include:: {text}\n")
    result = pytester.runpytest_subprocess("--runthrough", "docs")
    result.assert_outcomes(passed=2, skipped=7)
    result.stdout.fnmatch_lines(["ran 1 page: 2 steps, 4 commands, *; 7 blocks skipped"])
