"""Measure, side by side in one run, what the engine costs; print ratios, and write them as JSON.

Nothing is asserted here: a machine is as busy as it is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench import matching, shells

FIGURES = {
    "matching: 100,000 lines against 10,000, both with 50 ellipses": matching.growth,
    "matching: 100,000 lines, against comparing two lists of them": matching.against_lists,
    "shell: 1,000 commands against 100": shells.growth,
    "shell: 1,000 commands, against the same in bash -e": shells.against_bash,
}


def main() -> None:
    """Take every figure and write all of them to the file that the first argument names."""
    taken = {}
    for name, measure in FIGURES.items():
        figure = measure()
        taken[name] = {"ratio": figure.ratio, "seconds": figure.seconds, "against": figure.against}
        print(f"{figure.ratio:8.2f}  {name} ({figure.seconds:.4f} s, {figure.against:.4f} s)")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(taken, indent=2) + "\n")


main()
