"""Cache key: a hash of everything that determines a page's snapshot."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from runthrough.model.contents import content, contents
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

    def __iter__(self) -> Iterator[str]:
        """Yield each of them as a text."""
        yield engine()
        yield f"{self.python.resolve()} {sys.version}"
        yield from outside.installed(self.python)
        yield from outside.named_by(self.environment)
        yield from outside.project(":".join(map(str, self.project.path)))
        yield self.project.key
        yield from outside.project(self.environment.get("PATH", ""))
        yield str(find_bash())
        yield repr(without_places(self.settings))
        yield repr(sorted(self.environment.items()))
        for name, one in self.services.items():
            yield f"{name}: {one.name} {one.version} at {one.address} {list(map(str, one.path))}"
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


def key_of(chain: Sequence[Page], inputs: CacheInputs) -> str:
    """Return what changes when anything does that leads to the end of the last page.

    That is the text and the options of every step (not their places), the files and programs from
    outside that the pages name, the settings, the engine, the interpreter, bash and the services.
    """
    steps = [step for page in chain for step in page.steps]
    exported = (step.target for step in steps if isinstance(step, Export))
    parts = [*inputs, fingerprint(chain), *(part for one in exported for part in contents(one))]
    parts += outside.read_by(steps, inputs.home, inputs.path)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
