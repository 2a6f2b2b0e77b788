"""How a run begins: with nothing, or with what another page leaves."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from runthrough.matching.placeholders import Placeholders
from runthrough.model.settings import Settings
from runthrough.processes.rundir import RunDirectory
from runthrough.running import checkpoints, virtualenv
from runthrough.running.context import Context
from runthrough.running.masking import Secrets
from runthrough.running.page_run import Options, PageStart
from runthrough.running.shared import Shared
from runthrough.running.snapshots.snapshot import Bound, Snapshot, keep, recall
from runthrough.running.workspace import (
    Workspace,
    make_environment,
    make_home,
    make_workspace,
    taken_over,
)
from runthrough.services import Instances
from runthrough.shell.shell import Shell


@dataclass(frozen=True)
class PageFactory:
    """Creates the workspace, shell and instances of services that a page starts with."""

    settings: Settings
    run: RunDirectory
    shared: Shared
    options: Options

    def begin(
        self, snapshot: Snapshot | None, start: PageStart | None = None, *, move: bool = False
    ) -> Context:
        """Begin with what a page has left, or with nothing, and with what a project adds.

        With `move`, the page takes the files of the snapshot instead of a copy.
        """
        start = start or PageStart()
        return self.empty(start) if snapshot is None else self.restored(snapshot, start, move=move)

    def empty(self, start: PageStart) -> Context:
        """Begin in an empty folder, with empty instances and a shell at its first prompt."""
        workspace = make_workspace(self.settings.directory, self.claim)
        instances = self.shared.create({})
        environment = self.environment(workspace, instances, start)
        shell = self.shell(workspace, workspace.directory, environment)
        if self.shared.project.virtualenv is not None:
            try:
                virtualenv.activate(self.shared.project.virtualenv, workspace.home, shell)
            except BaseException:
                shell.end()
                raise
        return self.context(workspace, instances, shell, start)

    def restored(self, snapshot: Snapshot, start: PageStart, *, move: bool) -> Context:
        """Begin with the files, the instances, the shell and the values of a snapshot."""
        workspace = make_home(self.settings.directory, self.claim)
        instances = self.shared.create(snapshot.instances)
        fill = snapshot.move_to if move else snapshot.copy_to
        recalled = fill(workspace.home, instances)
        shell = self.shell(workspace, workspace.home, {}, snapshot.nonce)
        context = self.context(workspace, instances, shell, start, snapshot.bound)
        try:
            recall(
                shell,
                recalled,
                snapshot.renaming(workspace.home, instances).text(snapshot.directory),
            )
            given = {**start.environment, **self.options.environment}
            if start.environment:
                words = (shlex.quote(f"{name}={value}") for name, value in given.items())
                shell.run_unseen(f"export {' '.join(words)}")
        except BaseException:
            shell.end()
            raise
        context.printed += snapshot.printed
        return context

    def environment(
        self, workspace: Workspace, instances: Instances, start: PageStart
    ) -> dict[str, str]:
        """Make the environment that a new terminal of the page has."""
        path = [folder for service in self.shared.services.values() for folder in service.path]
        environment = make_environment(
            *(workspace, self.settings.columns, path, self.settings.environment),
            project=self.shared.project.path,
        )
        environment |= self.settings.variables
        environment |= self.shared.project.variables(environment)
        for instance in instances.values():
            environment |= instance.environment
        environment |= start.variables
        return {**environment, **start.environment, **self.options.environment}

    def claim(self, folder: Path) -> None:
        """Have a folder removed with the run, unless it has to stay."""
        if not self.options.keep:
            self.run.claim(folder)

    def shell(
        self,
        workspace: Workspace,
        folder: Path,
        environment: dict[str, str],
        nonce: bytes | None = None,
    ) -> Shell:
        """Start the first shell of a page, which removes the home at its end."""
        return self.shell_at(folder, environment, [workspace.home], nonce)

    def shell_at(
        self,
        folder: Path,
        environment: dict[str, str],
        remove: Sequence[Path] = (),
        nonce: bytes | None = None,
    ) -> Shell:
        """Start a shell in a folder; at its end, it removes the others, unless they have to
        stay."""
        return Shell(
            folder,
            environment,
            self.settings.columns,
            remove=() if self.options.keep else remove,
            orphaned=() if self.options.keep else (self.run.path,),
            keep_open=(self.run.lock,),
            nonce=nonce,
        )

    def context(
        self,
        workspace: Workspace,
        instances: Instances,
        shell: Shell,
        start: PageStart,
        bound: Bound = (),
    ) -> Context:
        """Put everything together."""
        placeholders = self.placeholders(str(workspace.home), instances, bound)
        for port, used in start.ports.items():
            placeholders.fix(str(port), str(used))
            if any(str(used) in value for value in start.told()):
                placeholders.told.add(str(port))
        for shown, value in self.settings.values.items():
            # The value may itself be one of the page's, such as the folder in which it starts.
            placeholders.fix(shown, placeholders.to_run_values.text(value))
        for shown, live in start.values.items():
            placeholders.fix(shown, live)
        show = self.options.show
        secrets = self.secrets(instances)
        return Context(
            *(self.settings, workspace, shell, placeholders),
            show=lambda said: show(f"  {secrets.text(said)}"),
            secrets=secrets,
            instances=instances,
            ports=start.ports,
            open_shell=lambda folder: self.shell_at(
                folder, self.environment(workspace, instances, start)
            ),
        )

    def secrets(self, instances: Instances) -> Secrets:
        """Gather what must not be shown."""
        others = [secret for instance in instances.values() for secret in instance.secrets]
        return Secrets.of(taken_over(self.settings.environment), others)

    def placeholders(self, home: str, instances: Instances, bound: Bound) -> Placeholders:
        """Bind the pages' values to the run's: a home, services, and what was printed."""
        settings = self.settings
        placeholders = Placeholders(settings.captures, settings.patterns, settings.columns)
        placeholders.fix(str(PurePosixPath(settings.directory).parent), home)
        for instance in instances.values():
            for one in instance.placeholders:
                placeholders.fix(one.page, one.run, typed=one.typed)
        for kind, shown, live in bound:
            placeholders.kinds[shown] = kind
            placeholders.fix(shown, live)
        return placeholders

    def pack(self, docname: str, snapshot: Snapshot) -> None:
        """Offer the reader's files at the end of a page to those who begin with the next."""
        checkpoint = self.settings.checkpoint(docname)
        if checkpoint is not None:
            directory = snapshot.home / PurePosixPath(self.settings.directory).name
            placeholders = self.placeholders(snapshot.called, snapshot.instances, snapshot.bound)
            checkpoints.write(self.settings.archive(docname), checkpoint, directory, placeholders)


def keep_snapshot(context: Context, folder: Path, *, copy: bool) -> Snapshot:
    """Keep what a page leaves in a folder, and end its shell.

    The files stay where they are as well if a `copy` is asked for.
    """
    placeholders = context.placeholders
    bound = tuple(
        (kind, page, placeholders.typed[page]) for page, kind in placeholders.kinds.items()
    )
    printed = context.secrets.lines(context.printed)
    home, instances = context.workspace.home, context.instances
    told = placeholders.told
    ports = tuple(item for item in context.ports.items() if str(item[0]) in told)
    return keep(folder, context.shell, home, instances, bound, printed, ports, copy=copy)
