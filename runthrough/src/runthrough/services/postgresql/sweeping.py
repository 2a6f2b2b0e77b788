"""Drop what killed runs left on a given server, and report what may still be in use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from runthrough.model.address import Address
from runthrough.services.postgresql import locks
from runthrough.services.postgresql.connecting import Connection, connect, identifier
from runthrough.services.postgresql.errors import DatabaseError
from runthrough.services.postgresql.marks import NO_INCARNATION, Mark
from runthrough.services.postgresql.server import Server, marked

USED = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = %s)"
OWNER = (
    "SELECT pg_get_userbyid(datdba) FROM pg_database "
    "WHERE datname = %s AND NOT pg_has_role(datdba, 'USAGE')"
)
LOCKED_IN = "SELECT datname FROM pg_database WHERE oid = %s"


def sweep(server: Server) -> dict[str, str]:
    """Drop the databases of runs that are over; return those left alone, each with the reason.

    A run is over where its lock can be taken, on a server that has held every lock since the
    database was made, or where its process was on this machine and is gone. A database whose run is
    alive is left alone without a message.
    """
    left = {}
    with connect(server.admin) as connection:
        for name, mark in list(marked(connection)):
            if mark.run == server.mark.run:
                continue
            if reason := _doubt(connection, name, mark):
                left[name] = reason
            elif not locks.is_held(connection, mark):
                left |= _drop(connection, server.admin, name, mark)
    return left


def advice(server: Address, left: Mapping[str, str]) -> Iterator[str]:
    """Yield lines that list what was left alone, and say how to drop it by hand."""
    if left:
        yield (
            f"left alone on the PostgreSQL server at {server.endpoint}, because the run that made "
            "them may not be over, or because they can't be dropped:"
        )
        yield from (f"  {name}: {reason}" for name, reason in left.items())
        yield "If no run uses them any longer, drop them by hand:"
        yield from (f"  {statement(name)}" for name in left)


def statement(name: str) -> str:
    """Write the statement that drops a database."""
    return f"DROP DATABASE IF EXISTS {identifier(name)};"


def _doubt(connection: Connection, name: str, mark: Mark) -> str:
    """Return why it can't be known whether the run of a mark is over; nothing if it can."""
    if not mark.run:
        return "another version of runthrough made it"
    if locks.is_held(connection, mark):
        return ""
    if mark.is_dead():
        return ""
    if mark.is_here():
        return f"process {mark.pid} on this machine, which made it, seems to be alive"
    if mark.incarnation == NO_INCARNATION:
        return "the server held no lock for its run when it was made"
    if mark.incarnation != locks.incarnation(connection):
        return "the server was restarted after it was made, and has forgotten its run's lock"
    return ""


def _drop(connection: Connection, admin: Address, name: str, mark: Mark) -> dict[str, str]:
    """Drop a database under the lock of its run; return it with the reason if it's left."""
    row = connection.execute(LOCKED_IN, [mark.lock]).fetchone()
    if row is None:
        return {name: "the database that its run's lock was in is gone"}
    try:
        with (
            connect(replace(admin, dbname=row[0])) as session,
            locks.taken(session, mark) as is_taken,
        ):
            return _drop_taken(session, name, mark) if is_taken else {}
    except DatabaseError as error:
        return {name: " ".join(str(error).split())}


def _drop_taken(session: Connection, name: str, mark: Mark) -> dict[str, str]:
    if mark != dict(marked(session)).get(name):
        return {}  # another sweep was quicker
    if owner := session.execute(OWNER, [name]).fetchone():
        return {name: f"it belongs to the role {owner[0]}"}
    used = session.execute(USED, [name]).fetchone()
    if used and used[0]:
        return {name: "its run is over, but something is connected to it"}
    session.execute(f"DROP DATABASE IF EXISTS {identifier(name)}")
    return {}
