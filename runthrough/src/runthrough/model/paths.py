"""Paths through a site: which tabs their readers take, and which page they come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from runthrough.model.converting import Given, texts

NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class ReadingPath:
    """A way through a site other than the ordinary one."""

    name: str
    tabs: tuple[str, ...] = ()
    """Labels: of each set of tabs, the reader takes the one that comes first here."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """By page, the page that it continues from on this path."""
    tags: tuple[str, ...] = ()
    """Sphinx's tags, which `only` directives ask for."""

    def name_of(self, docname: str) -> str:
        """Return the name of a page as it's run on this path."""
        return f"{docname} [{self.name}]" if self.name else docname


ORDINARY = ReadingPath("")
"""The ordinary path."""


def document_of(name: str) -> str:
    """Return the name in Sphinx of a page that may be one on a path."""
    return re.sub(rf" \[{NAME.pattern}\]$", "", name)


def paths(given: Given) -> tuple[ReadingPath, ...]:
    """Read the further paths through the site."""
    if not isinstance(given.value, Mapping):
        raise given.wrong("a dictionary of paths")
    return tuple(path(given, name, value) for name, value in given.value.items())


def path(given: Given, name: object, value: object) -> ReadingPath:
    """Read one of these paths."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise given.wrong("names such as 'production': letters, digits, '-', '_' and '.'")
    part = given.part(name, value)
    known = {"tabs", "pages", "tags"}
    if not isinstance(value, Mapping) or not value or not value.keys() <= known:
        raise part.wrong("one or more of 'tabs', 'pages' and 'tags'")
    pages = value.get("pages", {})
    words = [*pages.items()] if isinstance(pages, Mapping) else [(None, None)]
    if not all(isinstance(word, str) for pair in words for word in pair):
        raise part.part("pages", pages).wrong(
            "a dictionary of pages, each with the page that it continues from"
        )
    return ReadingPath(
        name,
        texts(part.part("tabs", value.get("tabs", ()))),
        dict(pages),
        texts(part.part("tags", value.get("tags", ()))),
    )
