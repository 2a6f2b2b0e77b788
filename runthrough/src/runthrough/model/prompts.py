"""Prompts: which lines of a block are typed. Any code that looks for one uses these patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable

NAME = r"[^()\s]+"
"""The name of an environment, as in `(.venv) $`."""
ENVIRONMENT = rf"(?:\({NAME}\) )?"
PROMPT_TEXT = rf"{ENVIRONMENT}\$ "
"""A regular expression for a prompt and the blank after it, which JavaScript understands too.

conf.py can pass it to sphinx-copybutton: `copybutton_prompt_text = runthrough.PROMPT_TEXT`.
"""
PROMPT = re.compile(rf"(?:\((?P<environment>{NAME})\) )?\$(?: (?P<command>.*))?")
"""A line that is typed. Without a command, the blank after the dollar may be missing."""
FURTHER = re.compile(r"> ?")
"""Bash's prompt for a further line of a command."""
ESCAPED = re.compile(rf"\s*{ENVIRONMENT}\\\$ ")
"""A dollar that its author has escaped to say that it isn't a prompt."""
IN_TEXT = re.compile(rf"(?:^|\s){PROMPT_TEXT}(?=[A-Za-z_./~])")
"""A prompt in the middle of a text, with what may be a command after it."""
AT_END = re.compile(rf"{PROMPT_TEXT}\Z")
ALMOST = re.compile(rf"(?:\({NAME}\)\s*|[\w.@:~/\[\]-]*\s?)[$#%>](?: ?\w|$)")
"""What an author may have meant as a prompt; it's read as output."""

COMMAND = re.compile(r"[\w./~\"'$({\[!:<>\\]")
"""What a command may begin with."""
PRICE = re.compile(
    r"[.,]?\d(?:[\d.,]|['\u2019](?=\d))*\s?(?:[kKmMbB]n?|million|billion)?(?:[.,;:!?)]*$|[.,;:!?)]*\s|[/%)\]\u2013\u2014-])"
)
"""A number that isn't a command: what a dollar with a blank after it means in prose."""
KNOWN = "Write '$ ' before each command, or '(name) $ ' in an environment, including the spaces."
"""Which prompts there are."""


def prompt_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Make the pattern of a line that is typed after one of these prompts.

    A no-break blank counts as a blank, and there may be none after the name of an environment.
    """
    prompt = "|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)"
    return re.compile(
        rf"(?:\((?P<environment>{NAME})\)[ \u00a0]?)?(?:{prompt})(?:[ \u00a0](?P<command>.*))?"
    )


def has_prompt(text: str, prompt: re.Pattern[str] = PROMPT) -> bool:
    """Return whether a line begins with a shell's prompt."""
    return prompt.fullmatch(text) is not None


def looks_like_session(text: str, prompt: re.Pattern[str] = PROMPT) -> bool:
    """Return whether a text looks as if it begins with a prompt and a command.

    A price isn't a command, and neither is what a lone dollar in a table means.
    """
    found = prompt.fullmatch(text.split("\n", 1)[0].rstrip())
    command = (found["command"] or "") if found else ""
    return COMMAND.match(command) is not None and PRICE.match(command) is None
