"""Connections of our own to a server, for what an administrator does."""

from __future__ import annotations

import importlib
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

from runthrough.database.address import Address
from runthrough.database.errors import DatabaseError

if TYPE_CHECKING:
    import psycopg

TIMEOUT = 5
"""Seconds that a server has to answer."""

TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
"""Parameters that a client needs besides the parts of an address."""

Connection: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"

_environment = threading.Lock()


@contextmanager
def connect(address: Address) -> Iterator[Connection]:
    """Connect to `address`, in autocommit mode.

    Raises DatabaseError where there is no connection, or where a statement fails.
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
    with connection:
        try:
            yield connection
        except psycopg.Error as error:
            raise DatabaseError(
                f"the PostgreSQL server at {address.endpoint} refuses: {str(error).strip()}"
            ) from error


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

    Raises DatabaseError where it is not installed.
    """
    try:
        return importlib.import_module("psycopg")
    except ImportError as error:
        raise DatabaseError(
            f"psycopg, which makes the databases, cannot be imported: {error}\n"
            "To fix this, install the extra: pip install 'runthrough[postgres]'"
        ) from error


def _parameters(address: Address) -> dict[str, Any]:
    """Name every parameter; an address with no part at all leaves them to libpq and PG*."""
    if address == Address():
        return {"connect_timeout": TIMEOUT}
    given = {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "dbname": address.dbname,
    }
    # A plus sign is itself to libpq, not a blank.
    query = dict(parse_qsl(address.query.replace("+", "%2B")))
    defaults = {"port": 5432, "dbname": "postgres", "connect_timeout": TIMEOUT}
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
