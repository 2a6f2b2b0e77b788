"""Dialects: what the authors of some pages mean by their blocks.

Pages that weren't written for runthrough don't say what each block asks. A project declares it once
for all pages that match a pattern. Reading turns every dialect into the same steps.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from typing import Any, Literal, get_args, get_type_hints

from runthrough.model.prompts import KNOWN, PROMPT, prompt_of
from runthrough.model.steps import Leniency, Line

SHELL_LANGUAGES = ("bash", "sh", "shell", "zsh", "ksh")
"""Languages of blocks with commands that a POSIX shell runs."""
FileNaming = Literal["caption", "first line", "sentence", "command", "literalinclude", "cat"]


class DialectError(ValueError):
    """An invalid dialect: the message names the field, its value, and the values it may have."""


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How the blocks of some pages are read.

    The fields are independent, so you can combine any of them. The defaults are strict: nothing is
    assumed that the page doesn't say. `dataclasses.replace` makes a variant of another dialect.

    Raises DialectError for a value that a field can't have.
    """

    sessions: tuple[str, ...] = ("console", "shell-session")
    """Languages of blocks that show a prompt before each command and its output below it.
    ``"prompt"`` stands for the directive of that name in any language, ``"pycon"`` for Python's
    prompt, and ``"ipython"`` for IPython's."""
    scripts: tuple[str, ...] = ()
    """Languages of blocks without prompts, whose lines are all typed. Only the status of such a
    script is checked."""
    prompts: tuple[str, ...] = (r"\$",)
    """Regular expressions for the prompts in a session, without the blank that follows. The name of
    an environment may always come first, as in ``(.venv) $``."""
    comments: bool = False
    """Whether a line between the commands of a session is a comment if it begins with ``#``. Then a
    prompt without a command asks nothing of the reader, either."""
    outputs: tuple[str, ...] = ()
    """Languages of blocks that show the output of the command right before them, if that command is
    in the same section and shows no output itself."""
    unshown: Literal["error", "ignore"] = "error"
    """What to do if a command prints something and the page shows no output: report it, or ignore
    it."""
    ignored: tuple[str, ...] = ()
    """Regular expressions for lines that the page may leave out of an output."""
    dots: Literal["lines", "anything"] = "lines"
    """What ``...`` stands for in an output. ``lines``: on a line of its own, for any number of
    lines. ``anything``: also within a line or at its end, for any text."""
    blanks: Literal["exact", "folded"] = "exact"
    """Whether outputs match if they differ only in blanks and line breaks. A bar before a cell that
    continues on the next line counts as a blank, too."""
    order: Literal["fixed", "free"] = "fixed"
    """Whether the lines of an output have to come in the order shown on the page."""
    statuses: Literal["zero", "shown"] = "zero"
    """Whether every command must end with status 0, or may also end with another one if the page
    shows its output."""
    files: tuple[FileNaming, ...] = ("caption",)
    """How a page says which file a listing shows."""
    listings: Literal["show", "create", "replace", "append"] = "show"
    """What to do if a file isn't as a listing shows it. ``show``: report it. ``create``: make a
    missing file and its folders. ``replace`` and ``append`` also change a file that exists."""
    tabs: tuple[str, ...] = ()
    """Patterns for the names of files with tab-separated columns, such as ``"*.tsv"``. A built page
    shows their tabs as blanks, so a reader who makes such a file types a tab between columns."""
    paths: Literal["reader", "start"] = "reader"
    """The folder that the paths of files start from. ``reader``: the reader's current folder.
    ``start``: the folder in which the run starts, even after ``cd``."""
    unclassified: Literal["error", "count"] | None = None
    """What to do with a block whose purpose isn't clear; None leaves it to
    ``runthrough_unclassified``."""

    def __post_init__(self) -> None:
        for name, hint in types().items():
            check(name, getattr(self, name), hint)
        for name in ("prompts", "ignored"):
            for pattern in getattr(self, name):
                check_expression(name, pattern)
        if self.comments and any(re.fullmatch(pattern, "#") for pattern in self.prompts):
            raise DialectError(
                "prompts has '#', and comments is True; a line with '#' can't be both. Remove one."
            )
        if both := set(self.sessions) & set(self.outputs):
            raise DialectError(
                f"sessions and outputs both have {min(both)!r}; a block can't be both. Remove one."
            )

    @cached_property
    def prompt(self) -> re.Pattern[str]:
        """Matches a line that is typed, with groups `environment` and `command`."""
        return PROMPT if self.prompts == (r"\$",) else prompt_of(self.prompts)

    @cached_property
    def prompt_in_text(self) -> re.Pattern[str]:
        """Matches a line of a paragraph that looks like a command. Prompts such as `#` are left
        out, because prose may begin with one."""
        clear = [one for one in self.prompts if not any(re.fullmatch(one, sign) for sign in "#%>")]
        return self.prompt if clear == [*self.prompts] else prompt_of(clear)

    @property
    def known_prompts(self) -> str:
        """Advice for an author whose prompt isn't known."""
        if self.prompts == (r"\$",):
            return KNOWN
        return (
            "Begin each command with a prompt that this page's dialect has, and a space: "
            f"{listed(self.prompts)}."
        )

    @property
    def leniency(self) -> Leniency:
        """How an output may differ from the page."""
        return Leniency(
            unshown=self.unshown == "ignore",
            ignored=self.ignored,
            dots=self.dots == "anything",
            blanks=self.blanks == "folded",
            order=self.order == "free",
            status=self.statuses == "shown",
        )

    def with_tabs(self, path: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """Return the lines of a file, with tabs between its columns if its name asks for them."""
        if not self.has_tabs(path):
            return lines
        return tuple(Line("\t".join(line.text.split()), line.place) for line in lines)

    def has_tabs(self, path: str) -> bool:
        """Return whether the columns of a file are separated by tabs."""
        return any(fnmatchcase(path.rpartition("/")[2], pattern) for pattern in self.tabs)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Dialect:
        """Make a dialect from the values in a settings file.

        `like` names the ready-made dialect that the other fields come from. Raises DialectError.
        """
        given = dict(values)
        like = given.pop("like", "strict")
        if not isinstance(like, str) or like not in DIALECTS:
            raise DialectError(f"like is {like!r}; expected {listed(DIALECTS)}")
        known = {field.name for field in fields(cls)}
        if unknown := sorted(given.keys() - known, key=repr):
            raise DialectError(
                f"a dialect has no field {unknown[0]!r}; its fields are {listed(sorted(known))}"
            )
        lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        return dataclasses.replace(DIALECTS[like], **{**given, **lists})


@lru_cache(maxsize=1)
def types() -> Mapping[str, Any]:
    """Return the type of each field; cached, because every page has a dialect made for it."""
    return get_type_hints(Dialect)


def check(name: str, value: object, hint: Any) -> None:
    """Raise DialectError if a field has a value that its type doesn't allow."""
    if hint is bool:
        if not isinstance(value, bool):
            raise DialectError(f"{name} is {value!r}; expected True or False")
        return
    words = [word for part in (hint, *get_args(hint)) for word in get_args(part)]
    words = [word for word in words if word is not Ellipsis and not isinstance(word, type)]
    words = [word for word in words if isinstance(word, str)]
    if hint == str | None or get_args(hint)[-1:] == (Ellipsis,):
        is_list = isinstance(value, tuple) and all(isinstance(one, str) for one in value)
        if not is_list or (words and not set(value) <= set(words)):  # type: ignore[call-overload]
            raise DialectError(
                f"{name} is {value!r}; expected a tuple of {listed(words) if words else 'strings'}"
            )
    elif value not in words and not (value is None and type(None) in get_args(hint)):
        raise DialectError(f"{name} is {value!r}; expected {listed(words)}")


def check_expression(name: str, pattern: str) -> None:
    """Raise DialectError if a pattern isn't a regular expression, or has groups of its own."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise DialectError(
            f"{name} has {pattern!r}; expected a regular expression ({error})"
        ) from error
    if compiled.groups or compiled.fullmatch(""):
        raise DialectError(
            f"{name} has {pattern!r}; expected a regular expression that doesn't match an empty "
            "string and whose groups all have the form (?:...)"
        )


def listed(words: Any) -> str:
    """List the values that a field may have."""
    return ", ".join(map(repr, words))


STRICT = Dialect()
"""A page says what each block asks, and shows everything that a command prints."""
COMMON = Dialect(
    sessions=("console", "shell-session", "prompt"),
    scripts=SHELL_LANGUAGES,
    prompts=(r"\$", r"[\w.-]+@[\w.-]+:\S*\$"),
    comments=True,
    unshown="ignore",
    dots="anything",
    statuses="shown",
    files=("caption", "first line"),
    listings="create",
    unclassified="count",
)
"""What most projects mean: shell blocks may lack prompts, a command without an output only shows
what to type, and a listing with a path is a file to make."""
TERMINAL = dataclasses.replace(
    COMMON, scripts=(), outputs=("", "text", "none", "output"), blanks="folded"
)
"""What sites that show terminals mean: only lines with a prompt are typed, and a block of plain
text right below is their output."""
DIALECTS: dict[str, Dialect] = {"strict": STRICT, "common": COMMON, "terminal": TERMINAL}
"""The ready-made dialects, by their names in conf.py."""
