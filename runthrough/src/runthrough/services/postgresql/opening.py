"""The one way to a live server: the given one, or one of our own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from runthrough.model.address import Address
from runthrough.processes import rundir
from runthrough.services import programs
from runthrough.services.postgresql import locks, own, sweeping
from runthrough.services.postgresql.binaries import choose, folder_of_psql
from runthrough.services.postgresql.connecting import connect, driver, identifier, resolved
from runthrough.services.postgresql.errors import DatabaseError
from runthrough.services.postgresql.marks import Mark
from runthrough.services.postgresql.server import Server

Say: TypeAlias = Callable[[str], None]
OR_UNSET = "or unset DATABASE_URL to run the pages on a server of their own."


@contextmanager
def open_server(
    like: Address,
    environ: Mapping[str, str] = os.environ,
    keep: Path | None = None,
    say: Callable[[str], None] = print,
) -> Iterator[Server]:
    """Yield the server in DATABASE_URL, or else one that's started here, until the block ends.

    `like` is the address that the pages show; a server that's started here has one of the same
    length. Its data is kept below the folder `keep`, if that's given, and a later server there
    starts with it. `say` gets, line by line, what to report about databases that are left on a
    given server.

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
    """Yield the last run's port first, because what is kept contains it."""
    remembered = keep.with_suffix(".port") if keep else None
    if remembered and remembered.exists():
        yield int(remembered.read_text())
    for port in programs.candidates(like.port):
        if remembered:
            remembered.write_text(str(port))
        yield port


@contextmanager
def given_server(url: str, environ: Mapping[str, str], say: Say) -> Iterator[Server]:
    """Connect to the server at `url`, and drop at the end what was made there, but no more.

    `say` gets each line to report at the end: which databases are left, and why.
    """
    try:
        address = Address.parse(url)
    except ValueError as error:
        advice = f"To fix this, either fix it, {OR_UNSET}"
        raise DatabaseError(f"DATABASE_URL: {error}\n{advice}") from None
    with ExitStack() as resources:
        run = rundir.create(Path(tempfile.gettempdir()))
        resources.callback(run.remove)
        server = replace(_meet(address, environ), ledger=run.path / "databases")
        lock = resources.enter_context(locks.held(server.admin, server.mark))
        _sweep(server, lock, say)
        try:
            yield server
        finally:
            for line in _not_dropped(server, server.drop_all()):
                say(line)


def _sweep(server: Server, lock: locks.RunLock, say: Say) -> None:
    """Drop what killed runs left; report what is left, and if that can't be known."""
    with connect(server.admin) as connection:
        is_held = lock.is_reliable and locks.is_held(connection, server.mark)
    if is_held:
        for line in sweeping.advice(server.admin, sweeping.sweep(server)):
            say(line)
    else:
        say(
            f"databases that killed runs left on {server.admin.endpoint} weren't dropped: no lock "
            "can be held there, probably because a connection pooler is in between. To have them "
            "dropped, set DATABASE_URL to the server itself."
        )


def _not_dropped(server: Server, left: Mapping[str, str]) -> Iterator[str]:
    """Yield lines that list what this run couldn't drop at its end, and say how to drop it."""
    if left:
        yield (
            f"this run's databases on the PostgreSQL server at {server.admin.endpoint} couldn't "
            "be dropped:"
        )
        reasons = dict.fromkeys(left.values())
        yield from (
            f"  {', '.join(name for name in left if left[name] == reason)}: {reason}"
            for reason in reasons
        )
        yield "When the server answers again, drop them by hand:"
        yield from (f"  {sweeping.statement(name)}" for name in left)


def _meet(address: Address, environ: Mapping[str, str]) -> Server:
    """Connect once, to learn what the server is and whether we may make databases there."""
    try:
        with connect(address) as connection:
            admin = resolved(connection, address)
            row = connection.execute(
                "SELECT current_setting('server_version'), rolsuper OR rolcreatedb, "
                "pg_is_in_recovery(), (SELECT oid FROM pg_database "
                "WHERE datname = current_database()) FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except DatabaseError as error:
        advice = f"To fix this, either start that server or fix the URL, {OR_UNSET}"
        raise DatabaseError(f"DATABASE_URL: {error}\n{advice}") from None
    version, may_create, is_standby, oid = row or ("", False, False, 0)
    if is_standby:
        raise DatabaseError(
            f"DATABASE_URL: the server at {admin.endpoint} is a standby, so databases can't be "
            f"created on it.\nTo fix this, either use its primary, {OR_UNSET}"
        )
    if not may_create:
        raise DatabaseError(
            f"DATABASE_URL: the role {admin.user} may not create databases on {admin.endpoint}, "
            "but each page needs one of its own.\nTo fix this, either have a superuser there run "
            f"ALTER ROLE {identifier(admin.user)} CREATEDB; {OR_UNSET}"
        )
    mark = replace(Mark.new(), lock=oid)
    return Server(admin, version, folder_of_psql(environ), owned=False, mark=mark)
