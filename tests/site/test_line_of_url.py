"""The tutorial names the line of alembic.ini that its reader changes."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_tutorial_names_the_line_of_the_database_url() -> None:
    page = (ROOT / "docs/tutorial/set-up.rst").read_text(encoding="utf-8")
    lines = (ROOT / "alembic_sample/alembic.ini").read_text(encoding="utf-8").splitlines()
    numbers = re.findall(r"``sqlalchemy\.url``, which is line\s+(\d+)", page)
    assert len(numbers) == 1, "set-up.rst says which line of alembic.ini to change"
    assert lines[int(numbers[0]) - 1].startswith("sqlalchemy.url = ")
