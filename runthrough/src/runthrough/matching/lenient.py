"""Match an output whose page doesn't show every detail, as its project declares.

What may differ is a `Leniency`: lines of another stream that are left out, text in place of which
there are three dots, blanks and line breaks, the order of lines, texts that only keep their form.
All else has to be as shown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from runthrough.matching import comparison
from runthrough.matching.alignment import is_ellipsis
from runthrough.model.steps import Leniency

DOTS = re.compile(r"\.{3,}|\u2026")
BLANKS = re.compile(r"\s+")
GUTTER = re.compile(r"^(\s+)[|\u2502](?=\s|$)")
"""The bar before a cell of a table that goes on in the next line."""
LONGEST = 40_000
"""The most pairs of lines, one of the page and one printed, that a report compares leniently."""


@dataclass(frozen=True)
class Lenient:
    """How an output agrees with the page."""

    found: tuple[int, ...]
    """Positions of the printed lines that the page shows, at least in part."""
    hidden: tuple[tuple[int, str], ...]
    """What the page leaves out: a printed line's position, and the text that isn't shown of it."""


def match_leniently(
    shown: Sequence[str], printed: Sequence[str], leniency: Leniency
) -> Lenient | None:
    """Return how printed lines agree with those that the page shows; None if they don't.

    Both come as they are seen, with placeholders for values that differ in every run, and without
    what varies (`without_varying`).
    """
    if leniency.blanks:
        shown, printed = without_gutter(shown), without_gutter(printed)
    ignored = ignored_by(leniency)
    is_left = [line in shown or not ignored.search(line) for line in printed]
    left = [i for i, stays in enumerate(is_left) if stays]
    kept = [printed[i] for i in left]
    find = in_any_order if leniency.order else in_order
    agreed = find(shown, kept, leniency)
    if agreed is None:
        return None
    ignored_lines = [(i, line) for i, line in enumerate(printed) if not is_left[i]]
    hidden = [(left[i], text) for i, text in agreed.hidden]
    return Lenient(tuple(left[i] for i in agreed.found), tuple(sorted([*ignored_lines, *hidden])))


def as_written(
    shown: Sequence[str],
    on_page: Sequence[str],
    printed: Sequence[str],
    found: Sequence[str],
    leniency: Leniency,
) -> list[str]:
    """Return printed lines as the page writes those that agree, and without those to ignore.

    `on_page` and `found` are the same lines with placeholders. What's left differs for a reader.
    """
    if leniency == Leniency() or len(shown) * len(found) > LONGEST:
        return list(printed)
    ignored = ignored_by(leniency)
    patterns = [
        (pattern_of([line], leniency), text)
        for line, text in zip(on_page, shown, strict=True)
        if line.strip() and not is_ellipsis(line)
    ]
    return [
        next((text for pattern, text in patterns if pattern.fullmatch(f"{line}\n")), as_printed)
        for line, as_printed in zip(found, printed, strict=True)
        if line in on_page or not ignored.search(line)
    ]


def ignored_by(leniency: Leniency) -> re.Pattern[str]:
    """Return what finds a line that an output may leave out."""
    return re.compile("|".join(f"(?:{one})" for one in leniency.ignored) or "(?!)")


def without_gutter(lines: Sequence[str]) -> list[str]:
    """Return lines in which the bar before a broken cell is a blank, as its line break is."""
    return [GUTTER.sub(r"\1 ", line) for line in lines]


def without_varying(lines: Sequence[str], leniency: Leniency) -> list[str]:
    """Put the same text in place of all that only has to keep its form.

    Where several patterns match, the longest match counts, whatever the order of the patterns.
    """
    patterns = list(map(re.compile, leniency.varying))
    return ["".join(with_marks(line, patterns)) for line in lines] if patterns else list(lines)


def with_marks(line: str, patterns: Sequence[re.Pattern[str]]) -> Iterator[str]:
    """Yield the parts of a line, with a mark of the pattern in place of each match."""
    at = 0
    ahead = {number: first_match(one, line, at) for number, one in enumerate(patterns)}
    while spans := [(one.start(), -one.end(), number) for number, one in ahead.items() if one]:
        start, end, number = min(spans)
        yield line[at:start]
        yield f"\0{number}\0"
        at = -end
        for number, one in ahead.items():
            if one and one.start() < at:
                ahead[number] = first_match(patterns[number], line, at)
    yield line[at:]


def first_match(pattern: re.Pattern[str], line: str, at: int) -> re.Match[str] | None:
    """Return the first match of a pattern, from a position on, that has a character."""
    return next((one for one in pattern.finditer(line, at) if one[0]), None)


def in_any_order(
    shown: Sequence[str], printed: Sequence[str], leniency: Leniency
) -> Lenient | None:
    """Find a printed line for each one of the page; the rest has to be left out by dots."""
    left = list(range(len(printed)))
    hidden: list[tuple[int, str]] = []
    found: list[int] = []
    for line in shown:
        if is_ellipsis(line):
            continue
        pattern = pattern_of([line], leniency)
        for i in left:
            agreed = pattern.fullmatch(f"{printed[i]}\n")
            if agreed or comparison.same_line(line, printed[i]):
                hidden += ((i, text) for text in (agreed.groups() if agreed else ()) if text)
                found.append(i)
                left.remove(i)
                break
        else:
            return None
    rest = [i for i in left if printed[i].strip()]
    if rest and not any(map(is_ellipsis, shown)):
        return None
    return Lenient(tuple(found), (*hidden, *((i, printed[i]) for i in left)))


def in_order(shown: Sequence[str], printed: Sequence[str], leniency: Leniency) -> Lenient | None:
    """Match the parts of the page between its ellipses, each where it first comes."""
    parts = list(parts_of(shown))
    text = "".join(f"{line}\n" for line in printed)
    starts = line_starts(printed)
    reached = 0
    found: list[int] = []
    hidden: list[tuple[int, str]] = []
    for number, part in enumerate(parts):
        pattern = pattern_of(part, leniency)
        first, last = number == 0, number == len(parts) - 1
        agreed = find_part(pattern, text, starts, reached, first=first, last=last)
        if agreed is None:
            return None
        begin, end = agreed.span()
        hidden += lines_between(text, starts, reached, begin)
        for group in range(1, (agreed.re.groups or 0) + 1):
            if agreed[group]:
                hidden.append((line_at(starts, agreed.start(group)), agreed[group]))
        if end > begin:
            found += range(line_at(starts, begin), line_at(starts, end - 1) + 1)
        reached = end
    if text[reached:].strip():
        return None
    return Lenient(tuple(dict.fromkeys(found)), tuple(hidden))


def find_part(
    pattern: re.Pattern[str],
    text: str,
    starts: Sequence[int],
    reached: int,
    *,
    first: bool,
    last: bool,
) -> re.Match[str] | None:
    """Find a part of the page from a position: the first right there, the last at the end."""
    if last:  # to its very end, so that dots there match the rest of the line
        pattern = re.compile(rf"{pattern.pattern}\s*\Z")
    if first:
        return pattern.match(text, reached)
    later = [start for start in starts if start >= reached] or [len(text)]
    found = (pattern.match(text, start) for start in (reversed(later) if last else later))
    return next((agreed for agreed in found if agreed), None)


def parts_of(shown: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines of the page between its ellipses."""
    part: list[str] = []
    for line in shown:
        if is_ellipsis(line):
            yield part
            part = []
        else:
            part.append(line)
    yield part


def pattern_of(lines: Sequence[str], leniency: Leniency) -> re.Pattern[str]:
    """Return what printed text has to match to be these lines, each with its line end.

    What three dots stand for is a group.
    """
    if leniency.blanks:
        words = BLANKS.split("\n".join(lines).strip())
        texts = r"\s+".join(within(word, leniency) for word in words if word)
        return re.compile(rf"\s*{texts}[^\S\n]*\n?\s*" if texts else r"\s*")
    return re.compile("".join(f"{within(line, leniency)}\\n" for line in lines))


def within(text: str, leniency: Leniency) -> str:
    """Return the pattern of a text without line ends."""
    if not leniency.dots:
        return re.escape(text)
    return r"([^\n]*?)".join(map(re.escape, DOTS.split(text)))


def line_starts(lines: Iterable[str]) -> list[int]:
    """Return where each line begins in a text of all of them."""
    starts, position = [], 0
    for line in lines:
        starts.append(position)
        position += len(line) + 1
    return starts


def line_at(starts: Sequence[int], position: int) -> int:
    """Return the number of the line that contains a position, or that begins there."""
    return max(0, bisect_right(starts, position) - 1)


def lines_between(
    text: str, starts: Sequence[int], begin: int, end: int
) -> Iterator[tuple[int, str]]:
    """Yield the lines that a text has between two positions."""
    if text[begin:end].strip():
        first = line_at(starts, begin)
        for number, line in enumerate(text[begin:end].rstrip("\n").split("\n")):
            yield first + number, line
