"""What the authors of some pages mean by their blocks.

Pages that weren't written for us don't say what each block asks. Their project declares it, once
for the pages of a pattern, and reading makes the same steps of every dialect.
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
    """A dialect that can't be: the message says which field, what it has and what it may have."""


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """What the blocks of some pages ask of their reader.

    Each field stands for itself, so any of them can be combined. The defaults are strict: what
    isn't said on the page isn't so. `dataclasses.replace` makes a variant of another dialect.

    Raises DialectError for a value that a field can't have.
    """

    sessions: tuple[str, ...] = ("console", "shell-session")
    """Languages of blocks with a prompt before each command and its output below. ``"prompt"``
    stands for the directive of that name, whatever its language is, ``"pycon"`` for blocks of
    Python's prompt, and ``"ipython"`` for those of IPython's."""
    scripts: tuple[str, ...] = ()
    """Languages of blocks without prompts, in which every line is typed. Of a script, only the
    status counts."""
    prompts: tuple[str, ...] = (r"\$",)
    """Regular expressions of the prompts in a session, without the blank after them. The name of an
    environment, as in ``(.venv) $``, may always be before one."""
    comments: bool = False
    """Whether lines that begin with ``#`` are comments, where they're between the commands of a
    session."""
    outputs: tuple[str, ...] = ()
    """Languages of blocks that are the output of the command right before them, if that one shows
    none and is in the same section."""
    unshown: Literal["error", "ignore"] = "error"
    """What a command may print that shows no output: nothing, or anything."""
    ignored: tuple[str, ...] = ()
    """Regular expressions of lines that an output may leave out."""
    dots: Literal["lines", "anything"] = "lines"
    """What ``...`` in an output stands for: alone on its line, for any lines; or within a line and
    at its end as well, for any text."""
    blanks: Literal["exact", "folded"] = "exact"
    """Whether outputs that differ only in blanks and in line breaks are the same. The bar before a
    cell that goes on in the next line is a blank, too."""
    order: Literal["fixed", "free"] = "fixed"
    """Whether the lines of an output have to come in the order of the page."""
    statuses: Literal["zero", "shown"] = "zero"
    """Whether a command has to end with status 0, or may end with another one where the page shows
    what it prints."""
    files: tuple[FileNaming, ...] = ("caption",)
    """How the page names the file of a listing."""
    listings: Literal["show", "create", "replace", "append"] = "show"
    """What happens to a file that isn't as a listing shows it. ``show``: the page is wrong.
    ``create``: a file that's missing is made, with its folders. ``replace`` and ``append`` change
    one that's there, too."""
    tabs: tuple[str, ...] = ()
    """Patterns of the names of files, such as ``"*.tsv"``, whose columns are separated by tabs. A
    page shows these as blanks, so a reader who makes such a file types one tab for them."""
    paths: Literal["reader", "start"] = "reader"
    """Which folder the paths of files count from. ``reader``: the one that the reader is in.
    ``start``: the one in which the run starts, wherever ``cd`` has led the reader."""
    unclassified: Literal["error", "count"] | None = None
    """What becomes of a block that asks nothing we know; None leaves it to
    ``runthrough_unclassified``."""

    def __post_init__(self) -> None:
        for name, hint in types().items():
            check(name, getattr(self, name), hint)
        for name in ("prompts", "ignored"):
            for pattern in getattr(self, name):
                check_expression(name, pattern)
        if self.comments and any(re.fullmatch(pattern, "#") for pattern in self.prompts):
            raise DialectError(
                "prompts has '#', and comments is True; a line with '#' can't be both. Drop one."
            )
        if both := set(self.sessions) & set(self.outputs):
            raise DialectError(
                f"sessions and outputs both have {min(both)!r}; a block can't be both. Drop one."
            )

    @cached_property
    def prompt(self) -> re.Pattern[str]:
        """Matches a line that is typed, with groups `environment` and `command`."""
        return PROMPT if self.prompts == (r"\$",) else prompt_of(self.prompts)

    @cached_property
    def prompt_in_text(self) -> re.Pattern[str]:
        """Matches a line of a paragraph that looks like a typed one; without prompts such as `#`,
        with which a line of prose may begin as well."""
        clear = [one for one in self.prompts if not any(re.fullmatch(one, sign) for sign in "#%>")]
        return self.prompt if clear == [*self.prompts] else prompt_of(clear)

    @property
    def known_prompts(self) -> str:
        """What an author who has no prompt that we know can write."""
        if self.prompts == (r"\$",):
            return KNOWN
        return (
            "Write a prompt that the dialect of this page has, and a blank, before each command: "
            f"{listed(self.prompts)}."
        )

    @property
    def leniency(self) -> Leniency:
        """What of an output need not be as the page shows it."""
        return Leniency(
            unshown=self.unshown == "ignore",
            ignored=self.ignored,
            dots=self.dots == "anything",
            blanks=self.blanks == "folded",
            order=self.order == "free",
            status=self.statuses == "shown",
        )

    def with_tabs(self, path: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """Return the lines of a file, with tabs between its columns if it has such."""
        if not self.has_tabs(path):
            return lines
        return tuple(Line("\t".join(line.text.split()), line.place) for line in lines)

    def has_tabs(self, path: str) -> bool:
        """Return whether the columns of a file are separated by tabs."""
        return any(fnmatchcase(path.rpartition("/")[2], pattern) for pattern in self.tabs)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Dialect:
        """Make a dialect of the values that a file of settings has.

        `like` may name the ready-made dialect whose other fields it has. Raises DialectError.
        """
        given = dict(values)
        like = given.pop("like", "strict")
        if like not in DIALECTS:
            raise DialectError(f"like is {like!r}; expected {listed(DIALECTS)}")
        known = {field.name for field in fields(cls)}
        if unknown := sorted(given.keys() - known):
            raise DialectError(f"a dialect has no {unknown[0]!r}; it has {listed(sorted(known))}")
        lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        return dataclasses.replace(DIALECTS[like], **{**given, **lists})


@lru_cache(maxsize=1)
def types() -> Mapping[str, Any]:
    """Return the type of each field, found out once: every page has a dialect made for it."""
    return get_type_hints(Dialect)


def check(name: str, value: object, hint: Any) -> None:
    """Raise DialectError where a field has a value that its type doesn't allow."""
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
                f"{name} is {value!r}; expected a tuple of {listed(words) if words else 'texts'}"
            )
    elif value not in words and not (value is None and type(None) in get_args(hint)):
        raise DialectError(f"{name} is {value!r}; expected {listed(words)}")


def check_expression(name: str, pattern: str) -> None:
    """Raise DialectError where a pattern is no regular expression, or has groups of its own."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise DialectError(
            f"{name} has {pattern!r}; expected a regular expression ({error})"
        ) from error
    if compiled.groups or compiled.fullmatch(""):
        raise DialectError(
            f"{name} has {pattern!r}; expected a regular expression that needs a character, "
            "with groups of the kind (?:...)"
        )


def listed(words: Any) -> str:
    """List what a field may have."""
    return ", ".join(map(repr, words))


STRICT = Dialect()
"""What a page asks is said on the page, and whatever a command prints is shown."""
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
"""What most projects mean: shell blocks may lack prompts, a command without an output shows what to
type and not what it prints, and a listing with a path is a file to make."""
TERMINAL = dataclasses.replace(
    COMMON, scripts=(), outputs=("", "text", "none", "output"), blanks="folded"
)
"""What sites mean that show terminals: only what has a prompt is typed, and a block of plain text
right below is the output."""
DIALECTS: dict[str, Dialect] = {"strict": STRICT, "common": COMMON, "terminal": TERMINAL}
"""The ready-made dialects by the name that conf.py may use for them."""
