"""Substitute in lines that a program may have broken at the terminal's width."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

SLACK = 2
"""How much shorter than the terminal a line may be that was broken in the middle of a word."""

Replace = Callable[[re.Match[str]], str]


def substitute(
    lines: Sequence[str], pattern: re.Pattern[str], replace: Replace, columns: int
) -> list[str]:
    """Replace every match of the pattern, also where a match goes on in the next line.

    A replacement as long as its match is broken where the match was; a shorter or longer one
    stands whole where the match began.
    """
    whole = [pattern.sub(replace, line) for line in lines]
    result: list[str] = []
    for group in groups(whole, columns):
        result += across(group, pattern, replace) if len(group) > 1 else group
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
    """Replace the matches that begin in one line of the group and end in another."""
    margins = ["", *(line[: len(line) - len(line.lstrip())] for line in group[1:])]
    bodies = [line[len(margin) :] for line, margin in zip(group, margins, strict=True)]
    ends = list(accumulate(map(len, bodies)))
    starts = [0, *ends[:-1]]
    text = "".join(bodies)
    for match in reversed(list(pattern.finditer(text))):
        first = next(i for i, end in enumerate(ends) if match.start() < end)
        if match.end() <= ends[first]:
            continue
        new = replace(match)
        kept = len(new) == len(match.group())
        for i in range(first, len(bodies)):
            low, high = max(match.start(), starts[i]), min(match.end(), ends[i])
            if low >= high:
                break
            offset = low - match.start()
            piece = new[offset : offset + high - low] if kept else (new if i == first else "")
            body = bodies[i]
            bodies[i] = body[: low - starts[i]] + piece + body[high - starts[i] :]
    return [margin + body for margin, body in zip(margins, bodies, strict=True)]
