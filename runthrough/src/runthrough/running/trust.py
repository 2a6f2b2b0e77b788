"""Tell whether what was kept of a page still holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from runthrough.model.site import Site
from runthrough.model.steps import Page
from runthrough.running.shared import Common
from runthrough.running.snapshots.keys import Means, key_of
from runthrough.running.snapshots.store import Record
from runthrough.running.workspace import base_python, taken_over

LONGEST = timedelta(days=1)
"""How long a kept state can be taken up: what a page fetches from elsewhere changes too."""


@dataclass(frozen=True)
class Trust:
    """What a site's pages are performed with in this run."""

    site: Site
    common: Common
    reuse: bool
    """Whether what an earlier run has kept may be taken up."""

    def holds(self, page: Page, record: Record) -> bool:
        """Tell whether a record is of this run, or everything that has led to it is the same."""
        if record.state is not None and not record.state.is_whole():
            return False
        if record.run == self.common.run:
            return True
        if not self.has_database(record):
            return False
        young = timedelta() <= datetime.now() - record.performed < LONGEST
        return self.reuse and young and record.key == self.key(page)

    def has_database(self, record: Record) -> bool:
        """Return whether the database of a kept state is still on the server that was kept."""
        server, state = self.common.server, record.state
        if server is None or state is None or state.database is None:
            return True
        return server.has(state.database)

    def key_after(self, page: Page, before: Record | None) -> str:
        """Return the key of a page that begins now; none where it will not be taken up.

        None either where what the page before was performed with has changed since then.
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
        """Stand for everything that leads to the end of a page."""
        settings = self.site.settings
        means = Means(settings, self.common.server, base_python(), taken_over(settings.environment))
        return key_of(self.site.chain(page), means)
