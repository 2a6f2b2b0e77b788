"""Run GINO's calls and what to write in SQLAlchemy 2, compare, and write down: `nox -s calls`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from matrix import interpreters
from matrix.calls import record, running, sources
from matrix.environments import Environment
from matrix.plan import ONE_PYTHON
from runthrough import open_server


def main() -> int:
    """Run the calls; return the exit status."""
    options = _options()
    parts: list[str] = options.only or [""]
    chosen = [one for one in sources.calls() if any(part in one.id for part in parts)]
    with tempfile.TemporaryDirectory(prefix="calls-") as folder:
        public, versions, results = _run(chosen, Path(folder))
    faults = [] if options.only else sources.faults(public, chosen, sources.internal())
    for call in chosen:
        faults += running.compare(call, *(results[side][call.id] for side in running.NEEDED))
    if not faults and not options.only:
        content = record.written(chosen, public, versions, results)
        if options.check:
            faults += record.changes(content)
        else:
            record.write(content)
    print(*faults, f"{len(chosen)} calls, {len(faults)} faults", sep="\n")
    return 1 if faults else 0


def _run(
    chosen: list[sources.Call], folder: Path
) -> tuple[list[str], dict[str, dict[str, str]], dict[str, dict[str, Any]]]:
    """Install and run both sides; return the public names, the versions and the results."""
    interpreter = interpreters.find(ONE_PYTHON)
    if interpreter is None:
        raise SystemExit(f"there's no Python {ONE_PYTHON} on this machine")
    environments = {}
    for side in running.NEEDED:
        environments[side] = Environment.make(interpreter.path, folder / side)
        running.install(environments[side], side, ONE_PYTHON)
    environ = {name: os.environ[name] for name in ("PATH", "PG_BINDIR") if name in os.environ}
    with open_server(running.LIKE, environ) as server, ThreadPoolExecutor() as both:
        begun = {
            side: both.submit(running.run, chosen, side, environment.python, server)
            for side, environment in environments.items()
        }
        results = {side: future.result() for side, future in begun.items()}
        found = {"python": interpreter.version, "postgresql": server.version.split()[0]}
    versions = {side: {**found, **running.pins(side, ONE_PYTHON)} for side in environments}
    return running.public(environments["gino"]), versions, results


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m matrix.calls", description=__doc__)
    parser.add_argument(
        "--only", action="append", metavar="PART", help="run the calls with this in their ids"
    )
    parser.add_argument(
        "--check", action="store_true", help="compare with the file, and don't write it"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
