"""What the lines of a probe mean."""

from __future__ import annotations

import json
from collections.abc import Iterator

from matrix.probe import last_line
from matrix.results import Failure, Result, Verdict

END = "end"
OPTIONAL = {"bulk insert", "check"}
"""Steps without which a project can live."""
SHIM = "bulk insert with the shim"


def read(printed: str, errors: str, versions: dict[str, str], before: list[Failure]) -> Result:
    """Return the verdict on a probe by what it has printed, after the failures that came `before`.

    A probe that was ended before its last step has failed, whatever it has printed.
    """
    steps = list(_steps(printed))
    failures = [Failure(step, error) for step, error in steps if error is not None]
    passed = [step for step, error in steps if error is None and step != END]
    if (END, None) not in steps and {failure.step for failure in failures} <= OPTIONAL:
        last = steps[-1][0] if steps else "the start"
        failures.append(Failure(f"after {last}", last_line(errors)))
    return Result(_verdict(before, failures), versions, (*before, *failures), tuple(passed))


def _verdict(before: list[Failure], failures: list[Failure]) -> Verdict:
    if before or {failure.step for failure in failures} - OPTIONAL:
        return "fails"
    return "partly" if failures else "works"


def _steps(printed: str) -> Iterator[tuple[str, str | None]]:
    """Yield steps with their errors; what a library prints in between is left out."""
    for line in printed.splitlines():
        try:
            said = json.loads(line)
            yield said["step"], said["error"]
        except (ValueError, TypeError, KeyError):
            continue
