"""A server that somebody gives us in DATABASE_URL, and that we leave as we found it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from runthrough.database.address import Address
from runthrough.database.binaries import folder_of_psql
from runthrough.database.connecting import connect, identifier, resolved
from runthrough.database.errors import DatabaseError
from runthrough.database.marks import Mark
from runthrough.database.server import Server, marked

OR_UNSET = "or unset DATABASE_URL to run the pages on a server of their own."


@contextmanager
def given_server(url: str, environ: Mapping[str, str]) -> Iterator[Server]:
    """Connect to the server at `url`, and drop at the end what was made there, but no more."""
    try:
        address = Address.parse(url)
    except ValueError as error:
        advice = f"To fix this, either correct it, {OR_UNSET}"
        raise DatabaseError(f"DATABASE_URL: {error}\n{advice}") from None
    server = _meet(address, environ)
    _sweep(server)
    try:
        yield server
    finally:
        server.drop_all()


def _meet(address: Address, environ: Mapping[str, str]) -> Server:
    """Connect once, to learn what the server is and whether we may make databases there."""
    try:
        with connect(address) as connection:
            admin = resolved(connection, address)
            row = connection.execute(
                "SELECT current_setting('server_version'), rolsuper OR rolcreatedb "
                "FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except DatabaseError as error:
        advice = f"To fix this, either start that server or correct the address, {OR_UNSET}"
        raise DatabaseError(f"DATABASE_URL: {error}\n{advice}") from None
    version, may_create = row or ("", False)
    if not may_create:
        raise DatabaseError(
            f"DATABASE_URL: the role {admin.user} may not create databases on {admin.endpoint}, "
            "where each page gets one of its own.\nTo fix this, either let a superuser there say "
            f"ALTER ROLE {identifier(admin.user)} CREATEDB; {OR_UNSET}"
        )
    return Server(admin, version, folder_of_psql(environ), owned=False, mark=Mark.new())


def _sweep(server: Server) -> None:
    """Drop what runs on this machine made there before they were killed.

    Where somebody is connected, or another sweep is quicker, the database is left alone.
    """
    with connect(server.admin) as connection:
        used = {row[0] for row in connection.execute("SELECT datname FROM pg_stat_activity")}
        dead = [name for name, mark in marked(connection) if mark.is_dead()]
    for name in set(dead) - used:
        with suppress(DatabaseError), connect(server.admin) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {identifier(name)}")
