"""Run the tutorial with one Python, on one PostgreSQL."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from matrix import pins
from matrix.environments import Environment, run
from matrix.installing import NotInstalledError
from matrix.interpreters import Interpreter
from matrix.probe import last_line
from matrix.results import Cell, Failure, Result
from runthrough import Binaries

LOCK = Path("requirements-docs.txt").absolute()
PROJECT = LOCK.parent
ENGINE = PROJECT / "runthrough"
SKIPPED_BLOCK = "skipped: "
"""How the report begins to say that a page leaves a step out on purpose."""


def prepare(interpreter: Interpreter, folder: Path) -> Environment:
    """Install the engine, which runs with the Python that it runs on.

    Raises NotInstalledError where that fails.
    """
    environment = Environment.make(interpreter.path, folder)
    for arguments in (
        ("--no-compile", "-r", LOCK),
        ("--no-deps", "--no-build-isolation", "-e", ENGINE),
    ):
        ran = environment.pip("install", *arguments)
        if ran.status:
            raise NotInstalledError(f"the engine is not installed: {last_line(ran.err)}")
    return environment


def run_pages(
    cell: Cell, interpreter: Interpreter, environment: Environment, server: Binaries, folder: Path
) -> Result:
    """Run the tutorial's pages; raises NotInstalledError where no run could begin."""
    report = folder / "report.xml"
    command = ["-m", "pytest", "--runthrough", "-p", "no:cacheprovider", f"--junitxml={report}"]
    ran = run(
        [str(environment.python), *command, "docs/tutorial"],
        PROJECT,
        {"PG_BINDIR": str(server.bindir)},
    )
    versions = {
        "python": interpreter.version,
        "postgresql": server.version,
        **pins.on(pins.TUTORIAL.read_text(), cell.python),
    }
    if ran.status not in (0, 1) or not report.exists():
        raise NotInstalledError(f"no run could begin: {last_line(ran.out + ran.err)}")
    return read(report.read_text(), versions)


def read(report: str, versions: dict[str, str]) -> Result:
    """Return the verdict by pytest's report, in which each test is a step of a page."""
    steps = list(ElementTree.fromstring(report).iter("testcase"))
    failures = [_failure(step) for step in steps if _fault(step) is not None]
    skipped = [one.get("message", "") for step in steps for one in step.iter("skipped")]
    missed = [reason for reason in skipped if not reason.startswith(SKIPPED_BLOCK)]
    passed = len(steps) - len(skipped) - len(failures)
    if not failures and (missed or not passed):
        raise NotInstalledError(f"{len(missed)} steps were not run: {(missed or ['none'])[0]}")
    return Result(
        "fails" if failures else "works",
        versions,
        tuple(failures),
        (f"{passed} steps of the tutorial",),
    )


def _fault(step: ElementTree.Element) -> ElementTree.Element | None:
    failure = step.find("failure")
    return failure if failure is not None else step.find("error")


def _failure(step: ElementTree.Element) -> Failure:
    """Name the place of a step that failed, and the last line of what it says."""
    places = [one.get("value", "") for one in step.iter("property") if one.get("name") == "place"]
    fault = _fault(step)
    text = "" if fault is None else fault.text or fault.get("message") or ""
    return Failure((places or [step.get("name", "")])[0], last_line(text))
