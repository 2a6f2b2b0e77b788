"""What all processes of a run share: its services, and a store of snapshots."""

from __future__ import annotations

import os
import pickle
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from runthrough.model.site import Site
from runthrough.processes import rundir
from runthrough.processes.rundir import run_directory
from runthrough.running.project import Project, open_project
from runthrough.running.snapshots import kept
from runthrough.running.snapshots.store import Record, Store
from runthrough.services import Instance, Instances, Launch, RunningService, Service, ServiceError
from runthrough.services.configured import configured, find_modules_in


@dataclass(frozen=True)
class Shared:
    """One process opens it; others get it from there, pickled."""

    store: Store
    services: Mapping[str, RunningService]
    """By name."""
    run: str
    """Names the run."""
    confdir: Path
    """Where the modules of the project's own services can be."""
    project: Project = field(default_factory=Project)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the services by themselves: another process has to find their modules first."""
        services = pickle.dumps(self.services)
        return unpickled, (self.store, services, self.run, self.confdir, self.project)

    def forget(self, docname: str, record: Record) -> None:
        """Remove the record of a page, with its snapshot."""
        self.store.remove(docname)
        if record.snapshot is not None:
            self.drop(record.snapshot.instances)

    def create(self, templates: Instances) -> Instances:
        """Make an instance of each service: a copy of its template, or an empty one."""
        made: dict[str, Instance] = {}
        try:
            for name, service in self.services.items():
                with naming(name, "can't make an instance"):
                    made[name] = service.create(templates.get(name))
        except BaseException:
            with suppress(ServiceError):
                self.drop(made)
            raise
        return made

    def has(self, instances: Instances) -> bool:
        """Return whether everything that a snapshot has of the services is still there."""
        for name, instance in instances.items():
            with naming(name, "doesn't answer"):
                if name in self.services and not self.services[name].has(instance):
                    return False
        return True

    def drop(self, instances: Instances) -> None:
        """Remove the instances of a page."""
        for name, instance in instances.items():
            with naming(name, f"can't drop {instance.name}"):
                if name in self.services:
                    self.services[name].drop(instance)


def unpickled(store: Store, services: bytes, run: str, confdir: Path, project: Project) -> Shared:
    """Make what another process has opened."""
    find_modules_in(confdir)
    return Shared(store, pickle.loads(services), run, confdir, project)


@contextmanager
def naming(service: str, what: str) -> Iterator[None]:
    """Turn any exception of a service into an error with its name and `what` it can't do."""
    try:
        yield
    except ServiceError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise ServiceError(f"the service {service!r} {what}: {reason}") from error


@contextmanager
def open_shared(
    site: Site,
    *,
    reuse: bool,
    say: Callable[[str], None],
    run: rundir.RunDirectory | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Iterator[Shared]:
    """Start the services of the site, and open a store: a new one, or that of last time.

    A new one is in the folder of `run`, or else in one of its own.
    `say` gets each line that the report of the run has to add about what stays on a server.
    """
    kept.sweep()
    services = configured(site.settings, site.confdir)
    may_keep = reuse and all(service.can_keep(environ) for service in services.values())
    last = kept.take(site.confdir, say) if may_keep else nullcontext()
    with nullcontext(run) if run else run_directory() as own, last as kept_folder:
        folder = kept_folder or own.path
        launches = Launches(folder / kept.SERVICES, kept_folder is not None, environ, say, own)
        yield from opened(site, services, Store(folder / "snapshots"), launches, kept_folder)


def opened(
    site: Site,
    services: Mapping[str, Service],
    store: Store,
    launches: Launches,
    kept_folder: Path | None,
) -> Iterator[Shared]:
    """Start services, and drop at the end what belongs to no snapshot in a kept folder."""
    docnames = site.docnames
    with ExitStack() as resources:
        try:
            started = resources.enter_context(start(services, launches))
        except ServiceError:
            if kept_folder is None:
                raise
            # What was kept of a service may be damaged, and can be made again.
            kept.empty(kept_folder)
            started = resources.enter_context(start(services, launches))
        project = open_project(site, launches.folder.parent / "project")
        yield Shared(store, started, secrets.token_hex(8), site.confdir, project)
        if kept_folder is not None:
            store.prune(docnames)
            for name, service in started.items():
                with naming(name, "can't drop what pages no longer need"):
                    service.drop_all_but(store.instances(docnames, name))


@dataclass(frozen=True)
class Launches:
    """What services are started with, in folders of their own."""

    folder: Path
    is_kept: bool
    environ: Mapping[str, str]
    say: Callable[[str], None]
    run: rundir.RunDirectory

    def of(self, name: str) -> Launch:
        """Make the folder of a service, which one that runs as another user can enter."""
        folder = self.folder / name
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        self.folder.chmod(0o711)
        return Launch(folder, self.is_kept, self.environ, self.say, self.run)


@contextmanager
def start(
    services: Mapping[str, Service], launches: Launches
) -> Iterator[Mapping[str, RunningService]]:
    """Start services, one after the other, and end them in the opposite order."""
    with ExitStack() as resources:
        started: dict[str, RunningService] = {}
        for name, service in services.items():
            launch = launches.of(name)
            with naming(name, "can't start"):
                started[name] = resources.enter_context(service.start(launch))
        yield started
