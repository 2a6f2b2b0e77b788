"""Turn each block of a resolved page into the step that it asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from runthrough.places import Place
from runthrough.reading import answers
from runthrough.reading.hunks import PatchError, read_hunks
from runthrough.reading.outputs import Output
from runthrough.reading.session import SessionError, has_prompt, read_session
from runthrough.steps import (
    Console,
    Excerpt,
    Line,
    Listing,
    Mistake,
    Patch,
    Step,
    Unchecked,
    Waiver,
)

CONSOLE = {"console", "shell-session"}
DIFFS = {"diff", "udiff"}
PLAIN = {"", "default", "none", "text", "guess", "bash", "sh", "shell", "zsh", "ksh"}
"""Languages of blocks that may be sessions whose author has not said so."""
CONSOLE_ONLY = ("status", "input", "timeout")
FILE_ONLY = ("create", "replace", "append")
ALONE = {"waive": "nobody performs the block", "output": "the block is what a command prints"}
"""Options beside which no other makes sense, and why."""


@dataclass(frozen=True)
class Block:
    """A literal block that the reader sees."""

    language: str
    lines: tuple[Line, ...]
    place: Place
    """Of its first content line."""
    options: Mapping[str, Any]
    head_place: Place
    """Of the line that makes it a block, and names its language."""
    caption_place: Place

    @property
    def is_session(self) -> bool:
        if self.options.keys() & {"output", "quotes"}:
            return False
        if self.language in CONSOLE:
            return True
        if self.options.keys() & set(FILE_ONLY):
            return False
        return self.language in PLAIN and bool(self.lines) and has_prompt(self.lines[0].text)


class Unfit(Exception):
    """The options of a block do not fit it, or each other."""


def step_of(block: Block, unclassified: str) -> Step | Output:
    """Tell what a block asks of the reader; a Mistake where nobody could tell."""
    try:
        check_options(block)
        return classify(block, unclassified)
    except SessionError as error:
        return Mistake(error.line.place, error.what, error.advice)
    except PatchError as error:
        return Mistake(error.place, error.what, error.advice)
    except Unfit as error:
        return Mistake(block.head_place, error.args[0], error.args[1])


def classify(block: Block, unclassified: str) -> Step | Output:
    """Tell what a block asks of the reader."""
    options = block.options
    first_line = block.lines[0].text if block.lines else ""
    if "waive" in options:
        return Waiver(block.place, " ".join(options["waive"].split()), first_line)
    if not block.lines:
        raise Unfit("this block is empty", "Write what it shows, or remove it.")
    if block.is_session:
        return console(block)
    if "output" in options:
        return Output(block.head_place, block.lines)
    if options.get("quotes"):
        return Excerpt(block.place, block.lines)
    if "caption" in options:
        path = options["caption"]
        if block.language in DIFFS:
            return Patch(block.place, path, block.caption_place, read_hunks(block.lines))
        way = next((name for name in FILE_ONLY if options.get(name)), "show")
        return Listing(block.place, path, block.caption_place, block.lines, way)  # type: ignore[arg-type]
    if unclassified == "count":
        return Unchecked(block.place, first_line)
    known = get_close_matches(block.language, [*CONSOLE, "diff"], n=1)
    raise Unfit(
        f"nobody can tell what this {block.language or 'unnamed'!r} block asks of the reader",
        (f"Did you mean {known[0]!r}? " if known else "")
        + "If it is typed, make it a 'console' block with '$ ' before each command. If it is a "
        "file, give it ':caption: path', and ':create:' where the reader makes it. If it is "
        "something printed before, add ':quotes:'. Otherwise add ':waive: reason'.",
    )


def console(block: Block) -> Console:
    """Read a console block and its options."""
    commands = read_session(block.lines)
    options = block.options
    for name in ("status", "input"):
        if name in options and len(commands) > 1:
            raise Unfit(
                f":{name}: stands on a block of {len(commands)} commands, and fits one alone",
                "Put the command that it belongs to into a block of its own.",
            )
    typed = answers.to_type(options["input"]) if "input" in options else ()
    return Console(block.place, commands, options.get("status", 0), typed, options.get("timeout"))


def check_options(block: Block) -> None:
    """Find options that contradict each other, or the kind of block they stand on."""
    given = [
        name for name in (*CONSOLE_ONLY, *FILE_ONLY, "quotes", *ALONE) if name in block.options
    ]
    ways = [name for name in given if name in FILE_ONLY]
    for name in given:
        if name in ALONE and len(given) > 1:
            other = next(one for one in given if one != name)
            raise Unfit(f":{name}: stands beside :{other}:, and {ALONE[name]}", "Drop one.")
    if len(ways) > 1:
        raise Unfit(f":{ways[0]}: and :{ways[1]}: exclude each other", "Keep the one you mean.")
    if ways and "quotes" in given:
        raise Unfit(f":quotes: and :{ways[0]}: exclude each other", "Keep the one you mean.")
    if ways and block.language in DIFFS:
        raise Unfit(f":{ways[0]}: does not fit a diff, which changes a file", "Remove the option.")
    if ways and "caption" not in block.options:
        raise Unfit(f":{ways[0]}: names no file", "Say which: add ':caption: path'.")
    wrong = FILE_ONLY if block.is_session else CONSOLE_ONLY
    for name in given:
        if name in wrong:
            kind = "a console block" if block.is_session else f"a {block.language!r} block"
            raise Unfit(f":{name}: does not fit {kind}", "Remove the option.")


def looks_like_session(paragraph: str) -> bool:
    """Tell whether a paragraph is a console block that lost its indentation or its marker."""
    return re.match(r"(?:\([^()\s]+\) )?\$ \S", paragraph) is not None
