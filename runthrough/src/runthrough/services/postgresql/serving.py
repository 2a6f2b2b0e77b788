"""A server at the URL that a page shows, for a reader who has no server."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from runthrough.model.address import Address
from runthrough.services.postgresql import own
from runthrough.services.postgresql.binaries import choose, folder_of_psql
from runthrough.services.postgresql.connecting import connect, driver, identifier
from runthrough.services.postgresql.errors import DatabaseError
from runthrough.services.programs import LOOPBACK, is_free

HERE = ("localhost", LOOPBACK)


def serve(like: Address, keep: Path | None, say: Callable[[str], None]) -> None:
    """Run a server at the address `like` until KeyboardInterrupt, with its data in `keep` if any.

    Raises DatabaseError if the server can't have this address, or ends by itself.
    """
    driver()
    page = _servable(like)
    binaries = choose(os.environ)
    own.sweep()
    try:
        running = own.start(binaries, page.port or 0, keep=keep)
    except own.PortTakenError:
        raise _taken(page) from None
    try:
        _make_true(running.admin, page)
        say(f"PostgreSQL {binaries.version} ({binaries.source}) answers at\n\n    {page.url}\n")
        if psql := folder_of_psql(os.environ, [binaries.bindir]):
            say(f"To look inside: {psql / 'psql'} {page.url}")
        say(f"The data is kept in {keep}." if keep else "The data is deleted at the end.")
        say("Ctrl-C stops the server.")
        while running.process.poll() is None:
            time.sleep(0.1)
        raise DatabaseError(f"the server on port {page.port} was ended by something else")
    finally:
        running.end()


def _servable(like: Address) -> Address:
    """Return the page's address with its port, if a server here can have it."""
    page = replace(like, port=like.port or 5432)
    lacking = [part for part in ("user", "password", "dbname") if not getattr(page, part)]
    if page.host not in HERE or lacking or (page.port or 0) < 1024:
        raise DatabaseError(
            f"can't run a server at {page.endpoint} for {page.user!r}: the URL needs localhost, a "
            "port from 1024 up, a user, a password and a database"
            + (f"; it has no {lacking[0]}" if lacking else "")
        )
    if not all(is_free(page.port or 0, host) for host in (LOOPBACK, "::1")):
        raise _taken(page)
    return page


def _taken(page: Address) -> DatabaseError:
    user, dbname = identifier(page.user), identifier(page.dbname)
    return DatabaseError(
        f"port {page.port} is taken: something on this machine already listens there, probably "
        "another PostgreSQL.\nTo fix this, either stop it, or use it. Run this as its superuser:\n"
        f"    CREATE ROLE {user} LOGIN CREATEDB PASSWORD '...';  -- the password on the page\n    "
        f"CREATE DATABASE {dbname} OWNER {user};"
    )


def _make_true(admin: Address, page: Address) -> None:
    """Create the role and the database of the page's URL, if they don't exist yet."""
    user, dbname = identifier(page.user), identifier(page.dbname)
    with connect(admin) as connection:
        roles = "SELECT FROM pg_roles WHERE rolname = %s"
        is_there = connection.execute(roles, [page.user]).fetchone() is not None
        connection.execute(
            f"{'ALTER' if is_there else 'CREATE'} ROLE {user} LOGIN CREATEDB PASSWORD %s",
            [page.password],
        )
        databases = "SELECT FROM pg_database WHERE datname = %s"
        has_database = connection.execute(databases, [page.dbname]).fetchone() is not None
        make = (
            f"ALTER DATABASE {dbname} OWNER TO"
            if has_database
            else f"CREATE DATABASE {dbname} OWNER"
        )
        connection.execute(f"{make} {user}")
