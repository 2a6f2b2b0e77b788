"""The table on the site says in words what the data file holds."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sphinx.testing.util import SphinxTestApp

TRIED = {"python": "3.12.1", "gino": "1.0.1"}
BULK = {"step": "bulk insert", "error": "TypeError: bind_execute_many() takes exactly 5"}
CELLS: list[dict[str, Any]] = [
    {"row": "Python 3.12", "column": "one", "verdict": "works", "date": "2026-11-20"},
    {"row": "Python 3.12", "column": "two", "verdict": "partly", "date": "2026-11-22"},
    {"row": "Python 3.13", "column": "one", "verdict": "fails", "date": "2026-11-22"},
    {"row": "Python 3.13", "column": "two", "verdict": "not tried", "date": "2026-11-22"},
]
MORE: list[dict[str, Any]] = [
    {"versions": {**TRIED, "asyncpg": "0.29.0"}},
    {"versions": {**TRIED, "asyncpg": "0.30.0"}, "failures": [BULK]},
    {"versions": TRIED, "failures": [{"step": "install", "error": "error: <too few>"}]},
    {"reason": "no such server"},
]
PAGE = """\
Versions
========

.. version-table:: sample

   A caption with ``code``

.. _bind-execute-many:

The fix
--------

.. toctree::

   troubleshooting/installing
"""


def build(tmp_path: Path, cells: list[dict[str, Any]]) -> tuple[str, str]:
    """Build a site with one table; return its page, and what Sphinx warned of."""
    docs = tmp_path / "docs"
    (docs / "troubleshooting").mkdir(parents=True)
    (docs / "conf.py").write_text("extensions = ['version_table']\nnitpicky = True\n")
    (docs / "index.rst").write_text(PAGE)
    (docs / "troubleshooting" / "installing.rst").write_text("Installing\n==========\n")
    named = [{"name": str(place), "table": "sample", **one} for place, one in enumerate(cells)]
    (docs / "versions.json").write_text(json.dumps({"cells": named}))
    app = SphinxTestApp("html", srcdir=docs)
    app.build()
    warnings = app.warning.getvalue()
    page = (app.outdir / "index.html").read_text()
    app.cleanup()
    return page, warnings


@pytest.fixture
def page(tmp_path: Path) -> str:
    cells = [{**cell, **more} for cell, more in zip(CELLS, MORE, strict=True)]
    page, warnings = build(tmp_path, cells)
    assert "WARNING" not in warnings
    return page


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def row(page: str, heading: str) -> list[str]:
    (found,) = [one for one in re.findall(r"<tr.*?</tr>", page, re.S) if heading in one]
    return [words(cell) for cell in re.findall(r"<t[dh].*?</t[dh]>", found, re.S)]


def test_rows_and_columns_have_heading_cells(page: str) -> None:
    headings = [words(one) for one in re.findall(r"<th\b.*?</th>", page, re.S)]
    assert headings == ["Versions", "one", "two", "Python 3.12", "Python 3.13"]
    assert re.search(r"<caption>.*A caption with.*</caption>", page, re.S)


def test_each_cell_says_in_words_what_became_of_it(page: str) -> None:
    assert row(page, "Python 3.12") == ["Python 3.12", "✓ Works", "! Works, but not bulk insert"]
    assert row(page, "Python 3.13") == ["Python 3.13", "✗ Fails: install", "? Not tried"]


def test_a_failure_leads_to_its_fix(page: str) -> None:
    assert re.search(r'<a [^>]*href="#bind-execute-many"[^>]*><span[^>]*>bulk insert<', page)
    assert re.search(r'<a [^>]*href="troubleshooting/installing.html"[^>]*><span[^>]*>in', page)


def test_the_literal_errors_the_reasons_and_the_days_stand_below(page: str) -> None:
    said = words(page)
    assert (
        "Python 3.12 and two, bulk insert: TypeError: bind_execute_many() takes exactly 5" in said
    )
    assert "Python 3.13 and one, install: error: <too few>" in said
    assert "Not tried: no such server." in said
    assert "Tried between 20 November 2026 and 22 November 2026." in said
    assert "Throughout: Python 3.12.1, GINO 1.0.1. In turn: asyncpg 0.29.0, 0.30.0." in said


def test_an_error_of_several_cells_stands_there_once(tmp_path: Path) -> None:
    cells = [{**cell, **MORE[1], "column": "one"} for cell in (CELLS[1], CELLS[2])]
    page, _ = build(tmp_path, cells)
    assert words(page).count(BULK["error"]) == 1
    assert f"Bulk insert: {BULK['error']}" in words(page)


def test_a_combination_that_the_file_does_not_have_is_not_tried(tmp_path: Path) -> None:
    cells = [{**CELLS[0], **MORE[0]}, {**CELLS[3], **MORE[3]}]
    page, _ = build(tmp_path, cells)
    assert row(page, "Python 3.12") == ["Python 3.12", "✓ Works", "? Not tried"]
    assert row(page, "Python 3.13") == ["Python 3.13", "? Not tried", "? Not tried"]
    assert len(re.findall(r'<td class="version-works', page)) == 1


def test_a_shim_that_helps_is_told(tmp_path: Path) -> None:
    cell = {**CELLS[1], **MORE[1], "passed": ["bulk insert with the shim"]}
    page, _ = build(tmp_path, [cell])
    assert row(page, "Python 3.12")[1] == "! Works, with the shim for bulk insert"


def test_a_table_that_the_file_does_not_have_is_an_error(tmp_path: Path) -> None:
    _, warnings = build(tmp_path, [])
    assert "versions.json has no cell for a table 'sample'" in warnings
