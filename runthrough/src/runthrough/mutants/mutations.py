"""Mutants of a page: small edits of its source after which the page says something untrue.

Each kind below is a problem that authors make: a word of an output that is no longer right, a
command lost in a merge, a file that has been renamed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from runthrough.model.places import Place
from runthrough.model.prompts import ENVIRONMENT
from runthrough.model.settings import Settings
from runthrough.model.steps import Command, Console, Excerpt, Line, Listing, Page, Patch, Step
from runthrough.mutants.edits import Edit
from runthrough.reading.sources import known_lines, source_line

TOKEN = re.compile(r"[A-Za-z]{3,}|\d+")
"""What is changed in a line: a word or a number."""
PORT = re.compile(r"(?<=[\w\])]:)\d{4,5}\b|(?<=\bport )\d{4,5}\b")
STATUS = re.compile(r"(\s*:status:\s*)(\d+)\s*$")
DIRECTIVE = re.compile(r"(?P<indent>\s*)\.\. (?:code-block|sourcecode|code)::")
OPTION = re.compile(r"\s*(?::[\w-]+:.*)?$")
PROMPT = re.compile(rf"(?P<indent>\s*)(?P<environment>{ENVIRONMENT})\$ ")
OPPOSITES = {
    "upgrade": "downgrade",
    "added": "removed",
    "True": "False",
    "None": "True",
    "head": "base",
    "create": "remove",
}
OPPOSITE = {**OPPOSITES, **{after: before for before, after in OPPOSITES.items()}}


@dataclass(frozen=True)
class Mutant:
    """One small change of one page."""

    docname: str
    kind: str
    position: int
    """Of the step that the change is made in, among the steps of its page."""
    edit: Edit


def mutants_of(page: Page, settings: Settings) -> Iterator[Mutant]:
    """Yield every mutant of a page, in reading order and by kind."""
    for kind, edits_of in KINDS.items():
        for position, step in enumerate(page.steps):
            for edit in edits_of(step, EditContext(page, settings)):
                yield Mutant(page.docname, kind, position, edit)


@dataclass(frozen=True)
class EditContext:
    """What the edits of a step depend on besides the step itself."""

    page: Page
    settings: Settings

    def is_placeholder(self, text: str, start: int, end: int) -> bool:
        """Return whether part of a text is a value that may differ in every run anyway."""
        patterns = (*self.settings.captures.values(), *self.settings.patterns.values())
        return any(
            found.start() < end and start < found.end()
            for pattern in patterns
            for found in pattern.finditer(text)
        )


def changed_outputs(step: Step, context: EditContext) -> Iterator[Edit]:
    """Change a word or a number of an output that the page shows."""
    if isinstance(step, Console):
        for command in step.commands:
            yield from changed_words(command.output, context)


def changed_listings(step: Step, context: EditContext) -> Iterator[Edit]:
    """Change a word or a number of a file that the page shows, or of lines that it quotes."""
    if isinstance(step, Excerpt) or (isinstance(step, Listing) and step.file_action == "show"):
        yield from changed_words(step.lines, context)
    if isinstance(step, Patch):
        kept = [line for hunk in step.hunks for line in hunk if line.text[:1] in (" ", "-")]
        yield from changed_words(kept, context)


def changed_words(lines: tuple[Line, ...] | list[Line], context: EditContext) -> Iterator[Edit]:
    """Change each word and each number of some lines, one at a time."""
    for line in lines:
        if line.text.strip() == "...":
            continue
        for token in TOKEN.finditer(line.text):
            if not context.is_placeholder(line.text, token.start(), token.end()):
                yield from in_line(line, token.start(), token.end(), other(token.group()))


def other(token: str) -> str:
    """Return another word or number that an author could have meant."""
    if token.isdigit():
        return str(int(token) + 1)
    if token in OPPOSITE:
        return OPPOSITE[token]
    substituted = next(
        (n for n, (a, b) in reversed(list(enumerate(pairwise(token)))) if a != b), None
    )
    if substituted is None:
        return token + "x"
    return (
        token[:substituted] + token[substituted + 1] + token[substituted] + token[substituted + 2 :]
    )


def dropped_commands(step: Step, context: EditContext) -> Iterator[Edit]:
    """Drop a command, with the output under it, from a block that has others."""
    if isinstance(step, Console) and len(step.commands) > 1:
        for command in step.commands:
            yield from dropped(command.place, end_of(command))


def end_of(command: Command) -> Place:
    """Return the place of the last line of a command or of its output, in the same file."""
    if command.output:
        return command.output[-1].place
    return Place(command.place.file, (command.place.line or 1) + command.text.count("\n"))


def dropped_steps(step: Step, context: EditContext) -> Iterator[Edit]:
    """Drop a whole block that asks something of the reader."""
    if isinstance(step, (Console, Listing, Patch)):
        head = head_of(step)
        last = last_place(step)
        if head is not None:
            yield from dropped(head, last)


def dropped_lines(step: Step, context: EditContext) -> Iterator[Edit]:
    """Drop a line of a listing or of a diff."""
    lines: tuple[Line, ...] = ()
    if isinstance(step, Listing):
        lines = step.lines
    elif isinstance(step, Patch):
        lines = tuple(line for hunk in step.hunks for line in hunk)
    for line in lines:
        if line.text.strip(" +-"):
            yield from dropped(line.place, line.place)


def changed_statuses(step: Step, context: EditContext) -> Iterator[Edit]:
    """Expect another exit status than the command has."""
    head = head_of(step) if isinstance(step, Console) and len(step.commands) == 1 else None
    if head is None or head.line is None or step.place.line is None:
        return
    lines = known_lines(head.file)
    for number in range(head.line, step.place.line):
        if found := STATUS.fullmatch(lines[number - 1]):
            new = f"{found[1]}{int(found[2]) + 1}"
            yield Edit(Place(head.file, number), (lines[number - 1],), (new,))
            return
    text = lines[head.line - 1]
    indent = " " * (len(text) - len(text.lstrip()) + 3)
    yield Edit(head, (text,), (text, f"{indent}:status: 1"))


def renamed_files(step: Step, context: EditContext) -> Iterator[Edit]:
    """Give the file of a listing or a diff another name."""
    if isinstance(step, (Listing, Patch)):
        path = Path(step.path)
        renamed = str(path.with_name(f"{path.stem}2{path.suffix}"))
        yield from replaced(step.path_place, step.path, renamed)


def changed_prompts(step: Step, context: EditContext) -> Iterator[Edit]:
    """Show a prompt with an environment where none is active, or the other way round."""
    if not isinstance(step, Console):
        return
    environment = environment_of(context.page)
    for command in step.commands:
        text = source_line(command.place) or ""
        found = PROMPT.match(text)
        if found is None or environment is None:
            continue
        prompt = found["indent"] + ("$ " if found["environment"] else f"{environment}$ ")
        yield Edit(command.place, (text,), (prompt + text[found.end() :],))


def environment_of(page: Page) -> str | None:
    """Return the environment that prompts of a page name first, with its brackets."""
    for step in page.steps:
        if isinstance(step, Console):
            for command in step.commands:
                found = PROMPT.match(source_line(command.place) or "")
                if found is not None and found["environment"]:
                    return found["environment"]
    return None


def changed_ports(step: Step, context: EditContext) -> Iterator[Edit]:
    """Name another port."""
    for line in all_lines(step):
        for port in PORT.finditer(line.text):
            yield from in_line(line, port.start(), port.end(), str(int(port.group()) + 1))


def all_lines(step: Step) -> Iterator[Line]:
    """Yield every line of a step that its reader types, compares or writes."""
    if isinstance(step, Console):
        for command in step.commands:
            yield Line(command.first_line, command.place)
            yield from command.output
    elif isinstance(step, (Listing, Excerpt)):
        yield from step.lines
    elif isinstance(step, Patch):
        yield from (line for hunk in step.hunks for line in hunk)


KINDS: Mapping[str, Callable[[Step, EditContext], Iterator[Edit]]] = {
    "output": changed_outputs,
    "listing": changed_listings,
    "dropped command": dropped_commands,
    "dropped step": dropped_steps,
    "dropped line": dropped_lines,
    "status": changed_statuses,
    "file name": renamed_files,
    "prompt": changed_prompts,
    "port": changed_ports,
}
"""Every kind of mutant by its name."""


def head_of(step: Console | Listing | Patch) -> Place | None:
    """Find the line of the directive that makes a block; None if another markup makes it."""
    lines = known_lines(step.place.file)
    number = (step.place.line or 1) - 1
    while number > 0 and OPTION.fullmatch(lines[number - 1]):
        number -= 1
    if number < 1 or DIRECTIVE.match(lines[number - 1]) is None:
        return None
    return Place(step.place.file, number)


def last_place(step: Console | Listing | Patch) -> Place:
    """Return the place of the last line of a block."""
    if isinstance(step, Console):
        return end_of(step.commands[-1])
    return (step.lines if isinstance(step, Listing) else step.hunks[-1])[-1].place


def dropped(first: Place, last: Place) -> Iterator[Edit]:
    """Drop the lines from one place to another, if both are in one file."""
    if first.line and last.line and first.file == last.file and first.line <= last.line:
        lines = known_lines(first.file)[first.line - 1 : last.line]
        if lines:
            yield Edit(first, lines, ())


def in_line(line: Line, start: int, end: int, new: str) -> Iterator[Edit]:
    """Replace part of a content line, if its source has the same text at that place."""
    yield from replaced(line.place, line.text, line.text[:start] + new + line.text[end:])


def replaced(place: Place, old: str, new: str) -> Iterator[Edit]:
    """Replace a text in the source line at a place, if the line ends with it or has it once."""
    source = source_line(place) or ""
    if source.endswith(old):
        yield Edit(place, (source,), (source[: len(source) - len(old)] + new,))
    elif old and source.count(old) == 1:
        yield Edit(place, (source,), (source.replace(old, new),))
