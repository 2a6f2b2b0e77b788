"""Read a `prompt` directive: its arguments are the prompts, which aren't part of its lines.

With the modifier `auto`, a line either begins with one of these prompts or is output. Otherwise, a
style sheet draws the prompt before each line, and every line is typed.
"""

from __future__ import annotations

import dataclasses
import re

from runthrough.model.dialects import SHELL_LANGUAGES
from runthrough.model.prompts import NAME
from runthrough.model.steps import Line
from runthrough.reading.classify import Block

DRAWN = {"bash": "$", "batch": "C:\\>", "powershell": "PS C:\\>"}
"""What the directive draws for a language if it's given no prompt."""
ENVIRONMENT = re.compile(rf"\(({NAME})\)\s?")
SHELL_PROMPT = re.compile(r"[$#%\u276f]|(?<!>)>")
"""What the prompt of a shell ends with."""
PYTHON_PROMPT = ">>>"


def prompted(block: Block, language: str = "text", prompts: str = "", modifiers: str = "") -> Block:
    """Return the block that a `prompt` directive with these arguments makes of its lines.

    It has the language of the directive where that's none of a shell that we type into.
    """
    is_marked = "auto" in modifiers.split(",")
    drawn = prompts or DRAWN.get(language, "")
    shown = [one.strip() for one in (drawn.split(",") if is_marked else [drawn]) if one.strip()]
    if PYTHON_PROMPT in shown and not set(shown) - {PYTHON_PROMPT, "..."}:
        lines = block.lines if is_marked else with_prompts(block.lines)
        return dataclasses.replace(block, language="pycon", lines=lines)
    shells = [one for one in shown if SHELL_PROMPT.search(one[-1:]) and one != PYTHON_PROMPT]
    if not shells or (language not in SHELL_LANGUAGES and language not in ("text", "console")):
        return dataclasses.replace(block, language=language)
    names = [named[1] for one in shells if (named := ENVIRONMENT.match(one))]
    patterns = tuple(f"(?:{re.escape(ENVIRONMENT.sub('', one, count=1))})" for one in shells)
    dialect = dataclasses.replace(
        block.dialect,
        sessions=("prompt",),
        scripts=() if is_marked else ("prompt",),
        prompts=patterns,
        comments=block.dialect.comments and "(?:\\#)" not in patterns,
    )
    options = dict(block.options)
    if not is_marked:
        options["environment"] = names[0] if names else ""
    return dataclasses.replace(block, dialect=dialect, options=options)


def with_prompts(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Write Python's prompts before lines: an indented one goes on with the statement before it."""
    return tuple(
        Line(f"{'...' if line.text[:1] in ('', ' ') else PYTHON_PROMPT} {line.text}", line.place)
        for line in lines
    )
