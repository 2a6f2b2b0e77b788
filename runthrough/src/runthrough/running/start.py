"""How a run begins: with nothing, or with what another page leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from runthrough.matching.placeholders import Placeholders
from runthrough.model.settings import Settings
from runthrough.processes.rundir import RunDirectory
from runthrough.running import checkpoints
from runthrough.running.context import Context
from runthrough.running.masking import Secrets
from runthrough.running.page_run import Options
from runthrough.running.shared import Shared
from runthrough.running.snapshots.snapshot import Bound, Snapshot, keep, recall
from runthrough.running.workspace import (
    Workspace,
    make_environment,
    make_home,
    make_workspace,
    taken_over,
)
from runthrough.services.postgresql import Address, Database
from runthrough.shell.shell import Shell

SHORTEST = 6
"""Characters that a password or a name has at least, to be looked for by itself in an output."""


@dataclass(frozen=True)
class PageFactory:
    """Creates the workspace, shell and database that a page starts with."""

    settings: Settings
    run: RunDirectory
    shared: Shared
    options: Options

    def begin(self, snapshot: Snapshot | None) -> Context:
        """Begin with what a page has left; with nothing where there is none."""
        return self.empty() if snapshot is None else self.reused_at(snapshot)

    def empty(self) -> Context:
        """Begin in an empty folder, with an empty database and a shell at its first prompt."""
        workspace = make_workspace(self.settings.directory, self.claim)
        database = self.make_database(None)
        server = self.shared.server
        path = (server.bindir,) if server and server.bindir else ()
        environment = make_environment(
            workspace, self.settings.columns, path, self.settings.environment
        )
        shell = self.shell(
            workspace, workspace.directory, {**environment, **self.options.environment}
        )
        return self.context(workspace, database, shell)

    def reused_at(self, snapshot: Snapshot) -> Context:
        """Begin with the files, the database, the shell and the values of a snapshot."""
        workspace = make_home(self.settings.directory, self.claim)
        database = self.make_database(snapshot.database)
        recalled = snapshot.copy_to(workspace.home, database)
        shell = self.shell(workspace, workspace.home, {}, snapshot.nonce)
        context = self.context(workspace, database, shell, snapshot.bound)
        try:
            recall(
                shell,
                recalled,
                snapshot.renaming(workspace.home, database).text(snapshot.directory),
            )
        except BaseException:
            shell.end()
            raise
        context.printed += snapshot.printed
        return context

    def claim(self, folder: Path) -> None:
        """Let a folder go with the run, unless it is to stay."""
        if not self.options.keep:
            self.run.claim(folder)

    def shell(
        self,
        workspace: Workspace,
        folder: Path,
        environment: dict[str, str],
        nonce: bytes | None = None,
    ) -> Shell:
        """Start a shell in a folder of the workspace, which it removes at its end."""
        return Shell(
            folder,
            environment,
            self.settings.columns,
            remove=() if self.options.keep else (workspace.home,),
            orphaned=() if self.options.keep else (self.run.path,),
            keep_open=(self.run.lock,),
            nonce=nonce,
        )

    def context(
        self, workspace: Workspace, database: Database | None, shell: Shell, bound: Bound = ()
    ) -> Context:
        """Put everything together."""
        placeholders = self.placeholders(str(workspace.home), database, bound)
        show = self.options.show
        secrets = self.secrets(database)
        return Context(
            *(self.settings, workspace, shell, placeholders),
            show=lambda said: show(f"  {secrets.text(said)}"),
            secrets=secrets,
            database=database,
        )

    def secrets(self, database: Database | None) -> Secrets:
        """Gather what must not be shown; the password on the page is no secret."""
        shown = Address.parse(self.settings.database or "postgresql://").password
        password = database.address.password if database else ""
        environment = taken_over(self.settings.environment)
        return Secrets.of(environment, "" if password == shown else password)

    def placeholders(self, home: str, database: Database | None, bound: Bound) -> Placeholders:
        """Say what the pages' values stand for in a home, a database and what was printed."""
        settings = self.settings
        placeholders = Placeholders(settings.captures, settings.patterns, settings.columns)
        placeholders.fix(str(PurePosixPath(settings.directory).parent), home)
        if database is not None and settings.database is not None:
            page = Address.parse(settings.database)
            for shown, live, typed in placeholders_of(page, database.address):
                placeholders.fix(shown, live, typed=typed)
        for kind, shown, live in bound:
            placeholders.kinds[shown] = kind
            placeholders.fix(shown, live)
        return placeholders

    def pack(self, docname: str, snapshot: Snapshot) -> None:
        """Offer the reader's files at the end of a page to those who begin with the next."""
        checkpoint = self.settings.checkpoint(docname)
        if checkpoint is not None:
            directory = snapshot.home / PurePosixPath(self.settings.directory).name
            placeholders = self.placeholders(snapshot.called, snapshot.database, snapshot.bound)
            checkpoints.write(self.settings.archive(docname), checkpoint, directory, placeholders)

    def make_database(self, template: Database | None) -> Database | None:
        """Make the run's database, where the pages use one."""
        if self.shared.server is None or self.settings.database is None:
            return None
        like = Address.parse(self.settings.database)
        return self.shared.server.create_database(like, template)


def keep_snapshot(context: Context, folder: Path, *, copy: bool) -> Snapshot:
    """Keep what a page leaves in a folder, and end its shell.

    The files stay where they are as well if a `copy` is asked for.
    """
    placeholders = context.placeholders
    bound = tuple(
        (kind, page, placeholders.typed[page]) for page, kind in placeholders.kinds.items()
    )
    home, database = context.workspace.home, context.database
    printed = context.secrets.lines(context.printed)
    return keep(folder, context.shell, home, database, bound, printed, copy=copy)


def placeholders_of(page: Address, run: Address) -> Iterator[tuple[str, str, bool]]:
    """Yield page's value, run's value, and whether a reader types it.

    A reader types the address in full; its parts are only put back in what is printed.
    """
    yield location(page), location(run), True
    yield endpoint(page), endpoint(run), False
    yield f"port {page.port or 5432}", f"port {run.port or 5432}", False
    words = {run.user, run.host, "postgres", "postgresql"}
    for one, other in ((page.dbname, run.dbname), (page.password, run.password)):
        if len(other) >= SHORTEST and other not in words:
            yield one, other, False


def location(address: Address) -> str:
    """Write what stands between the scheme and the query: `user:password@host:port/dbname`."""
    return address.url.partition("://")[2].partition("?")[0]


def endpoint(address: Address) -> str:
    """Write `host:port`."""
    return f"{address.host}:{address.port or 5432}"
