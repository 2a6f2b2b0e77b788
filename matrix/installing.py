"""Install the versions of a cell, and understand why pip does not."""

from __future__ import annotations

import re
from pathlib import Path

from matrix.environments import CommandResult, Environment
from matrix.pins import changed
from matrix.results import Cell, Failure

CONFLICT = "ResolutionImpossible"
BUILDS = ("Failed building wheel", "Failed to build", "metadata-generation-failed")
OTHER_PYTHON = "require a different python version"
COMPILED = re.compile(r"(?:error|Error): .*")
ABOUT_PIP = ("subprocess-exited-with-error", "failed-wheel-build", "metadata-generation-failed")


class NotInstalledError(Exception):
    """Pip fails for no reason that lies in the versions: nothing was tried."""


def install(environment: Environment, requirements: str, cell: Cell) -> tuple[bool, list[Failure]]:
    """Install a cell's versions, by force where pip refuses; say whether they are there.

    Raises NotInstalledError where the machine or the network may be to blame.
    """
    ran = install_pins(environment, changed(requirements, cell.changes))
    if not ran.status:
        return True, []
    failure = Failure("install", why(ran.out + ran.err))
    if CONFLICT not in ran.out + ran.err:
        return False, [failure]
    forced = [f"{name}=={version}" for name, version in cell.changes]
    for ran in (
        install_pins(environment, requirements),
        environment.pip("install", "--no-deps", *forced),
    ):
        if ran.status:
            return False, [failure, Failure("install by force", why(ran.out + ran.err))]
    return True, [failure]


def why(printed: str) -> str:
    """Return the line of pip's output that says what is wrong with the versions."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    if CONFLICT in printed:
        # Of the two sides of a conflict, pip names the one that was asked for last at the end.
        return [line for line in lines if " depends on " in line][-1]
    if any(sign in printed for sign in BUILDS):
        errors = [line for line in lines if COMPILED.search(line)]
        telling = [one for one in errors if not any(sign in one for sign in ABOUT_PIP)]
        compiled = [one for one in telling if " error: " in one and "command " not in one]
        return re.sub(r"^\S+:\d+:\d+: ", "", (compiled or telling or lines)[-1])
    if OTHER_PYTHON in printed:
        return next(line for line in lines if OTHER_PYTHON in line)
    last = [line for line in lines if line.startswith(("ERROR", "error"))] or lines or ["nothing"]
    raise NotInstalledError(f"pip says: {last[-1]}")


def install_pins(environment: Environment, requirements: str) -> CommandResult:
    """Install requirements as the tutorial does: setuptools first, since it builds SQLAlchemy.

    --use-pep517 makes an old pip keep what it has built.
    """
    file = Path(environment.folder, "requirements.txt")
    file.write_text(requirements)
    first = environment.pip("install", "-c", file, "setuptools")
    if first.status:
        return first
    return environment.pip("install", "--no-build-isolation", "--use-pep517", "-r", file)
