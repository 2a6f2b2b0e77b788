"""Write the line that closes a page: when and on what it was walked, and how much of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape

from runthrough.model.packages import numbers
from runthrough.model.report import counted, tally
from runthrough.model.results import Outcome
from runthrough.model.steps import Waiver
from runthrough.pages.badges import Mark
from runthrough.pages.results_file import Receipt

KINDS = ("commands", "files", "edits")
NOT_WALKED = "Not walked in this build."
CHANGED = " What has changed since then, and what comes after it, has no mark."


def of_page(marks: Sequence[Mark], explanation: str = "") -> str:
    """Write the closing line of a page; none where it asks nothing of its reader.

    `explanation` is a link, as HTML, to what the line means.
    """
    if all(isinstance(mark.step, Waiver) for mark in marks):
        return ""
    if any(mark.holds or mark.sign == "fails" for mark in marks):
        changed = any(mark.sign == "unknown" for mark in marks)
        said = f"Walked {told(marks)}{CHANGED if changed else ''}"
    elif any(mark.sign == "blocked" for mark in marks):
        return ""  # each of its blocks says which failure keeps it from being performed
    else:
        said = NOT_WALKED
    return f'<p class="runthrough-closing">{said}{explanation}</p>\n'


def of_site(pages: Iterable[Sequence[Mark]]) -> str:
    """Write the sum of all pages that ask something of their reader."""
    asking = [marks for marks in pages if not all(isinstance(one.step, Waiver) for one in marks)]
    known = [marks for marks in asking if any(one.holds for one in marks)]
    said = NOT_WALKED
    if known:
        number, every = counted(len(asking), "pages"), [one for marks in known for one in marks]
        said = f"{number}, walked {told(every)}"
        if len(known) < len(asking):
            said = f"In this build, {len(known)} of {number} are walked, {told(every)}"
    return f'<p class="runthrough-walked">{said}</p>\n'


def told(marks: Sequence[Mark]) -> str:
    """Say when, on which versions and how much was performed."""
    done = [mark for mark in marks if mark.holds or mark.sign == "fails"]
    receipts = [mark.receipt for mark in done if mark.receipt]
    counts = counted_in(marks)
    said = f"{days(receipts)} on {versions(receipts)}"
    return f"{said}: {counts}." if counts else f"{said}."


def days(receipts: Sequence[Receipt]) -> str:
    """Say when the first and the last of the steps were performed, as days of UTC."""
    times = sorted(datetime.fromisoformat(one.when).astimezone(UTC) for one in receipts)
    first, last = (
        f'<time datetime="{one.isoformat()}">{one.day} {one:%B %Y}</time>'
        for one in (times[0], times[-1])
    )
    return f"on {last}" if times[0].date() == times[-1].date() else f"from {first} to {last}"


def versions(receipts: Sequence[Receipt]) -> str:
    """Name what pages were walked on, as far as that is known; where these were several, all."""
    found: dict[str, list[str]] = {"Python": [], "PostgreSQL": []}
    for one in receipts:
        for name, version in (("Python", one.python), ("PostgreSQL", one.server), *one.packages):
            if version and version not in found.setdefault(name, []):
                found[name].append(version)
    named = [f"{name} {listed(sorted(all_, key=numbers))}" for name, all_ in found.items() if all_]
    return escape(listed(named))


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def counted_in(marks: Sequence[Mark]) -> str:
    """Count what the reader types, makes and changes, and what nobody performs."""
    done: Counter[str] = Counter()
    for mark in marks:
        if mark.holds:
            done.update(tally(mark.step, Outcome(mark.step, "passed")))
    said = [", ".join(counted(done[kind], kind) for kind in KINDS if done[kind])]
    if waived := sum(mark.sign == "waived" for mark in marks):
        said.append(f"{counted(waived, 'blocks')} waived")
    return "; ".join(filter(None, said))
