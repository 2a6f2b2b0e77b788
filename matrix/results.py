"""What was tried, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["works", "partly", "fails", "not tried"]


@dataclass(frozen=True)
class Failure:
    """The step that failed, and the last line of what was printed."""

    step: str
    error: str


@dataclass(frozen=True)
class Result:
    """What became of a cell; `reason` says why it was not tried."""

    verdict: Verdict
    versions: dict[str, str] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    passed: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Cell:
    """One thing to try: where it stands in which table, and what differs from the tutorial.

    A cell with a PostgreSQL is a run of the tutorial; the others are probes.
    """

    table: str
    row: str
    column: str
    python: str
    postgresql: int | None = None
    changes: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Name the cell on the command line."""
        return f"{self.table}/{self.row}/{self.column}".replace(" ", "-").lower()
