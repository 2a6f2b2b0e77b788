"""Read a console block: prompts, continuation lines, outputs."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from functools import lru_cache

from runthrough.shell.bash import find_bash
from runthrough.steps import Command, Line

PROMPT = re.compile(r"(?:\((?P<environment>[^()\s]+)\) )?\$(?: (?P<command>.*))?")
FURTHER = re.compile(r"> ?")
"""Bash's prompt for a further line of a command."""
BARE = re.compile("")
COMMAND = re.compile(r"[\w./~\"'$({\[!:<>\\]")
"""What a command may begin with."""
PRICE = re.compile(
    r"[.,]?\d(?:[\d.,]|['\u2019](?=\d))*\s?(?:[kKmMbB]n?|million|billion)?(?:[.,;:!?)]*$|[.,;:!?)]*\s|[/%)\]\u2013\u2014-])"
)
"""A number that is no command: what a dollar with a blank after it means in prose."""
MAYBE_OPEN = re.compile(
    r"""["'`({[|&\\]|<<|\b(?:for|while|until|if|case|select|do|then|else|elif|in|function)\b"""
)
"""What a line must hold for bash to ask for another one after it."""


KNOWN = "Write '$ ' before each command, or '(name) $ ' in an environment, with the blanks."
"""Which prompts there are."""


class SessionError(Exception):
    """A console block cannot be read as a session."""

    def __init__(self, line: Line, what: str, advice: str) -> None:
        super().__init__(what)
        self.line, self.what, self.advice = line, what, advice


def about_root(text: str) -> str:
    """Say what to do with a root prompt, or with a comment, if a line begins like one."""
    if not text.lstrip().startswith("#"):
        return ""
    return (
        " A line that begins with '#' is a comment, or a command of root: commands run as an "
        "ordinary reader types them. If it needs root, add ':waive: reason'; write a comment "
        "as '$ # ...', or above the block."
    )


def has_prompt(text: str) -> bool:
    """Tell whether a line begins with a shell's prompt."""
    return PROMPT.fullmatch(text) is not None


def looks_like_session(text: str) -> bool:
    """Return whether a text begins with a prompt and a command, though nobody says that it does.

    A price is no command, and neither is what a lone dollar in a table means.
    """
    prompt = PROMPT.fullmatch(text.split("\n", 1)[0].rstrip())
    command = (prompt["command"] or "") if prompt else ""
    return COMMAND.match(command) is not None and PRICE.match(command) is None


@lru_cache(maxsize=4096)
def is_complete(command: str) -> bool:
    """Tell whether bash would run this command, rather than ask for another line of it."""
    if not MAYBE_OPEN.search(command):
        return True
    if command.endswith("\\") and is_open(command[:-1] + "'"):
        return False  # a quote counts there, so the backslash does: it is in no comment
    return not is_open(command)


def is_open(command: str) -> bool:
    """Ask bash whether a command lacks its end; a last backslash does not make it so."""
    checked = subprocess.run(
        [str(find_bash().path), "--norc", "--noprofile", "-n"],
        input=command.encode() + b"\n",
        capture_output=True,
        env={"LC_ALL": "C"},
        check=False,
    )
    complaints = checked.stderr.decode(errors="replace")
    return bool(re.search(r"unexpected (end of file|EOF)|delimited by end-of-file", complaints))


def read_session(
    lines: Sequence[Line], complete: Callable[[str], bool] = is_complete
) -> tuple[Command, ...]:
    """Split the lines of a console block into commands and their outputs.

    Raises SessionError where a line comes before any prompt, where a prompt has no command,
    and where a command is still open at the end of the block.
    """
    commands: list[Command] = []
    rest = list(lines)
    while rest:
        prompt = PROMPT.fullmatch(rest[0].text)
        if prompt is None:
            raise SessionError(
                rest[0],
                f"this line of a console block has no prompt that we know: {rest[0].text!r}",
                f"{KNOWN} Lines under a command are its output.{about_root(rest[0].text)}",
            )
        environment = prompt["environment"] or ""
        commands.append(take_command(rest, prompt["command"] or "", environment, complete))
    return tuple(commands)


def take_command(
    rest: list[Line], text: str, environment: str, complete: Callable[[str], bool]
) -> Command:
    """Take one command with its continuation lines and its output off the lines."""
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
            f"this command is not finished: bash waits for more after {text!r}",
            "Close the quote, the loop or the here-document, or remove the last backslash.",
        )
    text, taken = whole
    del rest[:taken]
    output = []
    while rest and not has_prompt(rest[0].text):
        output.append(rest.pop(0))
    while output and not output[-1].text.strip():
        output.pop()
    return Command(text, first.place, tuple(output), environment)


def further(
    text: str, lines: Sequence[Line], complete: Callable[[str], bool], prompt: re.Pattern[str]
) -> tuple[str, int] | None:
    """Add lines to a command until it is complete, and count them.

    None where the lines run out before that, or one of them lacks the prompt.
    """
    taken = 0
    while not complete(text):
        found = prompt.match(lines[taken].text) if taken < len(lines) else None
        if found is None:
            return None
        text += "\n" + lines[taken].text[found.end() :]
        taken += 1
    return text, taken
