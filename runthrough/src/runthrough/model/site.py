"""The pages of a site, and what its conf.py says about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from runthrough.model.settings import Settings
from runthrough.model.steps import Page


@dataclass(frozen=True)
class Site:
    """A Sphinx project as its reader sees it."""

    confdir: Path
    settings: Settings
    pages: tuple[Page, ...]
    """In reading order: the pages that were asked for, and those that they continue from."""
    patterns: tuple[str, ...] = ()
    """Patterns of files that aren't pages (exclude_patterns)."""
    suffixes: tuple[str, ...] = ()
    """Suffixes of files that are pages."""
    unread: frozenset[str] = frozenset()
    """The names of the other pages, which weren't asked for."""
    continued_by_unread: frozenset[str] = frozenset()
    """The names of the pages that these continue from."""

    def page(self, docname: str) -> Page:
        """Return a page by its name."""
        return self.pages[self.positions[docname]]

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Where each page comes in reading order, by its name."""
        return {page.docname: position for position, page in enumerate(self.pages)}

    @cached_property
    def docnames(self) -> frozenset[str]:
        """The names of all pages, including those that weren't read."""
        return frozenset(page.docname for page in self.pages) | self.unread

    @cached_property
    def continued(self) -> frozenset[str]:
        """The names of the pages that others continue from, including others that weren't read."""
        here = frozenset(page.continues for page in self.pages if page.continues is not None)
        return here | self.continued_by_unread

    def chain(self, page: Page) -> tuple[Page, ...]:
        """Return the pages to run, from the one that starts from nothing to this one."""
        chain = [page]
        while chain[0].continues is not None:
            chain.insert(0, self.page(chain[0].continues))
        return tuple(chain)


class ReadingError(Exception):
    """Sphinx can't read the site at all."""
