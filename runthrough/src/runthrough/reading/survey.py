"""Find out what the blocks of a site look like, to suggest which dialect its authors write.

Nothing is run. The look of a block never shows for certain what it means, so this only makes a
proposal, which a person reads and declares.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from docutils import nodes

from runthrough.model.dialects import SHELL_LANGUAGES, Dialect
from runthrough.model.places import Place
from runthrough.model.prompts import COMMAND, prompt_of
from runthrough.model.steps import Line
from runthrough.reading._compat import resolved
from runthrough.reading.blocks import found_in, reading_of
from runthrough.reading.classify import FOREIGN, Block, is_blank
from runthrough.reading.naming import with_commands
from runthrough.reading.options import DIFFS, decided
from runthrough.reading.pages import around_node, section_of
from runthrough.reading.session import SessionError, is_comment, read_script
from runthrough.reading.site import OpenSite

PROMPTS = {
    r"[\w.-]+@[\w.-]+:\S*[$#]": "user@host:~$",
    r"\$": "$",
    "\u276f": "\u276f",
    "%": "%",
    ">": ">",
    "#": "#",
}
"""Prompts that are looked for, as regular expressions, and how a person would write each."""
CONSOLE = ("console", "shell-session")
PLAIN = ("", "default", "none", "text", "output", "guess")
"""Languages of blocks that may be the output of a command."""
SERVER = re.compile(
    r"^(?!.* (?:install|add|--help)\b).*"
    r"\b(?:flask\b.*\brun|runserver|uvicorn|hypercorn|daphne|gunicorn|waitress-serve|http\.server"
    r"|sphinx-autobuild|(?:mkdocs|jekyll|hugo) serve|npm (?:start|run dev)|streamlit run"
    r"|jupyter (?:lab|notebook)|celery\b.*\bworker|rq worker)\b(?!\.\w)"
)
"""A command that keeps running until it's stopped, and not one that installs it or shows help, nor
a file of the project with the name of a server."""
SHELL = re.compile(r"\b(?:pipenv|poetry|hatch|devbox) shell\b|\bnix(?:-shell| shell| develop)\b")
"""A command that starts a shell of its own, which isn't the page's."""
ELSEWHERE = re.compile(
    r"^(?:sudo|docker|docker-compose|podman|kubectl|ssh|systemctl|service|brew|apt|apt-get|dnf|yum"
    r"|choco|scoop|winget|conda|heroku|xdg-open|open)\b"
    r"|\bgit@|\bgit push\b|\btwine upload\b|\bpublish\b"
)
"""A command that needs more than a run has: root, a container, an account, a browser."""
SYNTAX = re.compile(r"<[A-Za-z][\w-]*(?: [\w-]+)*>|\[[A-Z]{3,}\]|(?:^|\s)\[--?[A-Za-z][^]]*\]")
"""What a command has that only shows how it's written."""
CODE = re.compile(
    r"(?:async )?def \w+\(|class \w+(?:\(.*\))?:|import [\w.]+(?: as \w+)?$|from [\w.]+ import\b"
    r"|(?:with|for|while) .+:$"
)
"""A line of Python code in a block that names no language, which hardly any command prints."""
FILES: Dialect = Dialect(files=("caption", "first line", "sentence", "command", "literalinclude"))

AFTER_COMMAND = "code after a command"

Kind = Literal["session", "script", "file", "output", "diff", "foreign", "said", "other"]


@dataclass(frozen=True)
class Typed:
    """A command that a block shows."""

    text: str
    place: Place
    shows_output: bool

    @property
    def first_line(self) -> str:
        return self.text.split("\n", 1)[0]


@dataclass(frozen=True)
class Found:
    """What a block looks like."""

    page: str
    place: Place
    kind: Kind
    language: str
    by: str = ""
    """How its file is named, the prompt of a session, or where it comes."""
    path: str = ""
    commands: tuple[Typed, ...] = ()
    text: str = ""
    comments: bool = False
    """Whether a session has lines that look like comments, or prompts without a command."""
    dots: bool = False
    """Whether an output has dots within a line."""


@dataclass
class Survey:
    """What the blocks of a site look like."""

    pages: int = 0
    found: list[Found] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Found]:
        """Return the blocks of a kind."""
        return [block for block in self.found if block.kind == kind]

    def of_page(self, docname: str) -> list[Found]:
        """Return the blocks of a page."""
        return [block for block in self.found if block.page == docname]

    @property
    def commands(self) -> list[Typed]:
        """Every command of a session; scripts show no output anyway."""
        return [command for block in self.of("session") for command in block.commands]

    @property
    def programs(self) -> Iterator[str]:
        """The programs that the site runs."""
        return (program_of(command.text) for block in self.found for command in block.commands)

    def dialect(self) -> Dialect:
        """Return the dialect that would read all of this."""
        sessions, scripts, files = self.of("session"), self.of("script"), self.of("file")
        languages = dict.fromkeys(block.language for block in sessions)
        own = [one for one in languages if one not in (*CONSOLE, *PLAIN, *SHELL_LANGUAGES)]
        prompts = dict.fromkeys(block.by for block in sessions) or {r"\$": None}
        ordered = [pattern for pattern in PROMPTS if pattern in prompts]
        unshown = any(not command.shows_output for command in self.commands)
        changed = Counter((block.page, block.path) for block in files)
        return Dialect(
            sessions=(*CONSOLE, *own),
            scripts=tuple(dict.fromkeys(block.language for block in scripts)),
            prompts=tuple(ordered),
            comments="#" not in ordered and any(block.comments for block in sessions),
            outputs=tuple(dict.fromkeys(block.language for block in self.of("output"))),
            unshown="ignore" if unshown else "error",
            dots="anything" if any(block.dots for block in sessions) else "lines",
            statuses="shown",
            files=FILES.files if any(block.by != "caption" for block in files) else ("caption",),
            listings="replace" if any(number > 1 for number in changed.values()) else "create",
            unclassified="count",
        )


def survey(opened: OpenSite) -> Survey:
    """Look at every block of a site that Sphinx has read.

    The second look knows what the first has found: which blocks are scripts, whose commands may
    name the file before them, and which programs the site runs.
    """
    first = look_at_all(opened, FILES, frozenset())
    dialect = dataclasses.replace(FILES, scripts=first.dialect().scripts)
    return look_at_all(opened, dialect, frozenset(first.programs))


def look_at_all(opened: OpenSite, dialect: Dialect, programs: frozenset[str]) -> Survey:
    """Look at every block of a site, as a dialect reads it."""
    made = Survey(len(opened.docnames))
    settings = dataclasses.replace(opened.settings, dialects={"*": dialect})
    for docname in opened.docnames:
        doctree = resolved(opened.app, docname)
        file = opened.app.env.doc2path(docname)
        reading = reading_of(opened.app, docname, doctree, Path(file).absolute(), settings)
        found = with_commands(list(found_in(reading)))
        blocks = [(node, one) for node, one in found if isinstance(one, Block)]
        made.found += look(docname, blocks, programs)
    made.found = list(without_doubtful_outputs(made.found))
    return made


def without_doubtful_outputs(found: Sequence[Found]) -> Iterator[Found]:
    """Yield blocks; none is an output if most in its language that could be one are code."""
    code = Counter(block.language for block in found if block.by == AFTER_COMMAND)
    outputs = Counter(block.language for block in found if block.kind == "output")
    for block in found:
        is_doubtful = block.kind == "output" and code[block.language] > outputs[block.language]
        yield dataclasses.replace(block, kind="other") if is_doubtful else block


def look(
    docname: str, blocks: Sequence[tuple[nodes.Element, Block]], programs: frozenset[str]
) -> Iterator[Found]:
    """Yield what each block of a page looks like."""
    before: Found | None = None
    section: nodes.Node | None = None
    for node, block in blocks:
        # A command's output isn't in another section; see `in_their_sections`.
        above = before if section in (*around_node(node), None) else None
        kind, by = kind_of(block, above, programs)
        section = section_of(node)
        commands = tuple(typed(block, by)) if kind == "session" else ()
        if kind == "script":
            commands = tuple(scripted(block))
        path = block.file.path if kind == "file" and block.file else ""
        before = Found(
            *(docname, block.place, kind, block.language, by, path, commands),
            "\n".join(line.text for line in block.lines),
            comments=kind == "session" and any(is_remark(line.text, by) for line in block.lines),
            dots=any(re.search(r"\S.*\.\.\.|\.\.\..*\S", line.text) for line in block.lines),
        )
        yield before


def kind_of(block: Block, before: Found | None, programs: frozenset[str]) -> tuple[Kind, str]:
    """Return what a block looks like, and its prompt or how its file is named."""
    if decided(block.options) is not None or block.is_asked_for_file:
        return "said", ""
    if block.language in FOREIGN:
        return "foreign", ""
    if block.language in DIFFS:
        return "diff", ""
    is_shell = block.language in (*CONSOLE, *SHELL_LANGUAGES)
    if prompt := prompt_in(block, programs, certain=not is_shell):
        return "session", prompt
    if block.file is not None and not is_shell:
        return "file", block.file.by
    if is_shell:
        return ("file", block.file.by) if block.file else ("script", "")
    if block.language in PLAIN and before is not None and before.commands:
        last = before.commands[-1]
        if not last.shows_output and block.lines:
            is_code = any(CODE.match(line.text) for line in block.lines)
            return ("other", AFTER_COMMAND) if is_code else ("output", "")
    return "other", ""


def prompt_in(block: Block, programs: frozenset[str], *, certain: bool) -> str:
    """Return the prompt of a block's first command, as a regular expression; empty: none.

    In a block that isn't a shell's by its language, only a prompt that is nothing else counts, or a
    percent sign before one of the programs that the site runs elsewhere.
    """
    lines = [line for line in block.lines if not is_blank(line)]
    clear = {pattern for pattern in PROMPTS if pattern not in ("%", ">", "#")}
    if any(program_of(command) in programs for command in commands_after("%", lines)):
        clear.add("%")
    for line in lines:
        for pattern in PROMPTS:
            if certain and pattern not in clear:
                continue
            if not any(COMMAND.match(command) for command in commands_after(pattern, [line])):
                continue
            if pattern == "#" and (line is not lines[0] or block.language not in CONSOLE):
                continue
            return pattern
        if not is_comment(line):
            return ""
    return ""


def commands_after(prompt: str, lines: Sequence[Line]) -> Iterator[str]:
    """Yield what comes after a prompt, in each of the lines that begin with it."""
    pattern = prompt_of((prompt,))
    for line in lines:
        if (found := pattern.fullmatch(line.text)) is not None:
            yield found["command"] or ""


def program_of(command: str) -> str:
    """Return the first word of a command."""
    return next(iter(command.split()), "")


def is_remark(text: str, prompt: str) -> bool:
    """Return whether a line of a session is a comment, or a prompt without a command."""
    found = prompt_of((prompt,)).fullmatch(text)
    return text.startswith("#") or (found is not None and not (found["command"] or "").strip())


def typed(block: Block, prompt: str) -> Iterator[Typed]:
    """Yield the commands of a session."""
    pattern = prompt_of((prompt,))
    lines = [line for line in block.lines if not is_blank(line)]
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        command = pattern.fullmatch(line.text)
        if command is not None and (command["command"] or "").strip():
            shows = after is not None and not (pattern.fullmatch(after.text) or is_comment(after))
            yield Typed(command["command"] or "", line.place, shows)


def scripted(block: Block) -> Iterator[Typed]:
    """Yield the commands of a script; each of its lines, if bash can't read it as a whole."""
    try:
        for command in read_script(block.lines):
            yield Typed(command.text, command.place, False)
    except SessionError:
        lines = (line for line in block.lines if not is_comment(line))
        yield from (Typed(line.text.strip(), line.place, False) for line in lines)
