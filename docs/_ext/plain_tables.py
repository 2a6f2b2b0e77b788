"""Rows of a table in Markdown."""

from __future__ import annotations

from collections.abc import Sequence


def row(cells: Sequence[str]) -> str:
    """Write a row; a cell is one line, and its own bars are no borders."""
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def rule(cells: Sequence[str]) -> str:
    """Write the line under the first row."""
    return "|" + " --- |" * len(cells)
