"""Compare what a command printed with the output that the page shows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from runthrough.matching.alignment import Match, Mismatch, difference, is_ellipsis, match, tidy
from runthrough.matching.lenient import DOTS, as_written, match_leniently, without_varying
from runthrough.matching.placeholders import PlaceholderError, Placeholders
from runthrough.matching.screen import overwrite
from runthrough.matching.wrapping import SLACK
from runthrough.model.prompts import ALMOST, KNOWN, has_prompt
from runthrough.model.results import Failure
from runthrough.model.steps import Command, Leniency

PROMPT_PRINTED = (
    " A line that begins with '$ ' is read as a command. Show an output that has such a line in a "
    "block of its own with ':output:', right under the command's block."
)
STRICT = Leniency()
LOOKED_AT = 2000
"""Characters at each end of a hidden line in which an error is looked for."""
"""A line that looks like a prompt with a command to a reader."""
ENDS = 20
"""Lines at each end of an output that a report shows."""


def ends(printed: Sequence[str]) -> tuple[str, ...]:
    """Shorten an output to its beginning and its end, and say how much is left out."""
    if len(printed) <= 2 * ENDS + 1:
        return tuple(printed)
    left_out = len(printed) - 2 * ENDS
    return (*printed[:ENDS], f"... {left_out} lines left out ...", *printed[-ENDS:])


def on_screen(command: Command) -> list[str]:
    """Return the output that the page shows, as the terminal would show it."""
    return tidy([overwrite(line.text) for line in command.output])


def compare(
    placeholders: Placeholders,
    errors: re.Pattern[str],
    command: Command,
    printed: Sequence[str],
    leniency: Leniency = STRICT,
) -> Failure | None:
    """Compare the page's output with the printed lines; bind the values that the page shows.

    `errors` matches a line that looks like an error: '...' may not hide one. If the page expects a
    failure and shows an error, more lines of it may be hidden.
    """
    shown = on_screen(command)
    if leniency.unshown and not shown:
        return None
    on_page, found = (comparable(placeholders, lines, leniency) for lines in (shown, printed))
    result = match(on_page, found)
    is_expected = command.status != 0 or leniency.status
    is_expected = is_expected and any(looks_like_error(errors, line) for line in shown)
    if isinstance(result, Match):
        error = hidden_error(errors, placeholders.columns, printed, result.hidden)
        if error is not None and not is_expected:
            return hides(command, hiding(result, shown, error), printed[error], printed)
        return bind(placeholders, command, shown, printed, result)
    agreed = match_leniently(on_page, found, leniency) if leniency != STRICT else None
    if agreed is None:
        written = as_written(shown, on_page, printed, found, leniency)
        left = match(on_page, comparable(placeholders, written, leniency))
        if isinstance(left, Mismatch):
            printed, result = written, left
        return mismatch(placeholders, command, shown, printed, result)
    hidden = (text for _, text in agreed.hidden if looks_like_error(errors, text))
    if (text := next(hidden, None)) is not None and not is_expected:
        at = next((i for i, line in enumerate(shown) if DOTS.search(line)), 0)
        return hides(command, at, text, printed)
    lines = [printed[position] for position in agreed.found]
    return learnt(placeholders, command, list(range(len(shown))), shown, lines, printed)


def comparable(placeholders: Placeholders, lines: Sequence[str], leniency: Leniency) -> list[str]:
    """Return lines with placeholders for all that may differ in every run."""
    return without_varying(placeholders.normalise(lines), leniency)


def hides(command: Command, at: int, line: str, printed: Sequence[str]) -> Failure:
    """Return the failure for a line of the page that hides what looks like an error."""
    return Failure(
        command.output[at].place,
        f"'...' hides a line that looks like an error: {line!r}",
        "Fix what causes it, or show the line. conf.py's runthrough_errors says what "
        "an error looks like.",
        command.text,
        command.place,
        printed=ends(printed),
    )


def hidden_error(
    errors: re.Pattern[str], columns: int, printed: Sequence[str], hidden: Sequence[int]
) -> int | None:
    """Find the first hidden line that looks like an error, also where a program has broken it."""
    rest = set(hidden)
    for position in hidden:
        if looks_like_error(errors, printed[position]):
            return position
        if position + 1 in rest and not looks_like_error(errors, printed[position + 1]):
            joined = unbroken(printed[position], printed[position + 1], columns)
            if any(looks_like_error(errors, line) for line in joined):
                return position
    return None


def looks_like_error(errors: re.Pattern[str], line: str) -> bool:
    """Return whether a line looks like an error; of a very long one, both ends are looked at."""
    return any(map(errors.search, {line[:LOOKED_AT], line[-LOOKED_AT:]}))


def unbroken(line: str, after: str, columns: int) -> list[str]:
    """Join two lines that a program may have broken at the terminal's width, at a blank or not."""
    word, *_ = [*after.split(maxsplit=1), ""]
    joined = [line + after.lstrip()] if len(line) >= columns - SLACK else []
    return [*joined, f"{line} {after.lstrip()}"] if len(f"{line} {word}") > columns else joined


def agrees(
    placeholders: Placeholders,
    command: Command,
    printed: Sequence[str],
    leniency: Leniency = STRICT,
) -> bool:
    """Return whether the page shows these lines, without binding what they introduce."""
    shown = on_screen(command)
    if leniency.unshown and not shown:
        return True
    on_page, found = (comparable(placeholders, lines, leniency) for lines in (shown, printed))
    if isinstance(match(on_page, found), Match):
        return True
    return leniency != STRICT and match_leniently(on_page, found, leniency) is not None


def lacks(placeholders: Placeholders, shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Return whether the page shows more than was printed, and agrees with all of that."""
    found = match(placeholders.normalise(shown), placeholders.normalise(printed))
    return isinstance(found, Mismatch) and found.shown is not None and is_less(found, printed)


def is_less(found: Mismatch, printed: Sequence[str]) -> bool:
    """Return whether all that was printed is on the page, where the page shows a line more."""
    assert found.shown is not None
    return found.printed + found.shown - found.agreed >= len(printed)


def hiding(result: Match, shown: Sequence[str], position: int) -> int:
    """Return the position of the ellipsis that leaves out a printed line."""
    before = [on_page for on_page, found in result.pairs if found < position]
    start = before[-1] + 1 if before else 0
    return next(i for i in range(start, len(shown)) if is_ellipsis(shown[i]))


def bind(
    placeholders: Placeholders,
    command: Command,
    shown: Sequence[str],
    printed: Sequence[str],
    result: Match,
) -> Failure | None:
    """Bind what the page's output introduces; return a failure if that contradicts earlier
    bindings."""
    for on_page, found in runs(result):
        lines = [printed[position] for position in found]
        failure = learnt(placeholders, command, on_page, shown, lines, printed)
        if failure is not None:
            return failure
    return None


def learnt(
    placeholders: Placeholders,
    command: Command,
    on_page: Sequence[int],
    shown: Sequence[str],
    lines: Sequence[str],
    printed: Sequence[str],
) -> Failure | None:
    """Bind what some lines of the page introduce, where `lines` were printed for them."""
    try:
        placeholders.learn([shown[position] for position in on_page], lines)
    except PlaceholderError as error:
        holds = (i for i in on_page if error.value in shown[i])
        return Failure(
            command.output[next(holds, on_page[0])].place,
            str(error),
            "Use one value on the page for each value of the run, and use it everywhere.",
            command.text,
            command.place,
            printed=ends(printed),
        )
    return None


def runs(result: Match) -> list[tuple[list[int], list[int]]]:
    """Group matched lines that follow each other, on the page and as printed."""
    grouped: list[tuple[list[int], list[int]]] = []
    for on_page, found in result.pairs:
        if grouped and grouped[-1][0][-1] + 1 == on_page and grouped[-1][1][-1] + 1 == found:
            grouped[-1][0].append(on_page)
            grouped[-1][1].append(found)
        else:
            grouped.append(([on_page], [found]))
    return grouped


def unlike_output(text: str) -> str:
    """Return advice about a line that wasn't printed, if it looks like a comment or a prompt."""
    if text.lstrip().startswith("#"):
        return (
            f" The line {text!r} looks like a comment or a root prompt, but it's read as output. "
            f"Write a comment as '$ {text.strip()}', or in the text above the block."
        )
    if ALMOST.match(text):
        return f" The line {text!r} looks like a prompt, but it's read as output. {KNOWN}"
    return ""


def mismatch(
    placeholders: Placeholders,
    command: Command,
    shown: Sequence[str],
    printed: Sequence[str],
    found: Mismatch,
) -> Failure:
    """Return the failure for an output that differs from the page, with the first difference."""
    rows = difference(placeholders, shown, [*shown[: found.agreed], *printed[found.printed :]])
    if found.shown is not None:
        place = command.output[found.shown].place
        less = is_less(found, printed)
        what = "the command printed less than" if less else "the output is not what"
        what += " the page shows"
    elif shown:
        place = command.output[len(shown) - 1].place
        what = "the command printed more than the page shows"
    else:
        place = command.place
        what = "the command printed something, but the page shows no output"
    advice = (
        "If the output is right, put it on the page (nothing under a command means that it prints "
        "nothing; a line '...' stands for lines that are left out). If not, fix the command, or "
        "the step before it."
    )
    if found.shown is not None:
        advice += unlike_output(command.output[found.shown].text)
    if found.shown is None and any(has_prompt(line) for line in printed[found.printed :]):
        advice += PROMPT_PRINTED
    return Failure(
        place,
        what,
        advice,
        command.text,
        command.place,
        difference=tuple(rows),
    )
