"""Which pages differ on a further path through the site, and what they ask there."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sphinx import addnodes
from sphinx.application import Sphinx

from runthrough.model.converting import wrong
from runthrough.model.paths import ORDINARY, ReadingPath
from runthrough.model.settings import Settings
from runthrough.model.steps import Export, Page, Step
from runthrough.reading.tabs import chosen


@dataclass
class PathPages:
    """The pages of a site on all of its paths; each is read when it's asked for."""

    app: Sphinx
    settings: Settings
    docnames: Sequence[str]
    """Of all pages, in reading order."""
    read: Callable[[str, ReadingPath], Page]
    """Reads a page, by its name in Sphinx, as a reader on a path meets it."""
    known: dict[str, Page | None]
    """Pages by their names, those of paths included; None for one that its path doesn't change."""
    by_path: dict[str, dict[str, Page]] = field(default_factory=dict)
    """For the name of each path its pages, by their names in Sphinx."""

    def all(self) -> Iterator[Page]:
        """Yield the pages in reading order, then for each path those that are run on it."""
        yield from map(self.ordinary, self.docnames)
        for path in self.settings.paths:
            yield from self.on(path).values()

    def ordinary(self, docname: str) -> Page:
        """Return a page as a reader meets it to whom conf.py gives no other path."""
        page = self.known.get(docname)
        if page is None:
            self.known[docname] = page = self.read(docname, ORDINARY)
        return page

    def named(self, name: str) -> Page:
        """Return a page by its name, which may be one on a path."""
        for path in self.settings.paths:
            docname = name.removesuffix(path.name_of(""))
            if docname != name:
                return self.on(path)[docname]
        return self.ordinary(name)

    def on(self, path: ReadingPath) -> dict[str, Page]:
        """Return the pages that are run on a path, in reading order.

        These are the pages that it changes, and those that lead from one of them to another.
        """
        if path.name not in self.by_path:
            changed = {name: page for name in self.docnames if (page := self.changed(name, path))}
            names = changed.keys() | set(self.between(changed, path))
            pages = {
                name: changed.get(name) or self.read(name, path)
                for name in self.docnames
                if name in names
            }
            self.by_path[path.name] = {
                name: dataclasses.replace(page, continues=path.name_of(page.continues))
                if page.continues in pages
                else page
                for name, page in pages.items()
            }
        return self.by_path[path.name]

    def between(self, changed: Mapping[str, Page], path: ReadingPath) -> Iterator[str]:
        """Yield the pages that lead from one that a path changes to another."""
        for page in changed.values():
            passed: list[str] = []
            before = page.continues
            while before is not None and before not in passed:
                if before in changed:
                    yield from passed
                passed.append(before)
                before = changed.get(before, self.ordinary(before)).continues

    def changed(self, docname: str, path: ReadingPath) -> Page | None:
        """Return a page as a path changes it; None if it leaves the page as it is."""
        name = path.name_of(docname)
        if name not in self.known:
            self.known[name] = None
            if docname in path.pages or self.may_differ(docname, path):
                page = self.read(docname, path)
                if docname in path.pages or asked(page) != asked(self.ordinary(docname)):
                    self.known[name] = page
        return self.known[name]

    def may_differ(self, docname: str, path: ReadingPath) -> bool:
        """Return whether a reader on a path takes other tabs, or is shown something else."""
        here, there = self.settings.labels(ORDINARY), self.settings.labels(path)
        sets = self.ordinary(docname).tab_sets
        if any(chosen(labels, here) != chosen(labels, there) for labels in sets):
            return True
        if not path.tags:
            return False
        doctree = self.app.env.get_doctree(docname)
        return next(iter(doctree.findall(addnodes.only)), None) is not None

    def forget(self, docname: str) -> None:
        """Forget a page that is read again, on all paths."""
        self.by_path.clear()
        for path in (ORDINARY, *self.settings.paths):
            self.known.pop(path.name_of(docname), None)

    def check(self) -> None:
        """Raise SettingsError for a label that no set of tabs has, and what changes no page."""
        labels = {
            label for name in self.docnames for one in self.ordinary(name).tab_sets for label in one
        }
        for label in self.settings.tabs:
            refuse_unknown(label, labels, "tabs")
        for path in self.settings.paths:
            setting = f"paths[{path.name!r}]"
            for label in path.tabs:
                refuse_unknown(label, labels, f"{setting}['tabs']")
            pages = self.on(path)
            if not pages:
                raise wrong(setting, dict_of(path), "something that changes a page")
            for docname, before in path.pages.items():
                page, ordinary = pages[docname], self.ordinary(docname)
                if (asked(page), page.continues) == (asked(ordinary), ordinary.continues):
                    expected = "a page other than the one that it continues from anyway"
                    raise wrong(f"{setting}['pages'][{docname!r}]", before, expected)


def asked(page: Page) -> list[Step]:
    """Return what a page asks of its reader, without the checks at its end."""
    return [step for step in page.steps if not isinstance(step, Export)]


def refuse_unknown(label: str, labels: Collection[str], setting: str) -> None:
    """Raise SettingsError for a label that no tab has."""
    if label not in labels:
        some = ", ".join(map(repr, sorted(labels)[:MOST])) or "there are no tabs"
        raise wrong(setting, label, f"labels of existing tabs ({some})")


MOST = 10
"""Labels that a message lists."""


def dict_of(path: ReadingPath) -> dict[str, object]:
    """Return what conf.py gives of a path."""
    given = {"tabs": list(path.tabs), "pages": dict(path.pages), "tags": list(path.tags)}
    return {name: value for name, value in given.items() if value}


def check_names(settings: Settings, docnames: Collection[str]) -> None:
    """Raise SettingsError for a page in a path that isn't there."""
    for path in settings.paths:
        for docname, before in path.pages.items():
            setting = f"paths[{path.name!r}]['pages']"
            if docname not in docnames:
                raise wrong(setting, docname, "the names of existing pages")
            if before not in docnames or before == docname:
                expected = "the name of another existing page"
                raise wrong(f"{setting}[{docname!r}]", before, expected)
