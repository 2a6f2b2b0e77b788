"""Keep the tests of a page in one process, which opens the page once."""

from __future__ import annotations

import re

from xdist.scheduler import LoadScopeScheduling

PAGE = re.compile(r"\[(?P<page>[^\]]+\.html)\]$")


class PageScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out the tests of a page together, and each other test by itself."""

    def _split_scope(self, nodeid: str) -> str:
        found = PAGE.search(nodeid)
        return found["page"] if found else nodeid
