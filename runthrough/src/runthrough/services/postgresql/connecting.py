"""Connections of our own to a server, for what an administrator does."""

from __future__ import annotations

import importlib
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

from runthrough.model.address import Address
from runthrough.services.postgresql.errors import DatabaseError

if TYPE_CHECKING:
    import psycopg

TIMEOUT = 5
"""Seconds that a server has to answer."""

LIMIT = 60.0
"""Seconds that all the statements on one connection may take."""
ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 6}
"""How an idle connection is kept alive: firewalls forget one after some minutes."""

TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
"""Parameters that a client needs besides the parts of an address."""

Connection: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"

_environment = threading.Lock()


@contextmanager
def connect(address: Address, limit: float | None = LIMIT) -> Iterator[Connection]:
    """Connect to `address`, in autocommit mode, for at most `limit` seconds.

    Raises DatabaseError if there's no connection, or if a statement fails or takes longer.
    """
    psycopg = driver()
    parameters = _parameters(address)
    started = time.monotonic()
    try:
        with _environment, _without_pg_variables(unless=address == Address()):
            # This cursor puts parameters into the statement, as CREATE and COMMENT need it.
            connection = psycopg.connect(
                **parameters, autocommit=True, cursor_factory=psycopg.ClientCursor
            )
    except psycopg.Error as error:
        waited, limit = time.monotonic() - started, parameters["connect_timeout"]
        raise DatabaseError(
            f"no connection to the PostgreSQL server at {address.endpoint} as "
            f"{address.user or 'the default user'} after {waited:.1f} s (the limit is {limit} s): "
            f"{' '.join(str(error).split())}"
        ) from None
    with connection, _within(connection, limit) as has_ended:
        try:
            yield connection
        except psycopg.Error as error:
            said = f"reports an error: {str(error).strip()}"
            if has_ended.is_set():
                said = f"didn't answer within {limit:.0f} s"
            raise DatabaseError(f"the PostgreSQL server at {address.endpoint} {said}") from error


@contextmanager
def _within(connection: Connection, limit: float | None) -> Iterator[threading.Event]:
    """Cut the connection off after `limit` seconds; yield what is set then.

    The server can't be trusted with this: it may be the server that has stopped.
    """
    has_ended = threading.Event()

    def end() -> None:
        has_ended.set()
        cut_off(connection)

    timer = threading.Timer(limit or LIMIT, end)
    timer.daemon = True
    if limit is not None:
        timer.start()
    try:
        yield has_ended
    finally:
        timer.cancel()


def cut_off(connection: Connection) -> None:
    """Have whatever waits for an answer on a connection fail, also from another thread."""
    # psycopg says OperationalError for a connection that is closed.
    with suppress(Exception), socket.socket(fileno=os.dup(connection.fileno())) as ours:
        ours.shutdown(socket.SHUT_RDWR)


def identifier(name: str) -> str:
    """Quote a name for use in a statement."""
    return '"' + name.replace('"', '""') + '"'


def resolved(connection: Connection, address: Address) -> Address:
    """Return `address`, which `connection` was made with, and what libpq filled in for it."""
    info = connection.info
    query = address.query
    if address == Address():
        found = info.get_parameters()
        query = urlencode({name: found[name] for name in TLS if name in found})
    return Address(
        host=address.host or info.host,
        port=address.port or info.port,
        user=address.user or info.user,
        password=address.password or info.password,
        dbname=address.dbname or info.dbname,
        query=query,
    )


def driver() -> ModuleType:
    """Import psycopg, which is an extra: pages without a database need none.

    Raises DatabaseError if it isn't installed.
    """
    try:
        return importlib.import_module("psycopg")
    except ImportError as error:
        raise DatabaseError(
            f"psycopg, which creates the databases, can't be imported: {error}\nTo fix this: pip "
            "install 'psycopg[binary]'"
        ) from error


def _parameters(address: Address) -> dict[str, Any]:
    """Return all parameters; an address without any part leaves them to libpq and PG*."""
    if address == Address():
        return {"connect_timeout": TIMEOUT, **ALIVE}
    given = {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "dbname": address.dbname,
    }
    # A plus sign is itself to libpq, not a blank.
    query = dict(parse_qsl(address.query.replace("+", "%2B")))
    defaults = {"port": 5432, "dbname": "postgres", "connect_timeout": TIMEOUT, **ALIVE}
    return {**defaults, **query, **{name: value for name, value in given.items() if value}}


@contextmanager
def _without_pg_variables(*, unless: bool) -> Iterator[None]:
    """Hide libpq's own variables (PGHOST, PGSERVICE, PGOPTIONS ...), `unless` they are wanted."""
    names = [] if unless else [name for name in os.environ if re.match("PG[A-Z]", name)]
    hidden = {name: os.environ.pop(name) for name in names}
    try:
        yield
    finally:
        os.environ.update(hidden)
