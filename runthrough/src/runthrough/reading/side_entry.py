"""The lines of the side file that do what the advice on a failure says."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from runthrough.model.places import Place
from runthrough.model.results import Failure
from runthrough.model.steps import SIDE_FILE, Command, Console, Page, PageProblem, Step
from runthrough.model.suggestions import Suggestion
from runthrough.reading.options import OPTIONS
from runthrough.reading.side_file import head, quoted
from runthrough.reading.side_page import finding, sought

UNKNOWN = "text of the block"
"""What an author replaces by some text of a block."""
EXAMPLES = {"caption": '"path"', "seconds": "300", "lines": '["answer"]'}
"""Values that the author replaces, in TOML: of an option, or of all that take such a value."""

Suggested = list[tuple[Failure, Suggestion]]
"""What the advice on some failures says of one option."""


def with_entry(failures: Sequence[Failure], step: Step, page: Page) -> tuple[Failure, ...]:
    """Return the failures of a step, the last one with what to write in the side file.

    These are the lines that do what the advice on all of them says.
    """
    parts = [*changed(failures, step), *entries(failures, step, page)]
    *others, last = failures
    return (*others, dataclasses.replace(last, entry=tuple("\n\n".join(parts).splitlines())))


def changed(failures: Sequence[Failure], step: Step) -> Iterator[str]:
    """Yield a comment for each line that already gives an option which an advice names."""
    named = {one.option for failure in failures for one in failure.suggestions}
    for note in step.side_notes:
        if note.what.partition(":")[0] in named:
            yield f"# change line {note.place.line}, which has {note.what}"


def entries(failures: Sequence[Failure], step: Step, page: Page) -> Iterator[str]:
    """Yield each entry to write, or to add to."""
    given = {note.what.partition(":")[0] for note in step.side_notes}
    keys: dict[str, dict[str, Suggested]] = {}
    for failure in failures:
        for one in failure.suggestions:
            if one.at != "given" and one.option not in given:
                keys.setdefault(one.at, {}).setdefault(one.option, []).append((failure, one))
    for at, suggested in keys.items():
        lines = [key(step, option, pairs) for option, pairs in suggested.items()]
        if "status" in suggested and "skip" not in suggested and not is_in_side_file(failures[0]):
            skipped = key(step, "skip", suggested["status"])
            lines.append(f"# or, if a run lacks what it needs: {skipped}")
        yield "\n".join([*head_of(at, failures[0], step, page), *lines])


def key(step: Step, option: str, suggested: Suggested) -> str:
    """Return the line of an entry that gives an option."""
    value = suggested[0][1].value if suggested[0][1].option == option else ""
    if option == "status":
        return f"status = {statuses(step, suggested)}"
    form = OPTIONS[option].value if option in OPTIONS else "text"
    wrong = [command_of(failure, step) for failure, _ in suggested]
    if option == "skip" and len(commands_of(step)) > 1 and None not in wrong:
        texts = [quoted(f"{command.first_line}: {form}") for command in filter(None, wrong)]
        return f"leave-out = {texts[0] if len(texts) == 1 else listed(texts)}"
    if not form:
        return f"{option} = true"
    example = EXAMPLES.get(option) or EXAMPLES.get(form) or quoted(form)
    return f"{option} = {quoted(value) if value else example}"


def statuses(step: Step, suggested: Suggested) -> str:
    """Return the status of a command, or the list of those of all commands of its block."""
    commands = commands_of(step)
    if len(commands) < 2:
        return suggested[0][1].value
    wrong = {command_of(failure, step): one.value for failure, one in suggested}
    return listed([wrong.get(command, str(command.status)) for command in commands])


def listed(values: Sequence[str]) -> str:
    """Write a list in TOML."""
    return f"[{', '.join(values)}]"


def commands_of(step: Step) -> Sequence[Command]:
    """Return the commands of a step; only a console block has any."""
    return step.commands if isinstance(step, Console) else ()


def command_of(failure: Failure, step: Step) -> Command | None:
    """Return the command that a failure is about."""
    at = (failure.command_place, failure.place)
    return next((one for one in commands_of(step) if one.place in at), None)


def head_of(at: str, failure: Failure, step: Step, page: Page) -> Sequence[str]:
    """Return the lines with which an entry begins; a comment, if it's there already."""
    if at == "after a block":
        return head(page.document, "after", "text right before it")
    if at == "another block":
        return head(page.document, "block", UNKNOWN)
    if is_in_side_file(failure):
        return (f"# in the entry at line {failure.place.line}",)
    text, which = anchor_of(text_of(failure, step), failure.command_place or failure.place, page)
    return *head(page.document, "block", text), *which


def anchor_of(text: str, place: Place, page: Page) -> tuple[str, Sequence[str]]:
    """Return the text by which an entry finds the block at a place, and its 'nth' if it needs one.

    The block has the text.
    """
    before = [
        number
        for number, block in enumerate(page.blocks)
        if sought(text) in block.text
        and block.place.file == place.file
        and (block.place.line or 0) <= (place.line or 0)
    ]
    if not before:
        return text, ()
    own, shown = before[-1], [block.text for block in page.blocks]
    return finding(own, text, shown[own], shown)


def is_in_side_file(failure: Failure) -> bool:
    """Return whether a failure is at a step that the side file adds."""
    return failure.place.file.name == SIDE_FILE


def text_of(failure: Failure, step: Step) -> str:
    """Return some text of the block of a step."""
    if (command := command_of(failure, step)) is not None:
        return command.first_line
    if isinstance(step, PageProblem):
        return step.text or UNKNOWN
    lines = (line.text.strip() for line in getattr(step, "lines", ()))
    return next(filter(None, lines), UNKNOWN)
