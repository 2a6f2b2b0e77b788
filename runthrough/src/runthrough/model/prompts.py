"""Prompts: which lines of a block are typed."""

from __future__ import annotations

import re

PROMPT = re.compile(r"(?:\((?P<environment>[^()\s]+)\) )?\$(?: (?P<command>.*))?")


COMMAND = re.compile(r"[\w./~\"'$({\[!:<>\\]")
"""What a command may begin with."""


PRICE = re.compile(
    r"[.,]?\d(?:[\d.,]|['\u2019](?=\d))*\s?(?:[kKmMbB]n?|million|billion)?(?:[.,;:!?)]*$|[.,;:!?)]*\s|[/%)\]\u2013\u2014-])"
)
"""A number that is no command: what a dollar with a blank after it means in prose."""


KNOWN = "Write '$ ' before each command, or '(name) $ ' in an environment, with the blanks."
"""Which prompts there are."""


def has_prompt(text: str) -> bool:
    """Return whether a line begins with a shell's prompt."""
    return PROMPT.fullmatch(text) is not None


def looks_like_session(text: str) -> bool:
    """Return whether a text begins with a prompt and a command, though nobody says that it does.

    A price is no command, and neither is what a lone dollar in a table means.
    """
    prompt = PROMPT.fullmatch(text.split("\n", 1)[0].rstrip())
    command = (prompt["command"] or "") if prompt else ""
    return COMMAND.match(command) is not None and PRICE.match(command) is None
