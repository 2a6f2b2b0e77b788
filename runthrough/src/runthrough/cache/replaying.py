"""Turn the results of a page into an entry, and an entry into results."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from runthrough.cache.entries import KEPT, CachedStep, Entry
from runthrough.model.digests import asked, digest
from runthrough.model.recorded import RecordedResult
from runthrough.model.results import Result
from runthrough.model.steps import OtherTab, Page, Skip, Unchecked
from runthrough.sources.git import GitError, run

UNTRIED = {"skipped": Skip, "unchecked": Unchecked, "elsewhere": OtherTab}
"""The kind of step that gets a verdict on any machine."""


def entry_of(
    key: str,
    page: Page,
    recorded: Sequence[RecordedResult],
    ran_on: str,
    archive: bytes | None,
) -> Entry | None:
    """Return the entry of a page; None if it wasn't run now, or not all of its steps passed."""
    positions = [one.position for one in recorded]
    if not recorded or positions != list(range(len(page.steps))):
        return None
    for step, one in zip(page.steps, recorded, strict=True):
        if one.verdict not in KEPT or one.is_reused or one.remarks:
            return None
        # A step may also be skipped because this machine lacks something.
        if not isinstance(step, UNTRIED.get(one.verdict, object)):
            return None
    steps = tuple(
        CachedStep(digest(*asked(step)), one.verdict, one.whole, one.packages)
        for step, one in zip(page.steps, recorded, strict=True)
    )
    first = min(datetime.fromisoformat(one.when) for one in recorded)
    return Entry(key, page.docname, first, ran_on, steps, archive)


def results_of(entry: Entry, page: Page) -> tuple[Result, ...] | None:
    """Return the results of a page's steps; None if an entry is about other steps."""
    if [one.digest for one in entry.steps] != [digest(*asked(step)) for step in page.steps]:
        return None
    return tuple(
        Result(
            step,
            one.verdict,
            reused_at=entry.ran_at,
            ran_on=entry.ran_on,
            versions=one.packages,
            whole=one.whole,
        )
        for step, one in zip(page.steps, entry.steps, strict=True)
    )


def place_of_run(folder: Path) -> str:
    """Return this machine's name and the folder's commit; a plus sign if files differ from it."""
    host = platform.node() or "an unnamed machine"
    try:
        commit = run(folder, "rev-parse", "--short", "HEAD")
        changes = run(folder, "status", "--porcelain", "--untracked-files=no")
    except (GitError, OSError):
        return host
    if commit.returncode:
        return host
    return f"{host}/{commit.stdout.decode().strip()}{'+' if changes.stdout else ''}"
