"""Read all pages of a site, also where Sphinx gives up on one of them."""

from __future__ import annotations

from sphinx.application import Sphinx


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
        except Exception as error:  # directives and parsers are anybody's code
            failed[docname] = f"{type(error).__name__}: {error}"
            app.env.clear_doc(docname)
            try:
                original(docname, **kwargs)
            except Exception:  # a parser that can't read an empty page either
                raise error from None

    def empty(app: Sphinx, docname: str, source: list[str]) -> None:
        if docname in failed:
            source[0] = ""

    app.connect("source-read", empty, priority=2000)
    app.builder.read_doc = read_doc  # type: ignore[misc, method-assign]
    app.builder.read()
    for docname in failed:
        app.env.all_docs.pop(docname, None)
    return failed
