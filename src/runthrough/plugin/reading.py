"""Read a site for a run of pytest, with what earlier runs have kept of it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from runthrough.reading.caches import doctrees
from runthrough.reading.site import Site, read_site


def read(config: pytest.Config, confdir: Path) -> Site:
    """Read a site, with the doctrees of the last run where they still hold."""
    cache: pytest.Cache | None = getattr(config, "cache", None)  # it can be switched off
    kept: Path | None = None
    if cache:
        with suppress(OSError):  # pytest warns of a cache that can't be written
            kept = cache.mkdir("runthrough")
    with doctrees(kept, confdir) as folder:
        return read_site(confdir, folder)
