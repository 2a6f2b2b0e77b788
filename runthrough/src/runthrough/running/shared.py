"""What all processes of a run use together: one server, and one store of snapshots."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from runthrough.model.site import Site
from runthrough.processes import rundir
from runthrough.processes.rundir import run_directory
from runthrough.running.snapshots import kept
from runthrough.running.snapshots.store import Record, Store
from runthrough.services.postgresql import Address, DatabaseError, Server, open_server


@dataclass(frozen=True)
class Shared:
    """One process opens it; others get it from there, pickled."""

    store: Store
    server: Server | None
    run: str
    """Names the run."""

    def forget(self, docname: str, record: Record) -> None:
        """Remove the record of a page, with its snapshot."""
        self.store.remove(docname)
        if self.server is not None and record.snapshot is not None and record.snapshot.database:
            self.server.drop(record.snapshot.database)


@contextmanager
def open_shared(
    site: Site,
    *,
    reuse: bool,
    say: Callable[[str], None],
    run: rundir.RunDirectory | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Iterator[Shared]:
    """Open the server where the site uses one, and a store: a new one, or that of last time.

    A new one is in the folder of `run`, or else in one of its own.
    `say` gets each line that the report of the run has to add about databases that stay.
    """
    kept.sweep()
    # What is made on a server that is not ours is dropped at the end of the run.
    given = site.settings.database is not None and "DATABASE_URL" in environ
    last = kept.take(site.confdir) if reuse and not given else nullcontext()
    with nullcontext(run) if run else run_directory() as own, last as folder:
        yield from opened(site, folder, own.path, environ, say)


def opened(
    site: Site,
    kept_folder: Path | None,
    own: Path,
    environ: Mapping[str, str],
    say: Callable[[str], None],
) -> Iterator[Shared]:
    """Open the server, and drop at the end what belongs to no snapshot in a kept folder."""
    docnames = [page.docname for page in site.pages]
    store = Store((kept_folder or own) / "snapshots")
    run = secrets.token_hex(8)
    if site.settings.database is None:
        yield Shared(store, None, run)
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
        yield Shared(store, server, run)
        if data is not None:
            store.prune(docnames)
            server.drop_all_but(store.databases(docnames))
