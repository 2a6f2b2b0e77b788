"""What is said of the versions that were tried: words, fixes, dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

NAMES = {
    "python": "Python",
    "postgresql": "PostgreSQL",
    "gino": "GINO",
    "sqlalchemy": "SQLAlchemy",
    "alembic": "Alembic",
    "asyncpg": "asyncpg",
    "psycopg2-binary": "psycopg2-binary",
    "setuptools": "setuptools",
}
"""How packages write their own names, in the order in which we name them."""
SHIM = "bulk insert with the shim"
FIXES = (
    (r"bind_execute_many", ("ref", "bind-execute-many")),
    (r"attribute 'Identity'", ("ref", "no-attribute-identity")),
    (r"_schema_getter", ("ref", "schema-getter")),
    (r"dialects:postgresql\.asyncpg", ("ref", "dialects-postgresql-asyncpg")),
    (r"_PyLong_AsByteArray", ("ref", "pg-config")),
    (r"^check: ", ("ref", "alembic-check-since")),
    (r"^install", ("doc", "/troubleshooting/installing")),
)
"""Where the site tells what to do about an error: the first whose expression is found in it."""
ELSE = ("doc", "/troubleshooting/index")

Failure = dict[str, str]


def in_words(cell: dict[str, Any]) -> Iterator[tuple[str, Failure | None]]:
    """Yield the words for a cell, and with some of them the failure that they speak of."""
    failures: list[Failure] = cell.get("failures", [])
    match cell.get("verdict"):
        case "works":
            yield "Works", None
        case "partly":
            shim = SHIM in cell.get("passed", ())
            yield "Works, with the shim for " if shim else "Works, but not ", None
            yield from _steps(failures)
        case "fails":
            yield "Fails: ", None
            yield from _steps(failures)
        case _:
            yield "Not tried", None


def _steps(failures: list[Failure]) -> Iterator[tuple[str, Failure | None]]:
    for position, failure in enumerate(failures):
        if position:
            yield ", ", None
        yield failure["step"], failure


def fix(failure: Failure) -> tuple[str, str]:
    """Return the kind and the name of the place that tells what to do."""
    said = f"{failure['step']}: {failure['error']}"
    return next((target for pattern, target in FIXES if re.search(pattern, said)), ELSE)


def errors(cells: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield each error once, after its step, and its cell where there is no more than one."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for cell in cells:
        for failure in cell.get("failures", ()):
            found.setdefault((failure["step"], failure["error"]), []).append(cell)
    single = len({cell["column"] for cell in cells}) == 1
    for (step, error), those in found.items():
        if len(those) > 1:
            yield f"{step[0].upper()}{step[1:]}", error
        else:
            column = "" if single else f" and {those[0]['column']}"
            yield f"{those[0]['row']}{column}, {step}", error


def reasons(cells: list[dict[str, Any]]) -> list[str]:
    """Say why cells were not tried, each reason once."""
    untried = [cell for cell in cells if cell.get("verdict") == "not tried"]
    return [f"Not tried: {text}." for text in dict.fromkeys(cell["reason"] for cell in untried)]


def days(dates: list[date]) -> str:
    """Say when something was tried."""
    if not dates:
        return "None of this was tried."
    if dates[0] == dates[-1]:
        return f"Tried on {written_day(dates[0])}."
    return f"Tried between {written_day(dates[0])} and {written_day(dates[-1])}."


def tried_with(cells: list[dict[str, Any]]) -> str:
    """Name the versions that were tried, those that were the same throughout first."""
    same, other = [], []
    tried = [cell["versions"] for cell in cells if cell.get("versions")]
    for key, name in NAMES.items():
        found = list(dict.fromkeys(versions[key] for versions in tried if key in versions))
        if len(found) == 1:
            same.append(f"{name} {found[0]}")
        elif found:
            other.append(f"{name} {', '.join(sorted(found, key=_numbers))}")
    throughout = [f"Throughout: {', '.join(same)}."] if same else []
    return " ".join([*throughout, *([f"In turn: {'; '.join(other)}."] if other else [])])


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def written_day(day: date) -> str:
    """Write a day as in a sentence."""
    return f"{day.day} {day:%B %Y}"
