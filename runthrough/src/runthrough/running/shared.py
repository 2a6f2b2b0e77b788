"""What all processes of a run use together: one server, and one store of states."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from runthrough.model.site import Site
from runthrough.processes import rundir
from runthrough.processes.rundir import own_run
from runthrough.running.snapshots import kept
from runthrough.running.snapshots.store import Record, Store
from runthrough.services.postgresql import Address, DatabaseError, Server, open_server


@dataclass(frozen=True)
class Common:
    """One process opens it; others get it from there, pickled."""

    store: Store
    server: Server | None
    run: str
    """Names the run."""

    def forget(self, docname: str, record: Record) -> None:
        """Remove the record of a page, with its state."""
        self.store.remove(docname)
        if self.server is not None and record.state is not None and record.state.database:
            self.server.drop(record.state.database)


@contextmanager
def open_common(
    site: Site,
    *,
    reuse: bool,
    say: Callable[[str], None],
    run: rundir.RunDirectory | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Iterator[Common]:
    """Open the server where the site uses one, and a store: a new one, or that of last time.

    A new one is in the folder of `run`, or else in one of its own.
    `say` gets each line that the report of the run has to add about databases that stay.
    """
    kept.sweep()
    # What is made on a server that is not ours is dropped at the end of the run.
    given = site.settings.database is not None and "DATABASE_URL" in environ
    last = kept.take(site.confdir) if reuse and not given else nullcontext()
    with nullcontext(run) if run else own_run() as own, last as folder:
        yield from opened(site, folder, own.path, environ, say)


def opened(
    site: Site,
    kept_folder: Path | None,
    own: Path,
    environ: Mapping[str, str],
    say: Callable[[str], None],
) -> Iterator[Common]:
    """Open the server, and drop at the end what belongs to no state in a kept folder."""
    docnames = [page.docname for page in site.pages]
    store = Store((kept_folder or own) / "states")
    run = secrets.token_hex(8)
    if site.settings.database is None:
        yield Common(store, None, run)
        store.prune(docnames)
        return
    like = Address.parse(site.settings.database)
    data = kept_folder / "server" if kept_folder else None
    with ExitStack() as resources:
        try:
            server = resources.enter_context(open_server(like, environ, keep=data, say=say))
        except DatabaseError:
            if kept_folder is None:
                raise
            # What was kept of the server may be damaged, and can be made again.
            kept.empty(kept_folder)
            server = resources.enter_context(open_server(like, environ, keep=data, say=say))
        yield Common(store, server, run)
        if data is not None:
            store.prune(docnames)
            server.drop_all_but(store.databases(docnames))
