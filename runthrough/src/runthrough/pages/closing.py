"""Write the line that closes a page: when and on what it was run, and how much of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape

from packaging.version import InvalidVersion, Version

from runthrough.model.recorded import RecordedResult
from runthrough.model.report import counted, listed, tally
from runthrough.model.results import Result
from runthrough.model.steps import SIDE_FILE, Skip
from runthrough.pages.badges import Badge
from runthrough.pages.html import code, text

KINDS = ("commands", "files", "edits")
NOT_TESTED = "Not tested in this build."
CHANGED = " Anything that has changed since then, and everything after it, has no badge."


def of_page(badges: Sequence[Badge], explanation: str = "") -> str:
    """Write the closing line of a page; none if it asks nothing of its reader.

    `explanation` is a link, as HTML, to what the line means.
    """
    if all(isinstance(badge.step, Skip) for badge in badges):
        return ""
    if any(badge.holds or badge.sign == "fails" for badge in badges):
        changed = any(badge.sign == "unknown" for badge in badges)
        said = f"Tested {told(badges)}{CHANGED if changed else ''}"
    elif any(badge.sign == "blocked" for badge in badges):
        return ""  # each of its blocks says which failure keeps it from being run
    else:
        said = NOT_TESTED
    return f'<p class="runthrough-closing">{said}{explanation}</p>\n'


def of_site(pages: Iterable[Sequence[Badge]]) -> str:
    """Write the sum of all pages that ask something of their reader."""
    asking = [badges for badges in pages if not all(isinstance(one.step, Skip) for one in badges)]
    known = [badges for badges in asking if any(one.holds for one in badges)]
    every = [badge for badges in asking for badge in badges]
    said = NOT_TESTED
    if known:
        number = counted(len(asking), "pages")
        said = f"{number}, tested {told(every)}"
        if len(known) < len(asking):
            said = f"In this build, {len(known)} of {number} are tested, {told(every)}"
    return f'<p class="runthrough-tested">{said}</p>\n{side_notes(every)}'


def side_notes(badges: Sequence[Badge]) -> str:
    """List what the side file says about steps that were run or skipped."""
    noted = [one for one in badges if one.recorded is not None and one.step.side_notes]
    if not noted:
        return ""
    rows = dict.fromkeys(
        f"<li>{code(place)}: {text(note.what)}</li>\n"
        for badge in noted
        for note in badge.step.side_notes
        for place in [f"{badge.recorded.file}:{badge.recorded.line}" if badge.recorded else ""]
    )
    verb = "isn't" if len(noted) == 1 else "aren't"
    return (
        f'<details class="runthrough-side"><summary>{counted(len(noted), "steps")} {verb} fully '
        f"described on the pages: {code(SIDE_FILE)} has the rest</summary>\n<ul>\n"
        f"{''.join(rows)}</ul>\n</details>\n"
    )


def told(badges: Sequence[Badge]) -> str:
    """Return when, on which versions and how much was run."""
    done = [badge for badge in badges if badge.holds or badge.sign == "fails"]
    recorded_results = [badge.recorded for badge in done if badge.recorded]
    counts = counted_in(badges)
    said = f"{days(recorded_results)} on {versions(recorded_results)}"
    return f"{said}: {counts}." if counts else f"{said}."


def days(recorded_results: Sequence[RecordedResult]) -> str:
    """Return when the first and the last of the steps were run, as days of UTC."""
    times = sorted(datetime.fromisoformat(one.when).astimezone(UTC) for one in recorded_results)
    first, last = (
        f'<time datetime="{one.isoformat()}">{one.day} {one:%B %Y}</time>'
        for one in (times[0], times[-1])
    )
    return f"on {last}" if times[0].date() == times[-1].date() else f"from {first} to {last}"


def versions(recorded_results: Sequence[RecordedResult]) -> str:
    """List the versions that pages were run on, as far as they're known."""
    found: dict[str, list[str]] = {"Python": []}
    for one in recorded_results:
        for name, version in (("Python", one.python), *one.services, *one.packages):
            if version and version not in found.setdefault(name, []):
                found[name].append(version)
    named = [f"{name} {listed(sorted(all_, key=released))}" for name, all_ in found.items() if all_]
    return escape(listed(named))


def released(version: str) -> tuple[bool, Version | str]:
    """Sort versions in the order of their releases; those that aren't in PyPA's form come first."""
    try:
        return True, Version(version)
    except InvalidVersion:
        return False, version


def counted_in(badges: Sequence[Badge]) -> str:
    """Count what the reader types, makes and changes, and what nobody runs."""
    done: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for badge in badges:
        shown.update(badge.step.counts)
        if badge.holds:
            done.update(tally(badge.step, Result(badge.step, "passed")))
    kinds = {kind: counted(done[kind], kind) for kind in KINDS if done[kind]}
    every = shown["commands"] + shown["untyped commands"]
    if "commands" in kinds and every > done["commands"]:
        kinds["commands"] = f"{done['commands']} of {every} commands"
    said = [", ".join(kinds.values())]
    if skipped := sum(badge.sign == "skipped" for badge in badges):
        said.append(f"{counted(skipped, 'blocks')} skipped")
    if elsewhere := sum(badge.sign == "elsewhere" for badge in badges):
        said.append(f"{counted(elsewhere, 'blocks')} in other tabs")
    return "; ".join(filter(None, said))
