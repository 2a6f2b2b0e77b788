"""What is known about a site's pages when a run begins: their keys, and what the cache has."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from runthrough.cache.entries import Cache, Entry
from runthrough.cache.provable import reason_against, reason_against_site
from runthrough.cache.replaying import results_of
from runthrough.model.results import Result
from runthrough.model.site import Site
from runthrough.model.steps import Page
from runthrough.running.reuse import inputs_of
from runthrough.running.shared import Shared
from runthrough.running.snapshots.keys import key_of


@dataclass(frozen=True)
class Known:
    """Keys, reasons and entries, by the name of their page."""

    keys: Mapping[str, str]
    against: Mapping[str, str]
    """Why pages can't be cached."""
    entries: Mapping[str, Entry] = field(default_factory=dict)


def keys_of_pages(
    site: Site, shared: Shared, given: Mapping[str, str], pages: Iterable[Page]
) -> dict[str, str]:
    """Return the key of each page as things are now; `given` are variables that all pages have."""
    inputs = inputs_of(site, shared, given, elsewhere=True)
    return {page.docname: key_of(site.chain(page), inputs) for page in pages}


def look_up(
    site: Site, shared: Shared, given: Mapping[str, str], cache: Cache, *, refresh: bool
) -> Known:
    """Find what the cache has of a site's pages; nothing if all of them are to be run again."""
    always = reason_against_site(site, os.environ)
    if always:
        return Known({}, {page.docname: always for page in site.pages})
    uncached = site.settings.uncached
    reasons = {page.docname: reason_against(site.chain(page), uncached) for page in site.pages}
    against = {docname: reason for docname, reason in reasons.items() if reason}
    keys = keys_of_pages(site, shared, given, site.pages)
    wanted = {} if refresh else {name: key for name, key in keys.items() if name not in against}
    found = {docname: cache.get(key, docname) for docname, key in wanted.items()}
    return Known(keys, against, {name: entry for name, entry in found.items() if entry})


def usable(site: Site, known: Known, pages: Iterable[Page]) -> dict[str, tuple[Result, ...]]:
    """Return the results of those of the pages that needn't be run.

    A page that has to be run begins with what others leave, so these are run as well.
    """
    cached: dict[str, tuple[Result, ...]] = {}
    needed: set[str] = set()
    for page in pages:
        entry = known.entries.get(page.docname)
        results = results_of(entry, page) if entry else None
        if results is None or page.docname in known.against:
            needed |= {before.docname for before in site.chain(page)}
        else:
            cached[page.docname] = results
    return {docname: results for docname, results in cached.items() if docname not in needed}
