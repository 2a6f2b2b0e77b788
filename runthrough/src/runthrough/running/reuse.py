"""Whether what an earlier run has kept of a page may be used again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from runthrough.model.site import Site
from runthrough.model.steps import Page
from runthrough.running.shared import Shared
from runthrough.running.snapshots.keys import CacheInputs, key_of
from runthrough.running.snapshots.store import Record
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
        """Return the key of a page that begins now; none where it will not be reused.

        None either where what the page before was run with has changed since then.
        """
        if not self.reuse:
            return ""
        if before is not None and before.key != self.key(self.site.page(page.continues or "")):
            return ""
        return self.key(page)

    def unchanged(self, page: Page, key: str) -> str:
        """Return the key of a page that is over; none where something has changed meanwhile."""
        return key if key and key == self.key(page) else ""

    def key(self, page: Page) -> str:
        """Return the cache key of a page: a hash of everything that determines its end."""
        settings = self.site.settings
        inputs = CacheInputs(
            *(settings, self.shared.services, base_python(), taken_over(settings.environment)),
            project=self.shared.project,
        )
        return key_of(self.site.chain(page), inputs)
