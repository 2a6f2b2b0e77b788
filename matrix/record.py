"""The file that keeps what was tried, from which the site makes its tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from matrix.results import Cell, Result

FILE = Path("docs", "reference", "versions.json")


def keep(file: Path, plan: Sequence[Cell], results: dict[str, Result]) -> None:
    """Write what was tried now, with what earlier runs have kept of the other cells.

    A cell that was never tried says so, and one that is no longer in the plan goes.
    """
    today = datetime.now(UTC).date().isoformat()
    kept = read(file)
    for name, result in results.items():
        kept[name] = {"date": today, **_written(result)}
    untried = {"date": None, **_written(Result("not tried", reason="not run yet"))}
    cells = [
        {
            **{"name": cell.name, "table": cell.table, "row": cell.row, "column": cell.column},
            **kept.get(cell.name, untried),
        }
        for cell in plan
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"cells": cells}, indent=2, ensure_ascii=False) + "\n")


def read(file: Path) -> dict[str, dict[str, Any]]:
    """Return what is kept of each cell by its name."""
    if not file.exists():
        return {}
    cells = json.loads(file.read_text())["cells"]
    place = ("name", "table", "row", "column")
    return {cell["name"]: {key: cell[key] for key in cell if key not in place} for cell in cells}


def _written(result: Result) -> dict[str, Any]:
    """Turn a result into what JSON has, without what is empty."""
    return {key: value for key, value in asdict(result).items() if value}


def is_tried(file: Path, cell: Cell) -> bool:
    """Return whether the file holds a verdict on a cell."""
    verdict: str = read(file).get(cell.name, {}).get("verdict", "not tried")
    return verdict != "not tried"
