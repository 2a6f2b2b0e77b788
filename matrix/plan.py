"""What is tried: not every combination, but each one that the pages speak of."""

from __future__ import annotations

from matrix.results import Cell

RAN = ("3.11", "3.12", "3.13")
"""The Pythons that the tutorial is for."""
SERVERS = (15, 16, 17, 18)
PROBED = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
ASYNCPG = ("0.29.0", "0.30.0", "0.31.0", "0.32.0")
ONE_PYTHON = "3.12"
CHANGED = (
    ("Alembic", "1.4.2"),
    ("Alembic", "1.9.4"),
    ("Alembic", "1.12.1"),
    ("Alembic", "1.14.1"),
    ("Alembic", "1.15.1"),
    ("SQLAlchemy", "1.4.54"),
    ("setuptools", "82.0.1"),
)
"""One package each, while all others stay as the tutorial has them."""


def cells() -> list[Cell]:
    """Return all that is tried, quickest to build upon first."""
    return [*changed(), *drivers(), *runs()]


def runs() -> list[Cell]:
    """Return the runs of the tutorial."""
    return [
        Cell("runs", f"Python {python}", f"PostgreSQL {server}", python, postgresql=server)
        for python in RAN
        for server in SERVERS
    ]


def drivers() -> list[Cell]:
    """Return the probes of every Python with every asyncpg."""
    return [
        Cell("drivers", f"Python {python}", f"asyncpg {one}", python, changes=(("asyncpg", one),))
        for python in PROBED
        for one in ASYNCPG
    ]


def changed() -> list[Cell]:
    """Return the probes in which one package differs."""
    return [
        Cell("changed", f"{name} {version}", "Result", ONE_PYTHON, changes=((name, version),))
        for name, version in CHANGED
    ]
