"""Keep a site open, and read one page again after its source has changed."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from runthrough.model.site import Site
from runthrough.reading.pages import page_of
from runthrough.reading.site import make_app, reading_order
from runthrough.reading.starting import settings_of


class OpenSite:
    """A site that was read, and the application that reads its pages again."""

    def __init__(self, app: Sphinx, confdir: Path) -> None:
        self.app = app
        settings = settings_of(app)
        self.docnames = tuple(reading_order(app))
        pages = tuple(page_of(app, name, self.docnames, settings) for name in self.docnames)
        self.site = Site(confdir, settings, pages)

    def reread(self, docname: str) -> Site:
        """Return the site with one page as its source is now; the site itself stays as it is."""
        env = self.app.env
        self.app.emit("env-purge-doc", env, docname)
        env.clear_doc(docname)
        self.app.builder.read_doc(docname)
        self.app.emit("env-updated", env)
        read = page_of(self.app, docname, self.docnames, self.site.settings)
        pages = tuple(read if page.docname == docname else page for page in self.site.pages)
        return dataclasses.replace(self.site, pages=pages)


@contextmanager
def open_site(confdir: Path, cache: Path) -> Iterator[OpenSite]:
    """Read a site and keep Sphinx at hand until the block ends; doctrees go to `cache`.

    It raises whatever Sphinx, conf.py or an extension raises: read the site with `read_site`
    first, which says what is wrong with it.
    """
    with patch_docutils(str(confdir)), docutils_namespace():
        app = make_app(confdir, cache, io.StringIO())
        app.builder.read()
        yield OpenSite(app, confdir)
