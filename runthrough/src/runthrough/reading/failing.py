"""Read the pages of a site, even if Sphinx gives up on one of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from runthrough.reading._compat import read_with, reading_instead

OURS = ("sphinx.", "runthrough.")
"""Modules whose handlers of events can read any page."""


def tolerate(app: Sphinx) -> dict[str, str]:
    """Have Sphinx go on after a page that it gives up on; return where it notes why, by page.

    Such a page is read again as an empty one, so that the others can be read and resolved.
    """
    failed: dict[str, str] = {}
    original = app.builder.read_doc

    def read_doc(docname: str, **kwargs: bool) -> None:
        try:
            original(docname, **kwargs)
        except (Exception, SystemExit) as error:  # directives and parsers can be any code
            failed[docname] = f"{type(error).__name__}: {error}"
            app.env.clear_doc(docname)
            try:
                original(docname, **kwargs)
            except (Exception, SystemExit):  # not even an empty text: a parser, or a handler
                app.env.clear_doc(docname)
                with reading_instead(app, empty_file(app), is_ours):
                    original(docname, **kwargs)

    def empty(app: Sphinx, docname: str, source: list[str]) -> None:
        if docname in failed:
            source[0] = ""

    app.connect("source-read", empty, priority=2000)
    read_with(app, read_doc)
    return failed


def empty_file(app: Sphinx) -> Path:
    """Return an empty file that Sphinx can read for any page."""
    kinds = app.config.source_suffix
    suffix = next((one for one, kind in kinds.items() if kind == "restructuredtext"), None)
    file = Path(app.doctreedir, f"empty{suffix or next(iter(kinds))}")
    file.write_text("")
    return file


def is_ours(handler: Callable[..., Any]) -> bool:
    """Return whether a handler of an event is Sphinx's or ours; conf.py's has no module at all."""
    return str(getattr(handler, "__module__", "")).startswith(OURS)
