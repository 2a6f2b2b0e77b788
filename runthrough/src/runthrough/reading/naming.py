"""Find the file that a block shows, by the conventions that its page's dialect declares.

A page may name the file in the block's caption, in its first line, in the sentence before it, in
the next command, or by including a file of the project. A name counts as a file only if it's a path
with a known suffix or a well-known file name.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import PurePosixPath
from typing import Any

from docutils import nodes

from runthrough.model.dialects import SHELL_LANGUAGES
from runthrough.model.places import Place
from runthrough.model.steps import Console, Line, Listing, Patch, Step
from runthrough.reading.classify import Block, FileName
from runthrough.reading.directives import MARK, NOTE
from runthrough.reading.sources import find_near

WELL_KNOWN = {
    *("Containerfile", "Dockerfile", "Gemfile", "Jenkinsfile", "Justfile", "LICENSE", "Makefile"),
    *("Pipfile", "Procfile", "Rakefile", "Vagrantfile", ".coveragerc", ".dockerignore"),
    *(".editorconfig", ".env", ".flake8", ".flaskenv", ".gitattributes", ".gitignore"),
    *(".pylintrc", ".python-version"),
}
"""Names of files that have no suffix."""
SUFFIXES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("python", "python3", "py", "py3"), (".py", ".pyi", ".pyw", ".wsgi")),
    **dict.fromkeys(("bash", "sh", "shell", "zsh", "ksh"), (".sh", ".bash", ".zsh", ".ksh")),
    **dict.fromkeys(("javascript", "js", "jsx"), (".js", ".mjs", ".cjs", ".jsx")),
    **dict.fromkeys(("typescript", "ts", "tsx"), (".ts", ".tsx")),
    **dict.fromkeys(("json", "json5", "jsonc"), (".json", ".jsonc", ".json5", ".ipynb", ".lock")),
    **dict.fromkeys(("yaml", "yml", "yaml+jinja"), (".yaml", ".yml", ".cff", ".j2")),
    **dict.fromkeys(
        ("ini", "cfg", "toml", "properties", "dosini", "conf"),
        (".ini", ".cfg", ".toml", ".conf", ".properties", ".env", ".lock", ".service", ".mako"),
    ),
    **dict.fromkeys(
        ("html", "html+jinja", "html+django", "html+mako", "jinja", "django", "xml"),
        (".html", ".htm", ".xml", ".svg", ".j2", ".jinja", ".jinja2", ".mako", ".pt", ".tmpl"),
    ),
    **dict.fromkeys(("css", "scss", "sass", "less"), (".css", ".scss", ".sass", ".less")),
    **dict.fromkeys(("sql", "postgresql", "postgres", "mysql", "sqlite"), (".sql",)),
    **dict.fromkeys(("rst", "rest", "restructuredtext"), (".rst", ".txt", ".inc")),
    **dict.fromkeys(("md", "markdown", "myst"), (".md", ".markdown")),
    **dict.fromkeys(("c", "cpp", "c++"), (".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh")),
    **dict.fromkeys(("cython", "pyx"), (".pyx", ".pxd", ".pxi")),
    **dict.fromkeys(("docker", "dockerfile"), (".dockerfile",)),
    **dict.fromkeys(("make", "makefile", "cmake"), (".mk", ".cmake", ".txt")),
    "rust": (".rs",),
    "go": (".go",),
    "java": (".java",),
    "ruby": (".rb",),
    "perl": (".pl", ".pm"),
    "lua": (".lua",),
    "r": (".r",),
    "csv": (".csv", ".tsv", ".txt"),
}
"""The suffixes of files that are written in a language, as Sphinx calls it."""
KNOWN_SUFFIXES = frozenset(one for suffixes in SUFFIXES.values() for one in suffixes) | frozenset(
    (".in", ".log", ".proto", ".tf", ".po", ".pot", ".spec", ".typed", ".diff", ".patch", ".out")
)
CONFIGURED = frozenset(("ini", "cfg", "toml", "dosini", "conf", "json", "yaml", "yml"))
"""Languages of files that may have a name of their own, such as `.sqlfluff`."""
HIDDEN = re.compile(r"\.[a-z][\w-]*")
"""A name that begins with a dot and has no other."""
NEVER_FILES = frozenset(
    ("pycon", "pycon3", "python-console", "doctest", "ipython", "pytb", "py3tb")
)
"""Languages of what a program shows, which isn't in a file."""
PATH = re.compile(r"(?:\./)?(?:[\w@.+-]+/)*[\w@.+-]+")
"""A path below the folder that the reader is in."""
FIRST_LINE = re.compile(
    r"\s*(?:\#+|//+|--+|;+|%+|/\*+|<!--|\{\#|\.\.)\s*"
    r"(?:(?:(?:the )?contents? of|in|file(?:name)?)\b\s*:?\s*)?"
    r"(?P<quote>[`'\"]*)(?P<path>[^\s`'\"]+?)(?P=quote):?\s*(?:\*+/|-->|\#\})?\s*",
    re.IGNORECASE,
)
"""A comment that consists of the path of a file."""
ASIDE = re.compile(
    r"\b(?:next to|beside|besides|alongside|along with|unlike|like|from|as in|than)\s+"
    r"(?:the |our |your |its )?(?:file |module )?$",
    re.IGNORECASE,
)
"""What's before a file that isn't the one to write."""
LISTED = re.compile(r"\s*(?:,|,?\s*(?:and|or))\s*")
SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z`]|$)")


def is_path(text: str, language: str = "") -> bool:
    """Return whether a text is the path of a file that may be written in a language."""
    if not PATH.fullmatch(text) or ".." in text.split("/"):
        return False
    path = PurePosixPath(text)
    if path.name in WELL_KNOWN:
        return True
    if language in CONFIGURED and HIDDEN.fullmatch(path.name) and path.name not in KNOWN_SUFFIXES:
        return True
    suffix = path.suffix.lower()
    if suffix not in KNOWN_SUFFIXES:
        return False
    return language not in SUFFIXES or suffix in SUFFIXES[language]


def named_in_first_line(lines: Sequence[Line], language: str) -> Iterator[FileName]:
    """Yield the file that the first line of a block names, if it names nothing else."""
    first = FIRST_LINE.fullmatch(lines[0].text) if lines else None
    if first is not None and is_path(first["path"], language):
        yield FileName(first["path"].removeprefix("./"), lines[0].place, "first line")


def named_in_sentence(node: nodes.Element, block: Block, near: Place) -> Iterator[FileName]:
    """Yield the files that the last sentence before a block names, each once.

    Only the paragraph right before the block counts, and in it only inline literals and roles
    such as `:file:`. What is next to the file, or what the file is like, isn't the file; nor is
    one that the block itself speaks of, as a command does.
    """
    paragraph = paragraph_before(node)
    if paragraph is None:
        return
    names: dict[str, None] = {}
    before, is_aside = "", False
    for part in paragraph.findall():
        if isinstance(part, nodes.literal):
            is_aside = bool(ASIDE.search(before)) or (is_aside and bool(LISTED.fullmatch(before)))
            if not is_aside and (name := name_of(part, block.language)):
                names[name] = None
            before = ""
        elif isinstance(part, nodes.Text) and not isinstance(part.parent, nodes.literal):
            before += part.astext()
            if SENTENCE_END.search(before):
                names, before = {}, SENTENCE_END.split(before)[-1]
    start = Place(near.file, paragraph.line) if paragraph.line else near
    for path in names:
        if not any(path in line.text for line in block.lines):
            yield FileName(path, find_near(path, start), "sentence")


def name_of(literal: nodes.literal, language: str) -> str | None:
    """Return the path that an inline literal names; None if it names something else."""
    text = literal.astext().strip()
    if "file" in literal["classes"] and literal.next_node(nodes.emphasis):
        return None  # a part of it is the reader's
    return text.removeprefix("./") if is_path(text, language) else None


def paragraph_before(node: nodes.Element) -> nodes.paragraph | None:
    """Return the paragraph right before a block; invisible nodes between them don't count."""
    while isinstance(node.parent, nodes.container):
        node = node.parent
    siblings = node.parent.children if node.parent is not None else []
    for before in reversed(siblings[: siblings.index(node)]):
        is_unseen = isinstance(before, (nodes.Invisible, nodes.system_message))
        if not is_unseen and not (isinstance(before, nodes.Element) and NOTE in before["classes"]):
            return before if isinstance(before, nodes.paragraph) else None
    return None


def names_of(node: nodes.Element, block: Block, near: Place) -> Iterator[FileName]:
    """Yield what the conventions of a block's page say about its file, apart from its caption.

    `near` is where the paragraph before the block may be.
    """
    conventions, language = block.dialect.files, block.language
    if "first line" in conventions:
        yield from named_in_first_line(block.lines, language)
    begins = block.lines[0].text if block.lines else ""
    is_typed = language in SHELL_LANGUAGES and not begins.startswith("#!")
    if language in NEVER_FILES or is_typed or begins.startswith(">>> "):
        return
    if "sentence" in conventions:
        yield from named_in_sentence(node, block, near)
    marked: dict[str, Any] = node.get(MARK, {})
    if "literalinclude" in conventions and "included" in marked:
        name = PurePosixPath(marked["included"]).name
        yield FileName(name, block.head_place, "literalinclude")


Found = tuple[nodes.Element, Block | Step]


def with_commands(found: Sequence[Found]) -> Iterator[Found]:
    """Yield blocks and steps; a block without a name has that of the next block's commands.

    It has to be one of its language, and the page may not have had it before.
    """
    blocks = (one for _, one in found if isinstance(one, Block))
    if not any("command" in block.dialect.files for block in blocks):
        yield from found
        return
    known: set[str] = set()
    for (node, block), following in zip_longest(found, found[1:]):
        if isinstance(block, Block):
            after = following[1] if following else None
            if isinstance(after, Block):
                block = named_by_command(block, typed_lines(after), known)
            known.update(word for line in typed_lines(block) for word in words_of(line.text))
            known.update([block.file.path] if block.file else ())
        yield node, block


@dataclass
class Paths:
    """The files that a page has named so far, as seen from the folder that the reader is in."""

    known: set[str] = field(default_factory=set)

    def learn(self, step: object) -> None:
        """Note the files of a step; after `cd`, it isn't known where they are."""
        if isinstance(step, (Listing, Patch)):
            self.known.add(step.path)
        elif isinstance(step, Console) and not step.terminal:
            for words in (words_of(command.text) for command in step.commands):
                if "cd" in words:
                    self.known.clear()
                self.known.update(word.removeprefix("./") for word in words if is_path(word))

    def completed(self, block: Block) -> Block:
        """Give a file that a sentence names without its folder the one path that it may have."""
        names = tuple(replace(name, path=self.path_of(name)) for name in block.names)
        return replace(block, names=names)

    def path_of(self, name: FileName) -> str:
        """Return the path of a file; every folder may have an `__init__.py`."""
        if name.by != "sentence" or name.path in (*self.known, "__init__.py"):
            return name.path
        longer = [path for path in self.known if path.endswith(f"/{name.path}")]
        return longer[0] if len(longer) == 1 and "/" not in name.path else name.path


def named_by_command(block: Block, commands: Sequence[Line], known: set[str]) -> Block:
    """Give a block the file that the first of these commands to name one of its language names.

    A file that the page has had before isn't this block; one without a folder may be any of its
    name.
    """
    if block.kind != "other" or block.language not in SUFFIXES:
        return block
    for command in commands:
        paths = [word for word in words_of(command.text) if is_path(word, block.language)]
        if paths:
            had = known & {*paths, *(PurePosixPath(path).name for path in paths)}
            names = (FileName(one.removeprefix("./"), command.place, "command") for one in paths)
            return replace(block, names=() if had else tuple(names))
    return block


def typed_lines(block: Block) -> list[Line]:
    """Return the lines of a block that are typed, without their prompts."""
    if block.kind == "script":
        return list(block.lines)
    if block.kind != "session":
        return []
    prompts = ((block.dialect.prompt.fullmatch(line.text), line.place) for line in block.lines)
    return [Line(found["command"] or "", place) for found, place in prompts if found]


def words_of(command: str) -> list[str]:
    """Return the words of a command, as far as it can be split."""
    try:
        return shlex.split(command, comments=True)
    except ValueError:
        return command.split()
