"""Describe the results of steps for a person."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import assert_never

from runthrough.model.places import Place, shown
from runthrough.model.results import Failure, Result
from runthrough.model.steps import SIDE_FILE, OtherTab, Step

MARGIN = "    "
INSTEAD = f"To leave the page unchanged, write what applies in {SIDE_FILE}:"
REPEATED = 100
"""The most characters of advice that is printed for each failure of a page."""
LONGEST = 1000
"""Characters of a line that a report shows; of a longer one, as many at both ends."""


def headline(failure: Failure) -> str:
    """Return a line that says where a reader gets stuck, and on what."""
    return visible(f"{failure.place}: {shortened(failure.what)}")


def explain(failure: Failure, page: Path | None = None) -> str:
    """Return where a reader of the page gets stuck, on what, and what its author can do."""
    return explain_all((failure,), page)


def explain_all(
    failures: Sequence[Failure], page: Path | None = None, advised: dict[str, Place] | None = None
) -> str:
    """Return what `explain` says about each failure of a step, but long advice only once.

    `advised` has what earlier reports on the page have advised, and the places of their failures;
    it's extended.
    """
    advised = {} if advised is None else advised
    parts: list[str] = []
    for failure in failures:
        parts += described(failure)
        first = advised.setdefault(failure.advice, failure.place)
        is_repeated = first != failure.place and len(failure.advice) > REPEATED
        advice = f"The same as for {first}." if is_repeated else failure.advice
        parts.append(visible(f"What to do: {advice}"))
        if failure.entry:
            parts.append(f"{INSTEAD}\n\n{indented(failure.entry)}")
    file = shlex.quote(shown(page or failures[0].place.file))
    parts.append(visible(f"To try it alone: pytest --runthrough --runthrough-keep {file}"))
    return "\n\n".join(parts)


def described(failure: Failure) -> Iterator[str]:
    """Yield where a reader gets stuck, on what, and the failure that it follows from."""
    yield headline(failure)
    if failure.command is not None:
        where = failure.command_place or failure.place
        line = f"line {where.line}" if where.file == failure.place.file else visible(str(where))
        at = f"   ({line})" if where != failure.place and where.line else ""
        first, *rest = map(visible, failure.command.split("\n"))
        prompt = "" if first.startswith((">>> ", "In: ")) else "$ "
        lines = [f"{MARGIN}{prompt}{first}{at}", *(f"{MARGIN}  {line}" for line in rest)]
        yield "\n".join(lines)
    if failure.difference:
        yield indented(failure.difference)
        yield "('-' is on the page, '+' is what a reader gets.)"
    elif failure.printed:
        yield "It printed:\n" + indented(failure.printed)
    if failure.follows is not None:
        yield visible(f"This follows from the failure at {failure.follows}: fix that first.")


def indented(lines: Iterable[str]) -> str:
    """Indent lines to set them off from the text around them, with visible control characters."""
    return "\n".join(MARGIN + visible(shortened(line)) for line in lines)


def shortened(line: str) -> str:
    """Leave out the middle of a very long line, and say how much is missing."""
    if len(line) <= LONGEST:
        return line
    half = LONGEST // 2
    return f"{line[:half]} ... {len(line) - 2 * half} characters left out ... {line[-half:]}"


def visible(line: str) -> str:
    """Write control characters so that a terminal shows them and doesn't act on them."""
    return "".join(
        char if char.isprintable() or char == "\t" else repr(char)[1:-1] for char in line
    )


def blocked_by(place: Place) -> str:
    """Return why a step wasn't run."""
    return f"blocked by {place}"


def tally(step: Step, result: Result) -> dict[str, int]:
    """Count what a step that was run adds to the closing line."""
    match result.verdict:
        case "skipped" | "unchecked" | "blocked":
            return {result.verdict: 1}
        case "elsewhere":
            is_taken = isinstance(step, OtherTab) and bool(step.taken_on)
            return {"elsewhere" if is_taken else "unreached": 1}
        case "passed" | "failed":
            return {"steps": 1, **step.counts}
        case _:
            assert_never(result.verdict)


COUNTED = ("steps", "commands", "files", "edits")
"""What the closing line counts in every run; kinds of step of a project's own may add to it."""
NOT_RUN = {
    "skipped": "skipped",
    "unchecked": "unchecked",
    "blocked": "blocked",
    "elsewhere": "in tabs of another path",
    "unreached": "in tabs that no path takes",
}
"""What is counted of blocks that weren't run, and how the closing line says it."""


def closing_line(
    pages: int, counts: Counter[str], seconds: float, services: Mapping[str, str]
) -> str:
    """Sum a run up in one line; `services` are names and versions."""
    others = sorted(counts.keys() - {*COUNTED, *NOT_RUN})
    said = ", ".join(counted(counts[kind], kind) for kind in (*COUNTED, *others))
    took = counted(max(1, round(seconds)), "seconds")
    line = f"ran {counted(pages, 'pages')}: {said} in {took}"
    if services:
        line += f" on {listed([' '.join(one) for one in services.items()])}"
    line += f"; {counted(counts['skipped'], 'blocks')} skipped"
    for kind, words in NOT_RUN.items():
        if counts[kind] and kind != "skipped":
            line += f", {counts[kind]} {words}"
    return line


def counted(number: int, noun: str) -> str:
    """Write a number with its noun, which comes as a plural."""
    return f"{number} {noun.removesuffix('s') if number == 1 else noun}"


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
