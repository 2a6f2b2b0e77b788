"""The versions that the tutorial names, read from the file that it leaves."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TUTORIAL = Path("alembic_sample", "requirements.txt")
DIRECT = ("alembic", "asyncpg", "gino", "psycopg2-binary", "setuptools", "sqlalchemy")
"""The packages that a reader chooses; the others follow from them."""


def changed(text: str, changes: Iterable[tuple[str, str]]) -> str:
    """Return the requirements with other versions of some packages, on every Python."""
    others = {canonicalize_name(name): f"{name}=={version}" for name, version in changes}
    kept = [str(one) for one in read(text) if canonicalize_name(one.name) not in others]
    return "\n".join([*kept, *others.values()]) + "\n"


def on(text: str, python: str) -> dict[str, str]:
    """Return the versions of what a reader chooses on a Python such as 3.12."""
    environment = {"python_version": python, "python_full_version": f"{python}.0"}
    chosen = (one for one in read(text) if not one.marker or one.marker.evaluate(environment))
    versions: dict[str, str] = {
        canonicalize_name(one.name): str(one.specifier)[2:] for one in chosen
    }
    return {name: versions[name] for name in DIRECT if name in versions}


def read(text: str) -> list[Requirement]:
    """Read requirements, which are all of the form name==version."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [Requirement(line) for line in lines if line]
