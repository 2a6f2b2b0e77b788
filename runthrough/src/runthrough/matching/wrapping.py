"""Substitute in lines that a program may have broken at the terminal's width."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

SLACK = 2
"""A line this close to the width, in columns, counts as broken in the middle of a word."""

Replace = Callable[[re.Match[str]], str]


def substitute(
    lines: Sequence[str], pattern: re.Pattern[str], replace: Replace, columns: int
) -> list[str]:
    """Replace every match of the pattern, also where a match goes on in the next line.

    A replacement as long as its match is broken where the match was; a shorter or longer one
    is put whole where the match began. Matches are replaced in reading order.
    """
    result: list[str] = []
    for group in groups(lines, columns):
        if len(group) == 1:
            result.append(pattern.sub(replace, group[0]))
        else:
            result += across(group, pattern, replace)
    return result


def groups(lines: Sequence[str], columns: int) -> Iterator[list[str]]:
    """Yield runs of lines of which all but the last fill the terminal."""
    group: list[str] = []
    for line in lines:
        group.append(line)
        if len(line) < columns - SLACK:
            yield group
            group = []
    if group:
        yield group


def across(group: list[str], pattern: re.Pattern[str], replace: Replace) -> list[str]:
    """Replace the matches in lines of which some may begin in one and end in another."""
    margins = ["", *(line[: len(line) - len(line.lstrip())] for line in group[1:])]
    bodies = [line[len(margin) :] for line, margin in zip(group, margins, strict=True)]
    ends = list(accumulate(map(len, bodies)))
    starts = [0, *ends[:-1]]
    found = [(low, high, replace(match)) for low, high, match in find(bodies, ends, pattern)]
    for low, high, new in reversed(found):
        kept = len(new) == high - low
        first, last = bisect_right(ends, low), bisect_left(ends, high)
        for i in range(first, last + 1):
            begin, end = max(low, starts[i]), min(high, ends[i])
            piece = new[begin - low : end - low] if kept else (new if i == first else "")
            body = bodies[i]
            bodies[i] = body[: begin - starts[i]] + piece + body[end - starts[i] :]
    return [margin + body for margin, body in zip(margins, bodies, strict=True)]


def find(
    bodies: list[str], ends: list[int], pattern: re.Pattern[str]
) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Yield where each match begins and ends in the bodies put together.

    Of matches that overlap, the first counts; of those that begin together, the one that is
    whole in its line.
    """
    found = [
        (start + match.start(), start + match.end(), match)
        for start, body in zip([0, *ends], bodies, strict=False)
        for match in pattern.finditer(body)
    ]
    together = pattern.finditer("".join(bodies))
    found += [(match.start(), match.end(), match) for match in together]
    reached = 0
    for low, high, match in sorted(found, key=lambda one: one[:2]):
        if low >= reached:
            yield low, high, match
            reached = high
