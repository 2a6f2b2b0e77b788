"""Read a console block: prompts, continuation lines, outputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from runthrough.model.prompts import FURTHER, KNOWN, PROMPT, has_prompt
from runthrough.model.steps import Command, Line
from runthrough.model.suggestions import Suggestion
from runthrough.shell.syntax import is_complete

BARE = re.compile("")


class SessionError(Exception):
    """A console block can't be read as a session."""

    def __init__(self, line: Line, what: str, advice: str, *suggestions: Suggestion) -> None:
        super().__init__(what)
        self.line, self.what, self.advice = line, what, advice
        self.suggestions = suggestions


def without_prompt(line: Line, known: str) -> SessionError:
    """Return the error for a line before any prompt, which could be a comment or a root prompt."""
    what = f"this line of a console block doesn't begin with a known prompt: {line.text!r}"
    advice = f"{known} Lines under a command are its output."
    if not line.text.lstrip().startswith("#"):
        return SessionError(line, what, advice)
    advice += (
        " A line that begins with '#' could be a comment or a root command, but pages are run as "
        "an ordinary user. If it needs root, add ':skip: reason'. Write a comment as '$ # ...', "
        "or above the block."
    )
    return SessionError(line, what, advice, Suggestion("skip"))


def read_session(
    lines: Sequence[Line],
    complete: Callable[[str], bool] = is_complete,
    prompt: re.Pattern[str] = PROMPT,
    *,
    comments: bool = False,
    known: str = KNOWN,
) -> tuple[Command, ...]:
    """Split the lines of a console block into commands and their outputs.

    `prompt` matches a line that's typed, with the groups `environment` and `command`. With
    `comments`, lines between commands that begin with `#` are neither commands nor output, and a
    prompt without a command is only where someone pressed Enter. `known` says in errors which
    prompts there are.

    Raises SessionError if a line comes before any prompt, if a prompt has no command (without
    `comments`), or if a command is still open at the end of the block.
    """
    commands: list[Command] = []
    rest = list(lines)
    while rest:
        if comments and is_comment(rest[0]):
            del rest[0]
            continue
        found = prompt.fullmatch(rest[0].text)
        if found is None:
            raise without_prompt(rest[0], known)
        if comments and not (found["command"] or "").strip():
            del rest[0]
            continue
        command = take_command(rest, found["command"] or "", complete)
        output = take_output(rest, prompt, comments=comments)
        environment = found["environment"] or ""
        commands.append(replace(command, output=output, environment=environment))
    return tuple(commands)


def is_comment(line: Line) -> bool:
    """Return whether a line between commands is a comment, or blank."""
    return line.text.lstrip().startswith("#") or not line.text.strip()


def read_script(
    lines: Sequence[Line], complete: Callable[[str], bool] = is_complete
) -> tuple[Command, ...]:
    """Split the lines of a script into commands, as bash would; comments aren't commands.

    Raises SessionError if a command is still open at the end of the block.
    """
    commands: list[Command] = []
    rest = list(lines)
    while rest:
        if is_comment(rest[0]):
            del rest[0]
            continue
        commands.append(take_command(rest, rest[0].text.strip(), complete))
    return tuple(commands)


def take_command(rest: list[Line], text: str, complete: Callable[[str], bool]) -> Command:
    """Take one command with its continuation lines off the lines."""
    first = rest.pop(0)
    if not text.strip():
        raise SessionError(
            first,
            "this prompt has no command",
            "Write one, or remove the line. If a command prints it, show that command's output "
            "in a block of its own with ':output:'.",
        )
    whole = further(text, rest, complete, FURTHER) or further(text, rest, complete, BARE)
    if whole is None:
        raise SessionError(
            first,
            f"this command isn't finished: bash waits for more after {text!r}",
            "Close the quote, the loop or the here-document, or remove the last backslash.",
        )
    text, taken = whole
    del rest[:taken]
    return Command(text, first.place)


def take_output(
    rest: list[Line], prompt: re.Pattern[str], *, comments: bool = False
) -> tuple[Line, ...]:
    """Take what is shown up to the next prompt off the lines, without comments before it."""
    output = []
    while rest and not has_prompt(rest[0].text, prompt):
        output.append(rest.pop(0))
    while output and (is_comment(output[-1]) if comments else not output[-1].text.strip()):
        output.pop()
    return tuple(output)


def further(
    text: str, lines: Sequence[Line], complete: Callable[[str], bool], prompt: re.Pattern[str]
) -> tuple[str, int] | None:
    """Add lines to a command until it is complete, and count them.

    None if the lines run out before that, or one of them lacks the prompt.
    """
    taken = 0
    while not complete(text):
        found = prompt.match(lines[taken].text) if taken < len(lines) else None
        if found is None:
            return None
        text += "\n" + lines[taken].text[found.end() :]
        taken += 1
    return text, taken
