"""Say what an update has written, and what it has not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from runthrough.outcomes import Correction
from runthrough.places import shown
from runthrough.report import counted, indented, visible


def changed_lines(correction: Correction) -> int:
    """Count the lines that a correction changes, adds or removes."""
    return max(len(correction.old), len(correction.new))


def rows(correction: Correction) -> list[str]:
    """Write a correction as the rows of a unified diff."""
    return [*(f"-{line}" for line in correction.old), *(f"+{line}" for line in correction.new)]


def told(
    written: Sequence[Correction],
    refused: Sequence[tuple[Correction, str]],
    unrestored: Sequence[tuple[Path, str]] = (),
) -> Iterator[str]:
    """Yield a few lines for each correction: where, what, and why if it was not written."""
    for file, reason in unrestored:
        yield visible(
            f"not restored {shown(file)}: {reason}. Lines that belong to this update are still "
            "in it: compare it with 'git diff'"
        )
    for one in written:
        yield f"rewritten {one.place}\n{indented(rows(one))}"
    for one, reason in refused:
        yield (
            visible(f"not rewritten {one.place}: {one.failure.what}; {reason}")
            + f"\n{indented(rows(one))}"
        )


def summed_up(written: Sequence[Correction]) -> str:
    """Say how many lines of how many files were rewritten."""
    lines = sum(map(changed_lines, written))
    files = len({one.place.file.resolve() for one in written})
    return f"rewrote {counted(lines, 'lines')} of {counted(files, 'files')}"
