"""Read a site through Sphinx: its settings, and its pages in reading order, once or repeatedly."""

from __future__ import annotations

import dataclasses
import io
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from fnmatch import fnmatchcase
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from runthrough.model.converting import PREFIX, TOCTREE, SettingsError, wrong
from runthrough.model.paths import ReadingPath
from runthrough.model.places import moved, shown
from runthrough.model.settings import Settings
from runthrough.model.site import ReadingError, Site
from runthrough.model.steps import SIDE_FILE, Page
from runthrough.reading import alone
from runthrough.reading._compat import forget_doctree, save, with_own_suffixes
from runthrough.reading.choosing import LAST, Choice, paths_below
from runthrough.reading.failing import tolerate
from runthrough.reading.pages import page_of, shows_titles, unreadable
from runthrough.reading.paths import PathPages, check_names
from runthrough.reading.side_file import side_file_of
from runthrough.reading.starting import settings_of

EXTENSION = "runthrough"


class OpenSite:
    """A site that was read, and the application that reads its pages again."""

    def __init__(self, app: Sphinx, confdir: Path, pages: Iterable[Path] | None = None) -> None:
        self.app, self.confdir = app, confdir
        self.settings = settings_of(app)
        self.choice = Choice(app, self.settings, paths_below(pages, confdir))
        app.connect("env-before-read-docs", self.choice.choose, priority=LAST)
        self.failed = tolerate(app)
        """Why Sphinx has given up on a page, by the page's name."""
        try:
            self.site = self.read()
        except Exception:
            if self.choice.asked is None:
                raise
            # Extensions, references and tables of contents may need pages that weren't asked for.
            self.choice.read_all()
            self.site = self.read()
        refuse_circles(self.site.pages)
        if self.choice.asked is None:
            self.paths.check()

    def read(self) -> Site:
        """Read the pages that were asked for, unless Sphinx knows them as they are."""
        env, known = self.app.env, dict(self.app.env.all_docs)
        self.app.builder.read()
        while not self.choice.is_done():
            read = len(self.choice.read)
            self.app.builder.read()
            if len(self.choice.read) == read:
                raise ReadingError("an extension keeps pages from being read")
        for docname in self.failed:
            env.all_docs.pop(docname, None)  # so the next run reads it again
        if env.all_docs != known:
            save(env, Path(self.app.doctreedir))
        check_patterns(self.settings, env.found_docs)
        side_file = side_file_of(self.app)
        # Beside a file that's read by itself, it may be about others of the kind, too.
        is_project = (self.confdir / "conf.py").exists()
        others = () if is_project else alone.files_named(side_file, self.confdir)
        side_file.check_names([*env.found_docs, *others])
        check_names(self.settings, env.found_docs)
        self.order = self.choice.order()
        self.docnames = self.choice.docnames()
        unread = self.order.docnames.difference(self.docnames)
        self.paths = PathPages(self.app, self.settings, self.docnames, self.page, {})
        return Site(
            self.confdir,
            self.settings,
            tuple(self.paths.all()),
            tuple(map(str, self.app.config.exclude_patterns)),
            tuple(self.app.config.source_suffix),
            self.order.on_all_paths(unread),
            self.order.continued_by(unread),
        )

    def page(self, docname: str, path: ReadingPath) -> Page:
        """Return a page as Sphinx has read it last, as a reader on a path meets it.

        Sphinx follows a link to the folder; places are those that the author names. Raises
        ReadingError if that takes pages that weren't asked for.
        """
        failed, is_partial = self.failed.get(docname), self.choice.asked is not None
        if failed is None:
            if is_partial and shows_titles(self.app.env.get_doctree(docname)):
                raise ReadingError(f"a block of {docname} shows titles of other pages")
            try:
                page = page_of(self.app, docname, self.order, self.settings, path)
            except (Exception, SystemExit) as error:  # transforms can be any code
                failed = f"{type(error).__name__}: {error}"
                if is_partial:
                    raise ReadingError(f"{docname} can't be resolved alone: {failed}") from error
        if failed is not None:
            page = unreadable(self.app, docname, failed, path)
        return moved(page, Path(self.app.srcdir), self.confdir)

    def reread(self, name: str) -> Site:
        """Return the site with one page as its source is now; the site itself stays as it is."""
        docname, env = self.site.page(name).document, self.app.env
        self.failed.pop(docname, None)
        self.app.emit("env-purge-doc", env, docname)
        env.clear_doc(docname)
        forget_doctree(env, docname)
        self.app.builder.read_doc(docname)
        self.app.emit("env-updated", env)
        self.order = self.choice.order()
        self.paths.forget(docname)
        pages = tuple(self.paths.all())
        refuse_circles(pages)
        return dataclasses.replace(self.site, pages=pages)


def read_site(
    confdir: Path, cache: Path | None = None, pages: Iterable[Path] | None = None
) -> Site:
    """Read the pages of the Sphinx project whose conf.py is in `confdir`.

    `pages` are files of pages, or folders that contain some. If it's given, only these and the
    pages that they continue from are read; otherwise, all pages are. A file that isn't part of a
    project, such as a README, is a site with one page: pass the file as `confdir`.

    Doctrees are kept in the folder `cache`, if it's given, so that unchanged pages aren't read
    again next time. Reading executes conf.py, but none of the pages' commands. Raises ReadingError
    if Sphinx stops, and SettingsError if conf.py has a value that can't be used.
    """
    if cache is None:
        with tempfile.TemporaryDirectory(prefix="runthrough-doctrees-") as folder:
            return read_site(confdir, Path(folder), pages)
    with open_site(confdir, cache, pages) as opened:
        return opened.site


@contextmanager
def open_site(
    confdir: Path, cache: Path, pages: Iterable[Path] | None = None
) -> Iterator[OpenSite]:
    """Read a site and keep Sphinx at hand until the block ends; doctrees go to `cache`.

    Takes and raises what `read_site` does.
    """
    warnings = io.StringIO()
    is_alone = confdir.is_file()
    base = alone.base_of(confdir) if is_alone else confdir
    make = make_app_alone if is_alone else make_app
    naming = alone.naming_settings(confdir) if is_alone else nullcontext()
    with patch_docutils(str(base)), docutils_namespace():
        with naming, explained(confdir, warnings):
            asked = None if is_alone else pages
            opened = OpenSite(make(confdir, cache, warnings), base, asked)
        yield opened


@contextmanager
def explained(confdir: Path, warnings: io.StringIO) -> Iterator[None]:
    """Turn whatever conf.py and extensions raise into a ReadingError, or a SettingsError."""
    try:
        yield
    except (SettingsError, ReadingError):
        raise
    except (Exception, SystemExit) as error:  # conf.py and extensions can be any code
        if isinstance(error, ConfigError) and isinstance(error.__cause__, SettingsError):
            raise error.__cause__ from None
        said = warnings.getvalue().strip()
        alone = f"To see it by itself: sphinx-build -b html {shown(confdir)} _build"
        raise ReadingError(
            f"Sphinx can't read {shown(confdir)}: {type(error).__name__}: {error}\n"
            + (f"Before that it warned:\n{said}\n" if said else "")
            + (alone if confdir.is_dir() else "")
        ) from error


def refuse_circles(pages: Sequence[Page]) -> None:
    """Raise ReadingError if pages continue from each other, so that none can be the first."""
    before = {page.docname: page.continues for page in pages}
    for page in pages:
        passed = [page.docname]
        while (name := before[passed[-1]]) is not None:
            if name in passed:
                raise ReadingError(
                    f"{shown(page.file)}: these pages continue from each other, so none of them "
                    f"can be the first: {', '.join(sorted(passed))}. Remove ':continues:' from "
                    f"one, or change {PREFIX}continues in conf.py, or 'continues' in {SIDE_FILE}."
                )
            passed.append(name)


class Reading(Sphinx):
    """The application that a build of the site's HTML uses, with our extension in it."""

    def preload_builder(self, name: str) -> None:
        """Add our extension after those that conf.py names; this comes right after them."""
        self.setup_extension(EXTENSION)
        self.connect("config-inited", keep_at_hand, priority=1)
        self.connect("config-inited", with_own_suffixes, priority=1)
        super().preload_builder(name)


def keep_at_hand(app: Sphinx, config: Config) -> None:
    """Leave out the inventories that reading would need the network for."""
    if "intersphinx_mapping" in config:
        config.intersphinx_mapping = dict(at_hand(config.intersphinx_mapping))


def make_app(confdir: Path, cache: Path, warnings: io.StringIO) -> Sphinx:
    """Make the application that reads a site; this executes its conf.py, once."""
    # What earlier runs have shown isn't part of what a page asks.
    return made(confdir, confdir, cache, warnings, {"runthrough_results": None})


def make_app_alone(file: Path, cache: Path, warnings: io.StringIO) -> Sphinx:
    """Make the application that reads a file by itself; no conf.py is executed."""
    return made(alone.base_of(file), None, cache, warnings, alone.configuration(file))


def made(
    srcdir: Path,
    confdir: Path | None,
    cache: Path,
    warnings: io.StringIO,
    overrides: dict[str, object],
) -> Sphinx:
    """Make an application that reads pages, and keeps its doctrees in the folder `cache`."""
    cache.mkdir(parents=True, exist_ok=True)
    return Reading(
        srcdir=str(srcdir),
        confdir=None if confdir is None else str(confdir),
        outdir=str(cache / "html"),
        doctreedir=str(cache),
        buildername="html",
        confoverrides=overrides,
        status=None,
        warning=warnings,
    )


def at_hand(mapping: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield the projects whose inventories are files: reading needs no network."""
    for name, project in mapping.items():
        match project:
            case (address, [*places]) | (address, places):
                named = places if isinstance(places, list) else [places]
                files = [at for at in named if isinstance(at, str) and "://" not in at]
                if files:
                    yield name, (address, files)


def check_patterns(settings: Settings, docnames: Collection[str]) -> None:
    """Raise SettingsError for a page, or a pattern of pages, that isn't there any more."""
    for pattern in settings.must_have_steps:
        if not any(fnmatchcase(docname, pattern) for docname in docnames):
            raise wrong("must_have_steps", pattern, "patterns that match existing pages")
    for pattern in settings.uncached:
        if not any(fnmatchcase(docname, pattern) for docname in docnames):
            raise wrong("uncached", pattern, "patterns that match existing pages")
    for pattern, name in settings.continues.items():
        if not any(fnmatchcase(docname, pattern) for docname in docnames):
            raise wrong("continues", pattern, "patterns that match existing pages")
        if name != TOCTREE and name not in docnames:
            expected = f"{TOCTREE!r}, or the name of an existing page"
            raise wrong(f"continues[{pattern!r}]", name, expected)
    for exported in settings.exports:
        if exported.page not in docnames:
            raise wrong("exports", exported.page, "the name of an existing page as 'page'")
