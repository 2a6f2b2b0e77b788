"""Guides that are followed one after the other keep what they promise, in projects of other kinds.

Most combinations of guides are runthrough_paths in docs/conf.py. The pages in tests/reading_paths
try what no reader types: settings of an earlier version, passwords, both Alembics in turn. A line
such as "<how-to/test-migrations: conftest.py>" stands for the listing that the guide itself shows.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.listings import listing

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
PATHS = Path(__file__).with_name("reading_paths")
TAKEN = re.compile(r"^ +<(?P<page>[\w/-]+): (?P<caption>[\w./-]+)>$", re.MULTILINE)
GIVEN_SERVERS = ("DATABASE_URL", "PG_BINDIR")


def filled(path: str) -> str:
    """Put the site's own listings into a reading path."""

    def taken(line: re.Match[str]) -> str:
        return textwrap.indent(listing(line["page"], line["caption"]), "   ")

    return TAKEN.sub(taken, path)


def site_with_paths(folder: Path) -> Path:
    """Copy the site into a folder, with the reading paths among its pages; return their folder."""
    docs = folder / "docs"
    shutil.copytree(ROOT / "docs", docs, ignore=shutil.ignore_patterns("_build", "__pycache__"))
    shutil.copytree(ROOT / "alembic_sample", folder / "alembic_sample")
    pages = docs / "reading_paths"
    pages.mkdir()
    for path in PATHS.glob("*.rst"):
        (pages / path.name).write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    return pages


def test_guides_that_follow_each_other_lose_nothing(tmp_path: Path) -> None:
    pages = site_with_paths(tmp_path)
    # A server of its own: one that is given may want another password than the pages type.
    environ = {name: value for name, value in os.environ.items() if name not in GIVEN_SERVERS}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--runthrough", "-q", "-p", "no:cacheprovider", pages],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"ran {len(list(PATHS.glob('*.rst')))} pages" in done.stdout
