"""Pages as values, kept in Sphinx's environment, because reading them takes most of the time."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from runthrough.model.digests import digest, engine, without_places
from runthrough.model.paths import document_of
from runthrough.model.steps import Page
from runthrough.reading.choosing import order_of
from runthrough.reading.side_file import side_file_of
from runthrough.reading.starting import settings_of

PAGES = "runthrough_pages"
READ_WITH = "runthrough_read_with"


def pages_of(env: BuildEnvironment) -> dict[str, Page | None]:
    """Return the pages that are known, by name; None for one that its path doesn't change."""
    if not hasattr(env, PAGES):
        setattr(env, PAGES, {})
    known: dict[str, Page | None] = getattr(env, PAGES)
    return known


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is about to be read again, or is gone, on all paths."""
    known = pages_of(env)
    for name in [name for name in known if document_of(name) == docname]:
        del known[name]


def forget_if_others(app: Sphinx) -> None:
    """Forget all pages if anything has changed that each of them is read with."""
    env, settings = app.env, settings_of(app)
    before = order_of(app, settings).before
    order = sorted(f"{name} after {before.get(name)}" for name in env.found_docs)
    settings_text = repr(without_places(settings)) + repr(side_file_of(app))
    read_with = digest(engine(), settings_text, *sorted(app.tags), "", *order)
    if getattr(env, READ_WITH, None) != read_with:
        pages_of(env).clear()
    setattr(env, READ_WITH, read_with)
