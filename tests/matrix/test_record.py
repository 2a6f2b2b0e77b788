"""The file keeps what earlier runs have tried, and speaks of the tutorial's own versions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from matrix import pins, plan, record
from matrix.results import Cell, Failure, Result

ROOT = Path(__file__).parents[2]
ONE = Cell("runs", "Python 3.12", "PostgreSQL 15", "3.12", postgresql=15)
OTHER = Cell("runs", "Python 3.12", "PostgreSQL 16", "3.12", postgresql=16)
GOOD = Result("works", {"python": "3.12.1"})
BAD = Result("fails", {"python": "3.12.1"}, (Failure("import", "ImportError: no"),))


def verdicts(file: Path) -> dict[str, str]:
    return {name: cell["verdict"] for name, cell in record.read(file).items()}


def test_a_cell_that_was_never_tried_is_not_green(tmp_path: Path) -> None:
    file = tmp_path / "versions.json"
    record.keep(file, [ONE, OTHER], {ONE.name: GOOD})
    assert verdicts(file) == {ONE.name: "works", OTHER.name: "not tried"}
    assert [record.is_tried(file, cell) for cell in (ONE, OTHER)] == [True, False]


def test_a_run_in_part_leaves_the_other_cells_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "versions.json"
    record.keep(file, [ONE, OTHER], {ONE.name: GOOD})
    record.keep(file, [ONE, OTHER], {OTHER.name: BAD})
    assert verdicts(file) == {ONE.name: "works", OTHER.name: "fails"}


def test_what_is_no_longer_here_is_no_longer_green(tmp_path: Path) -> None:
    file = tmp_path / "versions.json"
    record.keep(file, [ONE], {ONE.name: GOOD})
    record.keep(file, [ONE], {ONE.name: Result("not tried", reason="no PostgreSQL 15")})
    assert verdicts(file) == {ONE.name: "not tried"}


def test_a_cell_that_the_plan_has_no_more_goes(tmp_path: Path) -> None:
    file = tmp_path / "versions.json"
    record.keep(file, [ONE], {ONE.name: GOOD})
    record.keep(file, [OTHER], {})
    assert verdicts(file) == {OTHER.name: "not tried"}


@pytest.mark.parametrize("cell", plan.cells(), ids=lambda cell: cell.name)
def test_the_site_shows_what_was_tried_with_the_tutorials_versions(cell: Cell) -> None:
    """A pin that changes makes the file old: `nox -s matrix` writes it anew."""
    requirements = pins.changed((ROOT / pins.TUTORIAL).read_text(), cell.changes)
    kept = json.loads((ROOT / record.FILE).read_text())["cells"]
    (versions,) = [one.get("versions", {}) for one in kept if one["name"] == cell.name]
    expected = pins.on(requirements, cell.python)
    changes = {canonicalize_name(name): version for name, version in cell.changes}
    assert expected.items() >= changes.items()
    if versions:
        assert {name: versions[name] for name in expected} == expected
