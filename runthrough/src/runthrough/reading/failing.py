"""Read all pages of a site, also where Sphinx gives up on one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.events import EventListener

OURS = ("sphinx.", "runthrough.")
"""Modules whose handlers of events can read any page."""


def read_pages(app: Sphinx) -> dict[str, str]:
    """Read every page that isn't known yet; return why Sphinx gave up on a page, by its name.

    Such a page is read again as an empty one, so that the others can be read and resolved. It
    doesn't count as known: the next run reads it again.
    """
    failed: dict[str, str] = {}
    original = app.builder.read_doc

    def read_doc(docname: str, **kwargs: bool) -> None:
        try:
            original(docname, **kwargs)
        except (Exception, SystemExit) as error:  # directives and parsers are anybody's code
            failed[docname] = f"{type(error).__name__}: {error}"
            app.env.clear_doc(docname)
            try:
                original(docname, **kwargs)
            except (Exception, SystemExit):  # not even an empty text: a parser, or a handler
                app.env.clear_doc(docname)
                with replaced(app):
                    original(docname, **kwargs)

    def empty(app: Sphinx, docname: str, source: list[str]) -> None:
        if docname in failed:
            source[0] = ""

    app.connect("source-read", empty, priority=2000)
    app.builder.read_doc = read_doc  # type: ignore[misc, method-assign]
    app.builder.read()
    for docname in failed:
        app.env.all_docs.pop(docname, None)
    return failed


@contextmanager
def replaced(app: Sphinx) -> Iterator[None]:
    """Let Sphinx read an empty file for any page, with no handlers but its own and ours."""
    kinds = app.config.source_suffix
    suffix = next((one for one, kind in kinds.items() if kind == "restructuredtext"), None)
    file = Path(app.doctreedir, f"empty{suffix or next(iter(kinds))}")
    file.write_text("")
    listeners = app.events.listeners
    kept: defaultdict[str, list[EventListener]] = defaultdict(list)
    for event, found in listeners.items():
        kept[event] = [one for one in found if is_ours(one.handler)]
    app.events.listeners = kept
    app.env.doc2path = lambda *_, **__: file  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        app.events.listeners = listeners
        del app.env.doc2path


def is_ours(handler: Callable[..., Any]) -> bool:
    """Return whether a handler of an event is Sphinx's or ours; conf.py's has no module at all."""
    return str(getattr(handler, "__module__", "")).startswith(OURS)
