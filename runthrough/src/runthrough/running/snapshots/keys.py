"""Cache key: a hash of everything that determines a page's snapshot."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

from runthrough.model.contents import Look, content, contents, portable, status
from runthrough.model.digests import engine, fingerprint, without_places
from runthrough.model.settings import Settings
from runthrough.model.steps import Export, Page
from runthrough.running.project import Project
from runthrough.running.snapshots import outside
from runthrough.services import RunningService
from runthrough.shell.bash import find_bash
from runthrough.sources.git import ignored


@dataclass(frozen=True)
class CacheInputs:
    """What all pages of a site are run with."""

    settings: Settings
    services: Mapping[str, RunningService]
    python: Path
    environment: Mapping[str, str]
    """What a run takes over from its caller."""
    project: Project
    elsewhere: bool = False
    """Whether another machine has to get the same key: files then count by their content, and
    servers by what they are."""
    repository: Callable[[], str] = str
    """Returns what changes with any file of the site's repository but its pages."""
    runs_project: bool = False
    """Whether pages may run what is in the repository."""
    ends: dict[tuple[str, str], str] = field(default_factory=dict)
    """Keys that were made, by the key before a page and the page's name."""

    @cached_property
    def look(self) -> Look:
        """Describes a file, and looks at each file once."""
        return cache(portable if self.elsewhere else status)

    @cached_property
    def names(self) -> Callable[[Path], set[str]]:
        """Lists a folder, each once."""
        return cache(outside.names_in)

    @cached_property
    def key(self) -> str:
        """Changes if any of them does; they are read once."""
        return sha256(self)

    def __iter__(self) -> Iterator[str]:
        """Yield each of them as a text."""
        yield engine()
        yield f"{self.python.resolve()} {sys.version}"
        yield from outside.installed(self.python, self.look)
        yield from outside.own_packages()
        yield from outside.system()
        yield from outside.named_by(self.environment, self.look)
        if self.elsewhere:
            yield from outside.named_in_values(self.environment, self.look)
        yield from outside.project(":".join(map(str, self.project.path)), self.look)
        yield self.project.key
        if self.runs_project:
            yield self.repository()
        if self.project.virtualenv is not None:
            for folder in sorted(self.project.virtualenv.glob("lib/python3*/site-packages")):
                yield from outside.packages(folder)
        yield from outside.project(self.environment.get("PATH", ""), self.look)
        yield f"{find_bash()} {self.look(find_bash().path)}"
        yield repr(without_places(self.settings))
        yield repr(sorted(self.environment.items()))
        for name, one in self.services.items():
            yield f"{name}: {one.name} {one.version} {list(map(str, one.path))}"
            if not self.elsewhere:
                yield one.address
            for folder in one.path:
                yield from outside.listed(folder)
            yield from content(Path(inspect.getfile(type(one))))

    def after(self, before: str, page: Page) -> str:
        """Return the key of a page that begins with what another leaves, whose key is `before`."""
        which = before, page.docname
        if which not in self.ends:
            self.ends[which] = sha256([before, *own_parts(page, self)])
        return self.ends[which]

    @cached_property
    def path(self) -> tuple[Path, ...]:
        """The folders in which a page's programs can be."""
        taken = filter(None, self.environment.get("PATH", "").split(":"))
        services = (folder for service in self.services.values() for folder in service.path)
        system = map(Path, outside.SYSTEM_PATH)
        path = (*self.project.path, *map(Path, taken), *services, *system)
        return tuple(dict.fromkeys(one.resolve() for one in path))

    @property
    def home(self) -> str:
        """The pages' own name of their home."""
        return str(PurePosixPath(self.settings.directory).parent)


def conftests(page: Page) -> Iterator[str]:
    """Yield the files with which pytest lets a project set up a page."""
    for number, folder in enumerate(page.file.parents):
        if (file := folder / "conftest.py").is_file():
            yield f"{number} up"
            yield from contents(file)


def left_out(page: Page) -> Iterator[str]:
    """Yield what a page doesn't get of the files that it starts with, because git ignores it."""
    for given in page.starts_with:
        yield from sorted(map(str, ignored(given.parent, given.name)))


def own_parts(page: Page, inputs: CacheInputs) -> Iterator[str]:
    """Yield what leads from the beginning of a page to its end."""
    yield fingerprint([page])
    for step in page.steps:
        if isinstance(step, Export):
            yield from contents(step.target)
    yield from left_out(page)
    if set_up := list(conftests(page)):
        yield from set_up
        yield inputs.repository()  # a conftest.py can import what is next to it
    yield from outside.read_by(page.steps, inputs.home, inputs.path, inputs.look, inputs.names)


def key_of(chain: Sequence[Page], inputs: CacheInputs) -> str:
    """Return what changes when anything does that leads to the end of the last page.

    That is the text and the options of every step (not their places), the files and programs from
    outside that the pages name, the settings, the engine, the interpreter, bash, the system and
    the services.
    """
    end = inputs.key
    for page in chain:
        end = inputs.after(end, page)
    return end


def sha256(parts: Iterable[str]) -> str:
    """Return a digest of some parts."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
