"""Programs that pages need besides the shell: a database, a queue, a store of objects.

A run starts each `Service` of a site once; what it gets, a `RunningService`, is shared by all its
processes. There, each page has an `Instance` of its own, such as an empty database. The instance
says which of the page's values (an address) is which in this run, and adds to the environment.

The instance at the end of a page that others continue from is their snapshot: no page uses it any
more, and each of those pages begins with a copy. All other instances are dropped.

`postgresql` is the service that comes with runthrough. conf.py can name others, whose programs
are run with `programs`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from runthrough.processes.rundir import RunDirectory

__all__ = [
    "Instance",
    "Instances",
    "Launch",
    "Placeholder",
    "RunningService",
    "Service",
    "ServiceError",
]

DISCARDED = "discarded"
"""Name of a file in a service's folder: nothing that was kept there may be used again."""


class ServiceError(Exception):
    """A service can't be used; the message says what was found, where, and what to do."""


@dataclass(frozen=True)
class Placeholder:
    """A value on the page that differs on every run, such as an address."""

    page: str
    run: str
    """Long enough to be recognised in an output, and in the files that a page leaves."""
    typed: bool = True
    """Whether the run types it where the page shows `page`; otherwise, it's only replaced with
    `page` in what is printed."""


@dataclass(frozen=True)
class Instance:
    """What one page gets from a service: a database, a bucket, a folder."""

    name: str
    """Distinguishes it from the service's other instances, including those that other processes
    make."""
    placeholders: tuple[Placeholder, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that are set for the page."""
    secrets: tuple[str, ...] = ()
    """What no report may show, such as a password that isn't on the page."""


Instances = Mapping[str, Instance]
"""The instances of one page, by the name of their service."""


class RunningService(Protocol):
    """A service that has been started. It's pickled, and each process of the run has a copy."""

    @property
    def name(self) -> str:
        """The name that the closing line and the badges show: "PostgreSQL"."""

    @property
    def version(self) -> str:
        """The version that the closing line and the badges show."""

    @property
    def address(self) -> str:
        """Where it answers. Anything kept from a service at another address isn't reused."""

    @property
    def path(self) -> Sequence[Path]:
        """Folders with the service's own programs, for the page's PATH."""

    def create(self, template: Instance | None) -> Instance:
        """Make an instance: empty, or a copy of `template`, which no page uses any more.

        Raises ServiceError if that's impossible.
        """

    def has(self, instance: Instance) -> bool:
        """Return whether an instance that an earlier run has kept is still there."""

    def drop(self, instance: Instance) -> None:
        """Remove an instance; do nothing if it's already gone."""

    def drop_all_but(self, names: Collection[str]) -> None:
        """Remove all instances except those with these names, which a later run may reuse."""

    def contents(self, instance: Instance) -> Mapping[str, Sequence[str]]:
        """Return what an instance holds, as lines, by the name of each part (a table, a key).

        This shows whether two runs of a page leave the same.
        """


@dataclass(frozen=True)
class Launch:
    """What a run passes to a service that it starts."""

    folder: Path
    """A folder for the service's files, which is removed at the end of the run unless kept."""
    is_kept: bool
    """Whether the folder is kept for the next run: it may contain what the last one left."""
    environ: Mapping[str, str]
    """pytest's environment."""
    say: Callable[[str], None]
    """Adds a line to the end of the report, to name what the service couldn't remove."""
    run: RunDirectory
    """The run's own folder: while a program holds its lock, no other run removes it."""

    def discard(self) -> None:
        """Have everything that was kept removed before the next run, because it may be damaged."""
        (self.folder / DISCARDED).touch()


class Service(Protocol):
    """A service as conf.py describes it."""

    def can_keep(self, environ: Mapping[str, str]) -> bool:
        """Return whether instances may outlive the run, for `--runthrough-reuse`.

        False for a server that isn't runthrough's own, because nothing may be left there.
        """

    def start(self, launch: Launch) -> AbstractContextManager[RunningService]:
        """Start the service for a whole run; end it, and drop what was made, when the block ends.

        Raises ServiceError if that's impossible.
        """
