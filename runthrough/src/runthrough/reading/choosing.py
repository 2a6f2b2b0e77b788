"""Choose which pages Sphinx reads: those that were asked for, and those that they need.

A page needs those that it continues from, the site's first page (Sphinx reads nothing without it),
and any table of contents whose order conf.py makes pages follow. Whatever else must be known about
other pages is in the first lines of their sources.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from runthrough.model.converting import TOCTREE
from runthrough.model.settings import Settings
from runthrough.reading.continuing import (
    PageOrder,
    heads_of,
    in_order,
    listed,
    named_before,
    patterns_of,
    walk,
    written_head,
)
from runthrough.reading.side_file import side_file_of

LAST = 2000
"""A priority after that of extensions that have further pages read."""


@dataclass(frozen=True)
class Source:
    """What the source of a page that isn't read says of other pages."""

    docname: str
    head: str | None
    """See `written_head`."""
    text: str
    """All of it if it has a table of contents, and otherwise nothing."""

    @classmethod
    def of(cls, docname: str, file: Path) -> Source:
        """Look into the source of a page; one that can't be read says nothing."""
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            text = ""
        return cls(docname, written_head(text), text if "toctree" in text else "")

    def may_list(self, docnames: Iterable[str]) -> bool:
        """Return whether its tables of contents may list one of these pages."""
        if not self.text or "glob" in self.text:
            return bool(self.text)
        folder = posixpath.dirname(self.docname)
        ways = (way for name in docnames for way in (posixpath.relpath(name, folder), f"/{name}"))
        written = "|".join(map(re.escape, ways))
        return re.search(rf"(?<![\w/.-])(?:\./)?(?:{written})(?![\w/-])", self.text) is not None


@dataclass
class Choice:
    """Which pages of a site Sphinx reads."""

    app: Sphinx
    settings: Settings
    asked: frozenset[PurePath] | None = None
    """The files and folders that were asked for, seen from that of the site; None for all."""
    unread: dict[str, Source] = field(default_factory=dict)
    """The pages that Sphinx doesn't know as they are now, by name."""
    read: set[str] = field(default_factory=set)
    """The pages that Sphinx has read for this choice."""

    def choose(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Remove the pages that aren't needed from those that Sphinx is about to read.

        It has to forget what it knows of them from another time, or it would believe that.
        """
        if self.asked is None:
            return
        # Pages with a globbing table of contents count as changed again and again.
        outdated = [name for name in docnames if name not in self.read]
        self.unread = {name: Source.of(name, Path(env.doc2path(name))) for name in outdated}
        needed = self.needed()
        for name in self.unread.keys() & env.all_docs.keys() - needed:
            app.emit("env-purge-doc", env, name)
            env.clear_doc(name)
        docnames[:] = [name for name in outdated if name in needed]
        self.read.update(docnames)

    def is_done(self) -> bool:
        """Return whether Sphinx has read all that's needed, as far as it's known by now."""
        read = self.app.env.all_docs
        self.unread = {name: one for name, one in self.unread.items() if name not in read}
        return self.needed().isdisjoint(self.unread)

    def read_all(self) -> None:
        """Ask for all pages from now on."""
        self.asked, self.unread = None, {}

    def order(self) -> PageOrder:
        """Return how the pages follow each other; those that weren't read, as their sources say.

        Raises SettingsError if conf.py has pages follow a table of contents that isn't clear.
        """
        before, _ = self.chains()
        return PageOrder(frozenset(self.app.env.found_docs), before, self.settings.paths)

    def docnames(self) -> tuple[str, ...]:
        """Return the pages to run, in reading order: along the tables of contents, then by name.

        Only tables of contents that are needed count, whatever else was read at another time. A
        page that none of them lists comes after those that it continues from.
        """
        before, _ = self.chains()
        pages, needed = self.pages(before), self.needed()
        contents = {name: self.app.env.toctree_includes.get(name, []) for name in needed}
        below = {name for listed in contents.values() for name in listed}
        chains = (chain(name, before) for name in (*sorted(needed - below), *sorted(needed)))
        first = [self.app.config.root_doc, *(name for one in chains for name in one)]
        return tuple(name for name in walk(first, contents, needed) if name in pages)

    def needed(self) -> set[str]:
        """Return the pages to read."""
        before, holders = self.chains()
        return {self.app.config.root_doc, *self.pages(before), *holders}

    def pages(self, before: Mapping[str, str]) -> set[str]:
        """Return the pages that were asked for, and all that they continue from on any path."""
        there = self.app.env.found_docs
        chosen = [name for name in there if self.is_asked(name)]
        pages: set[str] = set()
        while chosen:
            name = chosen.pop()
            if name in there and name not in pages:
                pages.add(name)
                paths = (before, *(path.pages for path in self.settings.paths))
                chosen += [one[name] for one in paths if name in one]
        return pages

    def is_asked(self, docname: str) -> bool:
        """Return whether a page was asked for."""
        if self.asked is None:
            return True
        file = PurePath(self.app.env.doc2path(docname, False))
        return not self.asked.isdisjoint((file, *file.parents))

    def chains(self) -> tuple[dict[str, str], set[str]]:
        """Return which page continues from which, and the pages whose tables of contents say so.

        Such a table counts once all pages are read that may list its pages.
        """
        heads, patterns = self.heads(), patterns_of(self.settings, self.app.env.found_docs)
        includes = self.app.env.toctree_includes
        contents = {name: includes[name] for name in includes.keys() - self.unread.keys()}
        before = named_before(heads, self.settings, patterns)
        tables = {
            one: patterns[one] for one, given in self.settings.continues.items() if given == TOCTREE
        }
        holders: set[str] = set()
        while (pattern := self.first_reached(tables, before)) is not None:
            pages = set(tables.pop(pattern))
            holders |= {name for name, below in contents.items() if pages & set(below)}
            unread = {name for name, source in self.unread.items() if source.may_list(pages)}
            holders |= unread
            if not unread:
                before |= in_order(listed(pattern, pages, contents), heads)
        return before, holders

    def first_reached(
        self, tables: Mapping[str, Iterable[str]], before: Mapping[str, str]
    ) -> str | None:
        """Return a pattern that one of the pages to run belongs to, if there's any."""
        pages = self.pages(before) if tables else set()
        return next((one for one, matching in tables.items() if pages & set(matching)), None)

    def heads(self) -> dict[str, str]:
        """Return what heads of pages name, or else the side file, also of pages not read."""
        heads = heads_of(self.app.env)
        for name, source in self.unread.items():
            heads.pop(name, None)
            if source.head is not None:
                heads[name] = source.head
        side = side_file_of(self.app)
        for name in self.app.env.found_docs - heads.keys() if side.pages else ():
            if (line := side.continues(name)) is not None:
                heads[name] = line.text.strip("/ ")
        return heads


def chain(docname: str, before: Mapping[str, str]) -> list[str]:
    """Return the pages that a page continues from, and that page."""
    pages = [docname]
    while (name := before.get(pages[0])) is not None and name not in pages:
        pages.insert(0, name)
    return pages


def order_of(app: Sphinx, settings: Settings) -> PageOrder:
    """Return how pages follow each other, once Sphinx has read all of them; see `Choice.order`."""
    return Choice(app, settings).order()


def paths_below(paths: Iterable[Path] | None, confdir: Path) -> frozenset[PurePath] | None:
    """Return files and folders as seen from that of a site; None if one contains all of it.

    Each may lead to the site through a link, as `confdir` may.
    """
    if paths is None:
        return None
    folders = [Path(os.path.abspath(confdir)), Path(os.path.realpath(confdir))]
    ways = [Path(way(path)) for path in paths for way in (os.path.abspath, os.path.realpath)]
    if any(folder.is_relative_to(way) for way in ways for folder in folders):
        return None
    below = ((way, folder) for way in ways for folder in folders if way.is_relative_to(folder))
    return frozenset(way.relative_to(folder) for way, folder in below)
