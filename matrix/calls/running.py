"""Run the calls of both sides, each in an environment of its own, and compare."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

from matrix.calls.names import public_names
from matrix.calls.sources import Call
from matrix.environments import Environment
from matrix.installing import install_pins
from matrix.pins import TUTORIAL, on
from runthrough import Address, Server

SIDE = Path(__file__).with_name("side.py")
LIKE = Address.parse("postgresql://gino:secret@localhost:5432/gino_tutorial")
SECOND = Path("docs", "how-to", "leave-gino", "second-environment.rst")
"""The page that says which versions go with SQLAlchemy 2."""
NEEDED = {
    "gino": ("gino", "sqlalchemy", "asyncpg"),
    "sqlalchemy": ("sqlalchemy", "asyncpg", "greenlet"),
}
WEB = {
    "gino": {"gino-starlette": "0.1.6", "starlette": "0.52.1"},
    "sqlalchemy": {"starlette": "0.52.1"},
}
"""A framework, which no page pins."""
PACKAGES = ("gino", "gino_starlette.py")
"""What is searched for public names."""


def pins(side: str, python: str) -> dict[str, str]:
    """Return the versions of one side, as the pages have them."""
    if side == "gino":
        found = on(TUTORIAL.read_text(), python)
    else:
        listed = re.findall(r"^   ([\w-]+)==([\w.]+)$", SECOND.read_text(), re.MULTILINE)
        found = {name.lower(): version for name, version in listed}
    return {name: found[name] for name in NEEDED[side]} | WEB[side]


def install(environment: Environment, side: str, python: str) -> None:
    """Install one side; raises OSError where pip fails."""
    setuptools = on(TUTORIAL.read_text(), python)["setuptools"]
    needed = {"setuptools": setuptools, **pins(side, python)}
    listed = "".join(f"{name}=={version}\n" for name, version in needed.items())
    ran = install_pins(environment, listed)
    if ran.status:
        raise OSError(f"the {side} side can't be installed: {(ran.err or ran.out).strip()}")


def site_packages(environment: Environment) -> Path:
    """Return where an environment keeps its packages."""
    (found,) = environment.folder.glob("lib/python*/site-packages")
    return found


def public(environment: Environment) -> list[str]:
    """Return the public names of GINO and its extension, as they are installed."""
    folder = site_packages(environment)
    return [name for package in PACKAGES for name in public_names(folder / package)]


def run(calls: list[Call], side: str, python: Path, server: Server) -> dict[str, dict[str, Any]]:
    """Run one side of the calls on a database of its own; return the results by id."""
    database = server.create_database(LIKE)
    try:
        ran = subprocess.run(
            [python, SIDE, side, database.address.url],
            input=json.dumps([{"id": call.id, **asdict(call)} for call in calls]),
            capture_output=True,
            text=True,
        )
    finally:
        server.drop(database)
    if ran.returncode:
        raise OSError(f"the {side} side ended with an error:\n{ran.stderr}")
    results: list[dict[str, Any]] = json.loads(ran.stdout)
    return {one["id"]: one for one in results}


def compare(call: Call, gino: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Say what is wrong with a call."""
    same = (gino["printed"], gino["rows"]) == (other["printed"], other["rows"])
    found = [f"its snippet for GINO doesn't use {name}" for name in gino.get("not called", ())]
    if not gino["printed"] or not other["printed"]:
        found.append("a snippet prints nothing, so there's nothing to compare")
    if same and call.differs:
        found.append("both give the same, but the call has a text for 'differs'")
    if not same and not call.differs:
        found += [f"the results differ, and 'differs' doesn't say why:\n{_both(gino, other)}"]
    return [f"{call.call}: {one}" for one in found]


def _both(gino: dict[str, Any], other: dict[str, Any]) -> str:
    lines = []
    for name, one in (("GINO", gino), ("SQLAlchemy", other)):
        lines += [f"  {name}:", *(f"    {line}" for line in one["printed"].splitlines())]
        lines += [f"    {line}" for line in one["rows"] if gino["rows"] != other["rows"]]
    return "\n".join(lines)
