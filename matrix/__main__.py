"""Try versions together, and write down what became of it: `nox -s matrix`."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from contextlib import ExitStack
from fnmatch import fnmatch
from pathlib import Path

from matrix import plan, record
from matrix.results import Cell
from matrix.trying import Trying


def main() -> int:
    """Try the cells that the command names, one after the other; return the exit status."""
    options = _options()
    chosen = [cell for cell in plan.cells() if _is_chosen(cell, options)]
    if options.list:
        print(*(cell.name for cell in chosen), sep="\n")
    elif not chosen:
        print("nothing is to be tried; --list alone shows what there is", file=sys.stderr)
        return 2
    else:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            _try(chosen)
        except KeyboardInterrupt:
            print("\nstopped; --missing goes on with the cells that have no verdict")
            return 130
    return 0


def _try(chosen: list[Cell]) -> None:
    """Try cells, and keep what became of each at once."""
    with tempfile.TemporaryDirectory(prefix="matrix-") as folder, ExitStack() as resources:
        trying = Trying(Path(folder), resources)
        for cell in chosen:
            print(f"{cell.name}: ", end="", flush=True)
            result = trying.result(cell)
            record.keep(record.FILE, plan.cells(), {cell.name: result})
            said = [f"{failure.step}: {failure.error}" for failure in result.failures]
            reason = [result.reason] if result.reason else []
            print(result.verdict, *said, *reason, sep="\n    ", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m matrix", description=__doc__)
    parser.add_argument(
        "--only", action="append", metavar="PART", help="try the cells with this in their names"
    )
    parser.add_argument(
        "--missing", action="store_true", help="leave out what the file holds a verdict on"
    )
    parser.add_argument("--list", action="store_true", help="only show the names of the cells")
    return parser.parse_args()


def _is_chosen(cell: Cell, options: argparse.Namespace) -> bool:
    if options.missing and record.is_tried(record.FILE, cell):
        return False
    patterns: list[str] = options.only or [""]
    return any(fnmatch(cell.name, f"*{pattern.lower()}*") for pattern in patterns)


if __name__ == "__main__":
    sys.exit(main())
