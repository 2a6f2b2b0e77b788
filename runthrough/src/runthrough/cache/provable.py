"""Which pages can be cached: those whose key shows everything that leads to their end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from runthrough.model.converting import PREFIX
from runthrough.model.custom import CustomStep
from runthrough.model.site import Site
from runthrough.model.steps import Page, Screenshot
from runthrough.services.configured import configured


def reason_against_site(site: Site, environ: Mapping[str, str]) -> str:
    """Return why no page of a site can be cached; an empty string if some can."""
    if site.settings.services:
        return f"{PREFIX}services has a service of the project's own, whose state isn't known"
    services = configured(site.settings, site.confdir).values()
    if not all(service.can_keep(environ) for service in services):
        return "the database is on the server that DATABASE_URL names, whose state isn't known"
    return ""


def reason_against(chain: Iterable[Page], uncached: tuple[str, ...]) -> str:
    """Return why the last page of a chain can't be cached; an empty string if it can."""
    for page in chain:
        if any(fnmatchcase(page.document, pattern) for pattern in uncached):
            return f"{PREFIX}uncached lists {page.document}"
        for step in page.steps:
            if isinstance(step, CustomStep):
                return f"the step at {step.place} is of a kind that the project defines"
            if isinstance(step, Screenshot):
                return f"the step at {step.place} needs a browser"
    return ""
