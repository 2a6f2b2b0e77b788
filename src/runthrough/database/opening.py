"""The one way to a live server: the given one, or one of our own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from runthrough.database import own, ports
from runthrough.database.address import Address
from runthrough.database.binaries import choose, folder_of_psql
from runthrough.database.connecting import connect, driver
from runthrough.database.given import given_server
from runthrough.database.marks import Mark
from runthrough.database.server import Server


@contextmanager
def open_server(
    like: Address,
    environ: Mapping[str, str] = os.environ,
    keep: Path | None = None,
    say: Callable[[str], None] = print,
) -> Iterator[Server]:
    """Yield the server that DATABASE_URL gives, or else one of our own, until the block ends.

    `like` is the address that the pages show: that of our own server is as long. Its data is
    kept below the folder `keep`, if one is named: a later server there begins with it. `say` gets
    what a person has to know of databases that stay on a given server, line by line.

    Raises DatabaseError, which says what was found, where, and what to do.
    """
    driver()
    url = environ.get("DATABASE_URL")
    with given_server(url, environ, say) if url else _own_server(like, environ, keep) as server:
        yield server


@contextmanager
def _own_server(like: Address, environ: Mapping[str, str], keep: Path | None) -> Iterator[Server]:
    binaries = choose(environ)
    own.sweep()
    if keep is not None:
        keep.mkdir(mode=0o711, exist_ok=True)
        keep = keep / str(binaries.major)
    running = own.start_on_any(binaries, _ports(like, keep), keep=keep)
    try:
        with connect(running.admin) as connection:
            version = connection.info.parameter_status("server_version") or binaries.version
        psql = folder_of_psql(environ, [binaries.bindir])
        yield Server(running.admin, version, psql, owned=True, mark=Mark.new())
    finally:
        running.end()


def _ports(like: Address, keep: Path | None) -> Iterator[int]:
    """Yield the port of last time first: what is kept names it."""
    remembered = keep.with_suffix(".port") if keep else None
    if remembered and remembered.exists():
        yield int(remembered.read_text())
    for port in ports.candidates(like.port):
        if remembered:
            remembered.write_text(str(port))
        yield port
