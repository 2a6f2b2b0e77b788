"""Which page continues from which, according to the pages' fields and conf.py."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import pairwise

from sphinx.environment import BuildEnvironment

from runthrough.model.converting import PREFIX, TOCTREE, SettingsError, wrong
from runthrough.model.paths import ORDINARY, ReadingPath
from runthrough.model.settings import Settings

Contents = Mapping[str, Sequence[str]]
"""The pages that the tables of contents on a page list, by its name."""
HEAD = re.compile(
    r"(?:(?:\.\.(?:[ \t].*)?|[ \t].*|:[^:\n]+:.*|)\n)*?:continues:(?P<name>.*)",
)
"""The field in reStructuredText: above it are only comments, targets, fields and blank lines."""
FRONT_MATTER = re.compile(r"---[ \t]*\n(?:(?!---).*\n)*?continues:(?P<name>.*)")
"""The field in Markdown."""


@dataclass(frozen=True)
class PageOrder:
    """How the pages of a site follow each other."""

    docnames: frozenset[str]
    before: Mapping[str, str]
    """By page: the one that it continues from, which may be a page that isn't there."""

    paths: tuple[ReadingPath, ...]
    """Further ways through the site, on which pages continue from others."""

    @cached_property
    def continued(self) -> frozenset[str]:
        """The pages that others continue from, on any path."""
        return frozenset(name for one in (self.before, *self.on_paths) for name in one.values())

    @property
    def on_paths(self) -> Iterator[Mapping[str, str]]:
        """What differs on further paths: by page, the one that it continues from."""
        return (path.pages for path in self.paths)

    def continued_by(self, docnames: Set[str]) -> frozenset[str]:
        """Return the pages that some pages may continue from, by their names on all paths."""
        ways = (self.before, *self.on_paths)
        return self.on_all_paths(one[name] for one in ways for name in docnames & one.keys())

    def on_all_paths(self, docnames: Iterable[str]) -> frozenset[str]:
        """Return the names that pages may have on the ordinary path and on further ones."""
        paths = (ORDINARY, *self.paths)
        return frozenset(path.name_of(name) for name in docnames for path in paths)


def head_of(env: BuildEnvironment, docname: str) -> str | None:
    """Return the page that the head of a page names, once Sphinx has read it.

    It's empty if the page begins with nothing, whatever conf.py says, and None if the head
    says nothing of it.
    """
    metadata = env.metadata.get(docname, {})
    return str(metadata["continues"] or "").strip("/ ") if "continues" in metadata else None


def heads_of(env: BuildEnvironment) -> dict[str, str]:
    """Return what the heads of all pages name that name any."""
    heads = ((docname, head_of(env, docname)) for docname in env.metadata)
    return {docname: head for docname, head in heads if head is not None}


def written_head(text: str) -> str | None:
    """Return what the head of a page names, which wasn't read, from its source; see `head_of`."""
    found = HEAD.match(text) or FRONT_MATTER.match(text)
    return found["name"].strip("/ \t\"'") if found else None


def patterns_of(settings: Settings, docnames: Iterable[str]) -> dict[str, list[str]]:
    """Return the pages of each pattern; a page belongs to the first pattern that it matches."""
    pages: dict[str, list[str]] = {pattern: [] for pattern in settings.continues}
    for docname in sorted(docnames):
        pattern = next((one for one in pages if fnmatchcase(docname, one)), None)
        if pattern is not None:
            pages[pattern].append(docname)
    return pages


def named_before(
    heads: Mapping[str, str], settings: Settings, patterns: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Return which page continues from which, where a head or conf.py names the latter."""
    before = {
        docname: settings.continues[pattern]
        for pattern, pages in patterns.items()
        for docname in pages
        if settings.continues[pattern] not in (TOCTREE, docname)
    }
    return {docname: name for docname, name in {**before, **heads}.items() if name}


def in_order(table: Sequence[str], heads: Mapping[str, str]) -> dict[str, str]:
    """Have each page continue from the one before it, unless its head says otherwise."""
    pairs = pairwise(table)
    return {docname: before for before, docname in pairs if docname not in heads}


def listed(pattern: str, pages: Collection[str], contents: Contents) -> tuple[str, ...]:
    """Return pages in the order of the table of contents that lists them.

    It goes on with that of a page which it lists, if that's one of `pages`, too. A page that it
    doesn't list is left out.
    Raises SettingsError if no table of contents lists any, or where two differ.
    """
    within = frozenset(pages)
    holders = sorted(name for name, below in contents.items() if within & set(below))
    if not holders:
        expected = "a pattern of pages that a table of contents lists"
        raise wrong("continues", {pattern: TOCTREE}, expected)
    tables = {name: walk([name], contents, within) for name in holders}
    # What another one lists in the same order is a part of it.
    largest = {
        name: table
        for name, table in tables.items()
        if not any(table != other and is_part(table, other) for other in tables.values())
    }
    first, *others = largest.items()
    for name, table in others:
        if table != first[1]:
            raise SettingsError(
                f"conf.py: {PREFIX}continues[{pattern!r}] is {TOCTREE!r}, but the tables of "
                f"contents on the pages {first[0]!r} and {name!r} list these pages differently, so "
                "it isn't clear which page comes before which. Give the pages of each table a "
                "pattern of their own in conf.py."
            )
    return first[1]


def walk(begin: Iterable[str], contents: Contents, within: Collection[str]) -> tuple[str, ...]:
    """Return the pages among `within`, each followed by those that it lists."""
    passed: set[str] = set()
    found: dict[str, None] = {}

    def visit(docname: str) -> None:
        passed.add(docname)
        if docname in within:
            found[docname] = None
        for below in contents.get(docname, ()):
            if below in within and below not in passed:
                visit(below)

    for docname in begin:
        if docname not in passed:
            visit(docname)
    return tuple(found)


def is_part(table: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether another table lists all pages of this one in the same order."""
    return [name for name in other if name in set(table)] == list(table)
