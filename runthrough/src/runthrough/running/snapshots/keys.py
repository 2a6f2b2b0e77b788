"""Cache key: a hash of everything that determines a page's snapshot."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from runthrough.model.contents import Look, content, contents, portable, status
from runthrough.model.digests import engine, fingerprint, without_places
from runthrough.model.settings import Settings
from runthrough.model.steps import Export, Page
from runthrough.running.project import Project
from runthrough.running.snapshots import outside
from runthrough.services import RunningService
from runthrough.shell.bash import find_bash


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
    """Whether another machine has to come to the same key: files then count by what they hold, and
    servers by what they are."""
    sources: str = ""
    """Changes with the repository, where pages may run what is in it."""

    @property
    def look(self) -> Look:
        """What says what a file is."""
        return portable if self.elsewhere else status

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """All of them, read once."""
        return tuple(self)

    def __iter__(self) -> Iterator[str]:
        """Yield each of them as a text."""
        yield engine()
        yield f"{self.python.resolve()} {sys.version}"
        yield from outside.installed(self.python, self.look)
        yield from outside.own_packages()
        yield from outside.system()
        yield from outside.named_by(self.environment, self.look)
        yield from outside.project(":".join(map(str, self.project.path)), self.look)
        yield self.project.key
        yield self.sources
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
            yield from content(Path(inspect.getfile(type(one))))

    @property
    def path(self) -> tuple[Path, ...]:
        """The folders in which a page's programs can be."""
        taken = filter(None, self.environment.get("PATH", "").split(":"))
        services = (folder for service in self.services.values() for folder in service.path)
        system = map(Path, outside.SYSTEM_PATH)
        return (*self.project.path, *map(Path, taken), *services, *system)

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


def key_of(chain: Sequence[Page], inputs: CacheInputs) -> str:
    """Return what changes when anything does that leads to the end of the last page.

    That is the text and the options of every step (not their places), the files and programs from
    outside that the pages name, the settings, the engine, the interpreter, bash, the system and
    the services.
    """
    steps = [step for page in chain for step in page.steps]
    exported = (step.target for step in steps if isinstance(step, Export))
    parts = [*inputs.texts, fingerprint(chain)]
    parts += (part for one in exported for part in contents(one))
    parts += (part for page in chain for part in conftests(page))
    parts += outside.read_by(steps, inputs.home, inputs.path, inputs.look)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
