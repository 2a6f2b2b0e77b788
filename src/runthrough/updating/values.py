"""Write found lines with the page's values, also where the page is wrong around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from runthrough.matching.alignment import Match
from runthrough.matching.story import Story, Swap
from runthrough.matching.wrapping import substitute
from runthrough.updating.aligning import Alignment
from runthrough.walking.comparing import runs

Values = dict[str, list[str]]
"""What stands in some lines of each kind, in reading order."""


def as_page(
    story: Story, shown: Sequence[str], found: Sequence[str], alignment: Alignment
) -> list[list[str]]:
    """Return the new lines of each hunk, with the page's values where it has shown them.

    A value of a changed line is the page's own where the line has as many of its kind before
    and after the change; a value that the page has nothing for stays the run's.
    """
    told = Swap(identities(story, shown, found, alignment))
    written = []
    for hunk in alignment.hunks:
        new = [found[position] for position in hunk.found]
        new = put_back(story, shown[hunk.start : hunk.end], new)
        written.append(told.lines(new, story.columns))
    return written


def values_in(story: Story, lines: Sequence[str]) -> Values:
    """Gather the values in these lines, by the name of their group in the story's pattern."""
    values: Values = {}

    def keep(match: re.Match[str]) -> str:
        values.setdefault(match.lastgroup or "", []).append(match.group())
        return match.group()

    substitute(lines, story.any, keep, story.columns)
    return values


def alike(story: Story, old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield group, old and new value, of each group that stands as often in both."""
    before, after = values_in(story, old), values_in(story, new)
    for group, values in after.items():
        if len(before.get(group, ())) == len(values):
            for one, other in zip(before[group], values, strict=True):
                yield group, one, other


def identities(
    story: Story, shown: Sequence[str], found: Sequence[str], alignment: Alignment
) -> dict[str, str]:
    """Pair the run's identities with the page's, where neither means anything yet."""
    kept = runs(Match(alignment.kept, ()))
    changed = [(list(range(one.start, one.end)), list(one.found)) for one in alignment.hunks]
    pairs: dict[str, str] = {}
    for on_page, in_run in [*kept, *changed]:
        old, new = [shown[i] for i in on_page], [found[i] for i in in_run]
        for group, page, run in alike(story, old, new):
            free = page not in story.typed and page not in pairs.values()
            new_to_us = run not in story.kinds and run not in pairs
            if group.startswith("i") and free and new_to_us:
                pairs[run] = page
    return pairs


def put_back(story: Story, old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Write shapes (dates, durations) as the page had them."""
    queues: Values = {}
    for group, one, _ in alike(story, old, new):
        queues.setdefault(group, []).append(one)

    def replace(match: re.Match[str]) -> str:
        group = match.lastgroup or ""
        return queues[group].pop(0) if group in queues and group[0] == "s" else match.group()

    return substitute(new, story.any, replace, story.columns)
