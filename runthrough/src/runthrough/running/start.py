"""How a walk begins: with nothing, or with what another page leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from runthrough.matching.placeholders import Story
from runthrough.model.settings import Settings
from runthrough.processes.rundir import RunDirectory
from runthrough.running import checkpoints
from runthrough.running.context import Stage
from runthrough.running.masking import Secrets
from runthrough.running.page_run import Options
from runthrough.running.shared import Common
from runthrough.running.snapshots.snapshot import Bound, State, keep, recall
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
class Ground:
    """What all walks of a run stand on."""

    settings: Settings
    run: RunDirectory
    common: Common
    options: Options

    def begin(self, state: State | None) -> Stage:
        """Begin with what a page has left; with nothing where there is none."""
        return self.empty() if state is None else self.taken_up(state)

    def empty(self) -> Stage:
        """Begin in an empty folder, with an empty database and a shell at its first prompt."""
        workspace = make_workspace(self.settings.directory, self.claim)
        database = self.make_database(None)
        server = self.common.server
        path = (server.bindir,) if server and server.bindir else ()
        environment = make_environment(
            workspace, self.settings.columns, path, self.settings.environment
        )
        shell = self.shell(
            workspace, workspace.directory, {**environment, **self.options.environment}
        )
        return self.stage(workspace, database, shell)

    def taken_up(self, state: State) -> Stage:
        """Begin with the files, the database, the shell and the values of a state."""
        workspace = make_home(self.settings.directory, self.claim)
        database = self.make_database(state.database)
        recalled = state.copy_to(workspace.home, database)
        shell = self.shell(workspace, workspace.home, {}, state.nonce)
        stage = self.stage(workspace, database, shell, state.bound)
        try:
            recall(shell, recalled, state.renaming(workspace.home, database).text(state.directory))
        except BaseException:
            shell.end()
            raise
        stage.printed += state.printed
        return stage

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

    def stage(
        self, workspace: Workspace, database: Database | None, shell: Shell, bound: Bound = ()
    ) -> Stage:
        """Put everything together."""
        story = self.story(str(workspace.home), database, bound)
        show = self.options.show
        secrets = self.secrets(database)
        return Stage(
            *(self.settings, workspace, shell, story),
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

    def story(self, home: str, database: Database | None, bound: Bound) -> Story:
        """Say what the pages' values stand for in a home, a database and what was printed."""
        settings = self.settings
        story = Story(settings.identities, settings.shapes, settings.columns)
        story.fix(str(PurePosixPath(settings.directory).parent), home)
        if database is not None and settings.database is not None:
            page = Address.parse(settings.database)
            for shown, live, typed in stand_ins(page, database.address):
                story.fix(shown, live, typed=typed)
        for kind, shown, live in bound:
            story.kinds[shown] = kind
            story.fix(shown, live)
        return story

    def pack(self, docname: str, state: State) -> None:
        """Offer the reader's files at the end of a page to those who begin with the next."""
        checkpoint = self.settings.checkpoint(docname)
        if checkpoint is not None:
            directory = state.home / PurePosixPath(self.settings.directory).name
            story = self.story(state.called, state.database, state.bound)
            checkpoints.write(self.settings.archive(docname), checkpoint, directory, story)

    def make_database(self, template: Database | None) -> Database | None:
        """Make the walk's database, where the pages use one."""
        if self.common.server is None or self.settings.database is None:
            return None
        like = Address.parse(self.settings.database)
        return self.common.server.create_database(like, template)


def keep_stage(stage: Stage, folder: Path, *, copy: bool) -> State:
    """Keep what a page leaves in a folder, and end its shell.

    The files stay where they are as well if a `copy` is asked for.
    """
    story = stage.story
    bound = tuple((kind, page, story.typed[page]) for page, kind in story.kinds.items())
    home, database = stage.workspace.home, stage.database
    printed = stage.secrets.lines(stage.printed)
    return keep(folder, stage.shell, home, database, bound, printed, copy=copy)


def stand_ins(page: Address, run: Address) -> Iterator[tuple[str, str, bool]]:
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
