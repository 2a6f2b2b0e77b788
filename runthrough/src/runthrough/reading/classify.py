"""Turn each block of a resolved page into the step that it asks for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any, assert_never

from runthrough.matching.hunks import PatchError, read_hunks
from runthrough.model.dialects import STRICT, Dialect, FileNaming
from runthrough.model.places import Place
from runthrough.model.prompts import has_prompt, looks_like_session
from runthrough.model.report import counted
from runthrough.model.steps import (
    Command,
    Console,
    Excerpt,
    Interrupt,
    Line,
    Listing,
    PageProblem,
    Patch,
    Request,
    Skip,
    Step,
    Unchecked,
    why_not_local,
)
from runthrough.model.suggestions import Suggestion
from runthrough.reading.captions import path_of
from runthrough.reading.joining import Output
from runthrough.reading.options import DIFFS, OPTIONS, Kind, decided, file_action, given_in
from runthrough.reading.session import SessionError, is_comment, read_script, read_session
from runthrough.reading.statements import (
    IPYTHON,
    doctest_flags,
    read_statements,
    with_statements,
)

FOREIGN = {
    **dict.fromkeys(
        ("doscon", "bat", "batch", "dosbatch", "winbatch"), "the Windows command prompt"
    ),
    **dict.fromkeys(
        ("powershell", "pwsh", "posh", "ps1", "psm1", "ps1con", "pwsh-session"), "PowerShell"
    ),
    **dict.fromkeys(("fish", "fishshell"), "fish"),
    **dict.fromkeys(("csh", "tcsh", "tcshcon"), "the C shell"),
}
"""Languages of blocks with commands of shells that aren't bash, and what these are called."""
PYTHON_SESSIONS = {"pycon", "pycon3", "python-console", "doctest"}
"""Languages of blocks with what is typed at Python's prompt."""
NUMBERED = r"^Out\[\d+\]:"
"""What IPython writes before a result: its number depends on what was typed before."""
PLAIN = {"", "default", "none", "text", "guess", "bash", "sh", "shell", "zsh", "ksh"}
"""Languages of blocks that may be sessions whose author has not said so."""


@dataclass(frozen=True)
class FileName:
    """The path of the file that a block shows, and which convention it comes from."""

    path: str
    place: Place
    by: FileNaming


STRENGTH: tuple[tuple[FileNaming, ...], ...] = (
    ("caption", "first line"),
    ("sentence",),
    ("literalinclude",),
    ("command",),
)
"""Conventions that name a file, the clearest first: a clear one overrides the weaker ones."""


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
    tabs: frozenset[Place] = frozenset()
    """Of lines with a tab in the source that the built page shows as blanks."""
    gaps: tuple[int, ...] = ()
    """Positions of lines before which an option such as `:lines:` leaves lines out."""
    dialect: Dialect = STRICT
    """What blocks of this page mean."""
    names: tuple[FileName, ...] = ()
    """What the conventions of its page say about its file, apart from its caption."""
    whole: tuple[Line, ...] = ()
    """The project's file of which it shows a part, or all."""

    @property
    def kind(self) -> Kind:
        """What the block is: as its options say, or else its language, prompt and caption."""
        if (kind := decided(self.options)) is not None:
            return kind
        if self.is_script:
            return "script"
        if self.language in self.dialect.sessions or self.is_python:
            return "session"
        if self.language in DIFFS:
            return "diff"
        if not self.is_asked_for_file and self.language in PLAIN and self.begins_with_prompt:
            return "session"
        return "other" if self.file is None else "listing"

    @property
    def named(self) -> tuple[FileName, ...]:
        """What the clearest of its page's conventions says of its file."""
        names = list(self.names)
        path = path_of(self.options)
        if path is not None and ("caption" in self.dialect.files or self.is_asked_for_file):
            names.insert(0, FileName(path, self.caption_place, "caption"))
        for conventions in STRENGTH:
            if named := tuple(name for name in names if name.by in conventions):
                return named
        return ()

    @property
    def file(self) -> FileName | None:
        """The file that it shows or changes; the fullest of several names."""
        return max(self.named, key=lambda name: name.path.count("/"), default=None)

    @property
    def is_script(self) -> bool:
        """Whether its lines are typed although none has a prompt."""
        return (
            self.language in self.dialect.scripts
            and self.file is None
            and not self.is_python
            and not any(has_prompt(line.text, self.dialect.prompt) for line in self.lines)
        )

    @property
    def begins_with_prompt(self) -> bool:
        """Whether its first line that isn't blank or a comment is a command."""
        passed = is_comment if self.dialect.comments else is_blank
        first = next((line.text for line in self.lines if not passed(line)), "")
        return looks_like_session(first, self.dialect.prompt)

    @property
    def commands_shown(self) -> int:
        """How many of its lines have a prompt, where the first one has."""
        prompt = self.dialect.prompt
        prompts = sum(has_prompt(line.text, prompt) for line in self.lines)
        return prompts if self.begins_with_prompt else 0

    @property
    def is_python(self) -> bool:
        """Whether its lines are typed at Python's prompt, and the dialect has that for sessions."""
        if self.is_asked_for_file:
            return False
        begins = next((line.text for line in self.lines if not is_blank(line)), "")
        if "ipython" in self.dialect.sessions and IPYTHON.match(begins):
            return True
        is_pythons = self.language in PYTHON_SESSIONS or begins.startswith(">>> ")
        return is_pythons and "pycon" in self.dialect.sessions

    @property
    def is_asked_for_file(self) -> bool:
        """Whether an option says what the reader does with a file."""
        return file_action(self.options) != "show"


class Unfit(Exception):
    """The options of a block don't fit it, or each other."""

    def __init__(self, what: str, advice: str, *suggestions: Suggestion) -> None:
        super().__init__(what)
        self.what, self.advice, self.suggestions = what, advice, suggestions


class Untyped(Exception):
    """A line isn't shown as its author wrote it."""

    suggestions: tuple[Suggestion, ...] = ()

    def __init__(self, place: Place, what: str, advice: str) -> None:
        super().__init__(what)
        self.place, self.what, self.advice = place, what, advice


def step_of(block: Block) -> Step | Output:
    """Return what a block asks of the reader; a PageProblem where that's not clear."""
    try:
        check_options(block)
        return classify(block)
    except SessionError as error:
        return problem(error.line.place, error)
    except (PatchError, Untyped) as error:
        return problem(error.place, error)
    except Unfit as error:
        return problem(block.head_place, error)


def problem(place: Place, error: SessionError | PatchError | Untyped | Unfit) -> PageProblem:
    """Return the step of a block that can't be read."""
    return PageProblem(place, error.what, error.advice, suggestions=error.suggestions)


def classify(block: Block) -> Step | Output:
    """Read a block whose options fit it as the step that it asks for."""
    options, kind = block.options, block.kind
    first_line = block.lines[0].text if block.lines else ""
    if kind == "skipped":
        return Skip(block.place, options["skip"], first_line, untyped=block.commands_shown)
    if not block.lines:
        raise Unfit("this block is empty", "Write what it shows, or remove it.")
    check_names(block)
    is_counted = block.dialect.unclassified == "count" and not block.is_asked_for_file
    match kind:
        case "session" if block.is_python:
            return python_session(block)
        case "session":
            if is_counted and is_unprompted(block):
                return Unchecked(block.place, first_line)
            commands = read_commands(block)
            return console(block, commands) if commands else Unchecked(block.place, first_line)
        case "script":
            return script(block)
        case "output":
            return Output(block.head_place, block.lines, terminal=options.get("terminal", ""))
        case "interrupt":
            given = options.get("terminal", ""), options.get("timeout")
            return Interrupt(block.place, block.lines, *given)
        case "answer":
            return request(block)
        case "excerpt":
            return Excerpt(block.place, block.lines)
        case "diff" if block.file is not None:
            return patch(block, block.file)
        case "listing" if block.file is not None:
            asked: Step = listing(block, block.file)
            is_clear = block.file.by in STRENGTH[0]
            if block.language in block.dialect.outputs and not is_clear:
                return Output(block.head_place, block.lines, asked)
            return asked
        case "diff" | "listing" | "other":
            if (shell := FOREIGN.get(block.language)) is not None:
                return Skip(block.place, f"it's for {shell}, but pages are run in bash", first_line)
            if is_counted:
                asked = Unchecked(block.place, first_line)
            else:
                asked = problem(block.head_place, not_told(block))
            if block.language in block.dialect.outputs:
                return Output(block.head_place, block.lines, asked)
            return asked
        case _:
            assert_never(kind)


def not_told(block: Block) -> Unfit:
    """Return the error for a block whose purpose isn't clear, and how to make it clear."""
    known = get_close_matches(block.language, [*block.dialect.sessions, "diff"], n=1)
    return Unfit(
        f"can't tell what this {block.language or 'unnamed'!r} block asks of the reader",
        (f"Did you mean {known[0]!r}? " if known else "")
        + "If the reader types it, make it a 'console' block with '$ ' before each command. If "
        "it's a file, add ':caption: path', and ':create:' if the reader creates it. If it "
        "quotes something printed before, add ':quotes:'. Otherwise, add ':skip: reason', or "
        "put it in a 'skip' directive." + about_caption(block.options),
        Suggestion("language", "bash"),
        Suggestion("caption"),
        Suggestion("create"),
        Suggestion("quotes"),
        Suggestion("skip"),
    )


def about_caption(options: Mapping[str, Any]) -> str:
    """Return why a caption isn't read as a path, if there's one."""
    if not options.get("caption"):
        return ""
    return (
        f" The caption {options['caption']!r} isn't read as a file's path, because it has spaces "
        "or markup."
    )


def check_names(block: Block) -> None:
    """Raise Unfit if the conventions of a page name different files for one block."""
    if block.kind not in ("listing", "diff") or block.file is None:
        return
    parts = PurePosixPath(block.file.path).parts
    for name in block.named:
        own = PurePosixPath(name.path).parts
        if parts[len(parts) - len(own) :] != own:
            first, second = (f"{one.path!r} ({NAMED_BY[one.by]})" for one in (block.named[0], name))
            raise Unfit(
                f"this block could show either of two files: {first} or {second}",
                "Add ':caption: path', or remove that convention from the 'files' of this page's "
                "dialect.",
                Suggestion("caption"),
            )


NAMED_BY: dict[FileNaming, str] = {
    "caption": "its caption",
    "first line": "its first line",
    "sentence": "the sentence before it",
    "literalinclude": "the file that it includes",
    "command": "the command after it",
    "cat": "the command that shows it",
}
"""What each convention takes the name of a file from."""


def patch(block: Block, file: FileName) -> Patch:
    """Read a diff."""
    hunks = read_hunks(block.lines)
    refuse_tabs(block, [one for hunk in hunks for one in hunk if one.text.startswith("+")])
    from_start = block.dialect.paths == "start"
    return Patch(block.place, file.path, file.place, hunks, from_start=from_start)


def listing(block: Block, file: FileName) -> Listing:
    """Read the listing of a file."""
    at_end = "at-end" in block.options
    action = file_action(block.options)
    # By the end of the page, the reader has made the file.
    otherwise = "show" if at_end else block.dialect.listings
    is_labelled = any(name.by == "first line" for name in block.named)
    lines = block.lines[1:] if is_labelled else block.lines
    if (action != "show" or otherwise != "show") and not block.dialect.has_tabs(file.path):
        refuse_tabs(block, lines)
    lines = block.dialect.with_tabs(file.path, lines)
    gaps = tuple(gap - is_labelled for gap in block.gaps if gap > is_labelled)
    is_part = [line.text for line in block.whole] != [line.text for line in lines]
    return Listing(
        block.place,
        file.path,
        file.place,
        lines,
        action,
        gaps if action == "show" else (),
        otherwise,
        block.whole if is_part and action == "show" else (),
        block.dialect.paths == "start",
        at_end=at_end,
    )


def request(block: Block) -> Request:
    """Read the answer of a server."""
    url = block.options["get"]
    if (why := why_not_local(url)) is not None:
        raise Unfit(
            f":get: can't open {url!r}, because {why}",
            "A run only opens URLs of servers on the reader's own machine, so that it depends on "
            "no other server: write 'http://' and localhost, 127.0.0.1 or [::1]. Otherwise, use "
            "':skip: reason' instead.",
            Suggestion("skip"),
        )
    statuses = block.options.get("status", ())
    if len(statuses) > 1:
        raise Unfit(f":status: has {len(statuses)} numbers", "An answer has only one status.")
    return Request(block.place, url, block.lines, *statuses)


def is_unprompted(block: Block) -> bool:
    """Return whether no line of a console block has a prompt, and no option speaks of commands."""
    asked = any("session" in OPTIONS[name].kinds for name in given_in(block.options))
    prompt = block.dialect.prompt
    return not asked and not any(has_prompt(line.text, prompt) for line in block.lines)


def refuse_tabs(block: Block, lines: Iterable[Line]) -> None:
    """Refuse lines that a reader would copy with spaces where the author wrote a tab.

    Raises Untyped at the first of them.
    """
    for line in lines:
        if line.place in block.tabs:
            raise Untyped(
                line.place,
                "this line has a tab, which the built page shows as spaces, so a reader who "
                "copies it gets spaces",
                "Put the text in a file of its own and show it with literalinclude, which keeps "
                "tabs (without ':tab-width:'), or write it without tabs. A command can print a "
                "tab: printf 'a\\tb\\n'.",
            )


def is_blank(line: Line) -> bool:
    """Return whether a line has nothing to read."""
    return not line.text.strip()


def read_commands(block: Block) -> tuple[Command, ...]:
    """Read the commands of a session, with the outputs that are shown below them."""
    start = next((i for i, line in enumerate(block.lines) if not is_blank(line)), 0)
    dialect = block.dialect
    commands = read_session(
        block.lines[start:],
        prompt=dialect.prompt,
        comments=dialect.comments,
        known=dialect.known_prompts,
    )
    opens_python = {"pycon", "ipython"} & {*dialect.sessions}
    return with_statements(commands) if opens_python else commands


def python_session(block: Block) -> Step:
    """Read a block of what is typed at Python's prompt.

    Raises Unfit for an option that only means something to a shell.
    """
    for name in ("status", "input", "terminal", "until"):
        if name in block.options:
            raise Unfit(
                f":{name}: is for shell commands, but this block is typed at Python's prompt",
                "Remove the option. If a reader is meant to see an error, show it.",
            )
    statements = read_statements(block.lines)
    if not statements:
        return Skip(block.place, "doctest leaves it out: +SKIP", block.lines[0].text)
    flags = {flag for line in block.lines for flag in doctest_flags(line)}
    read = console(block, statements)
    leniency = dataclasses.replace(
        read.leniency,
        dots=read.leniency.dots or "ELLIPSIS" in flags,
        blanks=read.leniency.blanks or "NORMALIZE_WHITESPACE" in flags,
    )
    return dataclasses.replace(read, leniency=leniency)


def script(block: Block) -> Step:
    """Read a block without prompts; one that has only comments is counted."""
    commands = read_script(block.lines)
    if not commands:
        return Unchecked(block.place, block.lines[0].text)
    environment = block.options.get("environment")
    commands = tuple(dataclasses.replace(one, environment=environment) for one in commands)
    read = console(block, commands)
    return dataclasses.replace(read, leniency=dataclasses.replace(read.leniency, unshown=True))


def console(block: Block, commands: tuple[Command, ...]) -> Console:
    """Make the step of a block that's typed, with its options."""
    shown = len(commands)
    commands = without_untyped(commands, block.options.get("leave-out", ()))
    typed_at = {
        one.place.down(number) for one in commands for number in range(one.text.count("\n") + 1)
    }
    refuse_tabs(block, [line for line in block.lines if line.place in typed_at])
    options = block.options
    leniency = block.dialect.leniency
    if "unordered" in options:
        leniency = dataclasses.replace(leniency, order=True)
    varying = options.get("varying", ())
    if any(command.read_by == "ipython" for command in commands):
        varying = (*varying, NUMBERED)
    leniency = dataclasses.replace(leniency, varying=varying)
    return Console(
        block.place,
        with_statuses(commands, options.get("status", ())),
        options.get("input", ()),
        options.get("timeout"),
        leniency,
        options.get("terminal", ""),
        options.get("until", ""),
        shown - len(commands),
    )


def without_untyped(
    commands: tuple[Command, ...], untyped: tuple[tuple[str, str], ...]
) -> tuple[Command, ...]:
    """Return the commands of a block without those that contain one of these texts.

    Raises Unfit for a text that no command contains, and if no command is left.
    """
    for text, _ in untyped:
        if not any(text in command.text for command in commands):
            raise Unfit(
                f":leave-out: lists {text!r}, but no command of the block has that text",
                "Copy some text of the command as the block shows it.",
            )
    typed = tuple(
        command for command in commands if not any(text in command.text for text, _ in untyped)
    )
    if not typed:
        raise Unfit(
            ":leave-out: leaves out every command of the block",
            "Use ':skip: reason' instead.",
            Suggestion("leave-out", at="given"),
            Suggestion("skip"),
        )
    return typed


def with_statuses(commands: tuple[Command, ...], statuses: tuple[int, ...]) -> tuple[Command, ...]:
    """Return commands with the statuses of their block: one for each, or none at all.

    Raises Unfit if their number doesn't fit.
    """
    if not statuses:
        return commands
    if len(statuses) != len(commands):
        given = " ".join(map(str, statuses))
        raise Unfit(
            f":status: {given} has {counted(len(statuses), 'numbers')}, but the block has "
            f"{counted(len(commands), 'commands')}",
            "Give one status for each command, in order: 0 for a command that succeeds.",
        )
    pairs = zip(commands, statuses, strict=True)
    return tuple(dataclasses.replace(command, status=status) for command, status in pairs)


def check_options(block: Block) -> None:
    """Raise Unfit if options contradict each other, or don't fit the kind of their block."""
    given = given_in(block.options)
    for name in given:
        for other in given:
            if other not in (name, *OPTIONS[name].beside) and (why := OPTIONS[name].alone):
                raise Unfit(
                    f":{name}: can't be combined with :{other}:, because {why}", "Remove one."
                )
    for name in given:
        for other in given:
            if other != name and other in OPTIONS[name].excludes:
                raise Unfit(f":{name}: and :{other}: exclude each other", "Keep the one you mean.")
    kind = block.kind
    for name in given:
        if kind not in OPTIONS[name].kinds:
            raise (
                without_file(name, block)
                if is_listing_but_for_path(name, kind)
                else Unfit(
                    f":{name}: doesn't apply to {kind_in_words(block)}", "Remove the option."
                )
            )


def is_listing_but_for_path(name: str, kind: Kind) -> bool:
    """Return whether an option would fit its block if the block's caption were a path."""
    return kind == "other" and "listing" in OPTIONS[name].kinds


def without_file(name: str, block: Block) -> Unfit:
    """Return the error for an option about a file whose block doesn't name a file."""
    if "caption" not in block.options:
        return Unfit(
            f":{name}: needs a file, but the block has no caption",
            "Add ':caption: path'.",
            Suggestion("caption"),
        )
    return Unfit(
        f":{name}: needs a file, but the caption {block.options['caption']!r} isn't a path",
        "Use only the path as the caption, and put everything else above the block.",
    )


def kind_in_words(block: Block) -> str:
    """Describe a block as its author sees it."""
    match block.kind:
        case "session" | "script":
            return "a console block"
        case "diff":
            return "a diff, which changes a file"
        case "listing" | "excerpt" | "output" | "interrupt" | "answer" | "skipped" | "other":
            return f"a {block.language!r} block" if block.language else "a block without a language"
        case other:
            assert_never(other)
