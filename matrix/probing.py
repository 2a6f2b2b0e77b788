"""Probe the versions of one cell."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from matrix import installing, pins, verdicts
from matrix.environments import Environment, run
from matrix.interpreters import Interpreter
from matrix.results import Cell, Failure, Result
from runthrough import Address, Server

LIKE = Address.parse("postgresql://gino:secret@localhost:5432/gino_tutorial")
PROBE = Path(__file__).with_name("probe.py")


def probe(cell: Cell, interpreter: Interpreter, server: Server, folder: Path) -> Result:
    """Install the cell's versions in an environment of their own, and run the probe there.

    Raises NotInstalledError where nothing was tried.
    """
    environment = Environment.make(interpreter.path, folder / "environment")
    requirements = pins.TUTORIAL.read_text()
    there, failures = installing.install(environment, requirements, cell)
    if not there:
        asked = pins.on(pins.changed(requirements, cell.changes), cell.python)
        return Result("fails", _versions(interpreter, asked), tuple(failures))
    versions = _versions(interpreter, environment.versions())
    versions["postgresql"] = server.version.split()[0]
    return _run(environment, server, versions, failures, folder)


def _versions(interpreter: Interpreter, packages: dict[str, str]) -> dict[str, str]:
    return {"python": interpreter.version, **packages}


def _run(
    environment: Environment,
    server: Server,
    versions: dict[str, str],
    failures: list[Failure],
    folder: Path,
) -> Result:
    work = folder / "project"
    work.mkdir()
    program = str(shutil.copy(PROBE, folder))
    database = server.create_database(LIKE)
    try:
        ran = run([str(environment.python), program, database.address.url], work)
    finally:
        server.drop(database)
    hidden = {database.address.url: LIKE.url, f"{folder}/": ""}
    out, err = (_without(text, hidden) for text in (ran.out, ran.err))
    return verdicts.read(out, err, versions, failures)


def _without(text: str, hidden: dict[str, str]) -> str:
    """Take out of a text what differs in every run."""
    for value, other in hidden.items():
        text = text.replace(value, other)
    return re.sub(r"\b0x[0-9a-f]+", "0x...", text)
