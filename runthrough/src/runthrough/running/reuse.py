"""Whether what an earlier run has kept of a page may be used again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial

from runthrough.model.contents import never_again
from runthrough.model.site import Site
from runthrough.model.steps import Page
from runthrough.running.shared import Shared
from runthrough.running.snapshots.keys import CacheInputs, key_of
from runthrough.running.snapshots.store import Record
from runthrough.running.wheels import Source
from runthrough.running.workspace import base_python, taken_over

LONGEST = timedelta(days=1)
"""How long a kept snapshot can be reused: what a page fetches from elsewhere changes too."""


@dataclass(frozen=True)
class ReusePolicy:
    """Decides whether a stored record may be reused in this run."""

    site: Site
    shared: Shared
    reuse: bool
    """Whether what an earlier run has kept may be reused."""

    def is_fresh(self, page: Page, record: Record) -> bool:
        """Return whether a record is of this run, or everything that has led to it is the same."""
        if record.snapshot is not None and not record.snapshot.is_whole():
            return False
        if record.run == self.shared.run:
            return True
        if record.snapshot is not None and not self.shared.has(record.snapshot.instances):
            return False
        young = timedelta() <= datetime.now() - record.run_at < LONGEST
        return self.reuse and young and record.key == self.key(page)

    def key_after(self, page: Page, before: Record | None) -> str:
        """Return the key of a page that begins now; None if it won't be reused.

        Also None if what the page before was run with has changed since then.
        """
        if not self.reuse:
            return ""
        if before is not None and before.key != self.key(self.site.page(page.continues or "")):
            return ""
        return self.key(page)

    def unchanged(self, page: Page, key: str) -> str:
        """Return the key of a page that is over; None if something has changed in the meantime."""
        return key if key and key == self.key(page) else ""

    def key(self, page: Page) -> str:
        """Return the cache key of a page: a hash of everything that determines its end."""
        return key_of(self.site.chain(page), inputs_of(self.site, self.shared))


def inputs_of(
    site: Site,
    shared: Shared,
    given: Mapping[str, str] | None = None,
    *,
    elsewhere: bool = False,
) -> CacheInputs:
    """Gather what the pages of a site are run with: the same for every cache.

    `given` are further variables that every page has, `elsewhere` is for a cache that other
    machines use, too.
    """
    environment = {**taken_over(site.settings.environment), **(given or {})}
    return CacheInputs(
        *(site.settings, shared.services, base_python(), environment),
        project=shared.project,
        elsewhere=elsewhere,
        repository=cache(partial(repository, site)) if elsewhere else str,
        runs_project=runs_project(site, environment),
    )


def runs_project(site: Site, environment: Mapping[str, str]) -> bool:
    """Return whether pages may run programs whose source is next to the pages."""
    settings = site.settings
    own = settings.path or settings.projects or settings.virtualenv is not None
    return bool(own) or "PATH" in environment


def repository(site: Site) -> str:
    """Return what changes with any file of a site's repository, other than its pages.

    Outside of git nothing says which files these are.
    """
    confdir = site.confdir.resolve()
    source = Source.find("the site", confdir)
    if not source.git:
        return never_again()
    pages = {confdir / f"{name}{suffix}" for name in site.docnames for suffix in site.suffixes}
    counted = tuple(file for file in source.files if file not in pages)
    return replace(source, files=counted, commit="").key(without=confdir / "no page")
