"""PostgreSQL as a service of a run: each page gets a database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from runthrough.model.address import Address
from runthrough.services import Instance, Launch, Placeholder
from runthrough.services.postgresql.connecting import connect, identifier
from runthrough.services.postgresql.opening import open_server
from runthrough.services.postgresql.server import Database, Server

SHORTEST = 6
"""The fewest characters of a password or a name that is looked for by itself in an output."""
DEFINITIONS = (
    "SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default "
    "FROM information_schema.columns WHERE table_schema !~ '^(pg_|information_schema)' "
    "ORDER BY 1, 2, 3",
    "SELECT indexdef FROM pg_indexes WHERE schemaname !~ '^(pg_|information_schema)' ORDER BY 1",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1, 2",
    "SELECT enumtypid::regtype::text, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder",
)
TABLES = (
    "SELECT schemaname, tablename FROM pg_tables "
    "WHERE schemaname !~ '^(pg_|information_schema)' ORDER BY 1, 2"
)


@dataclass(frozen=True)
class PostgreSQL:
    """A server that DATABASE_URL gives, or one of our own."""

    like: Address
    """The URL of the database, as the pages show it."""

    def can_keep(self, environ: Mapping[str, str]) -> bool:
        """Return whether the server is one of our own."""
        return "DATABASE_URL" not in environ

    @contextmanager
    def start(self, launch: Launch) -> Iterator[RunningPostgreSQL]:
        """Open the server; at the end, drop what was made on one that was given.

        Raises DatabaseError.
        """
        keep = launch.folder if launch.is_kept else None
        with open_server(self.like, launch.environ, keep=keep, say=launch.say) as server:
            yield RunningPostgreSQL(self.like, server)
        if keep is not None and any(keep.glob("*/data/postmaster.pid")):
            launch.discard()  # the server was killed


@dataclass(frozen=True)
class RunningPostgreSQL:
    """A server that answers, and the page's address, which its databases replace."""

    like: Address
    server: Server

    @property
    def name(self) -> str:
        return "PostgreSQL"

    @property
    def version(self) -> str:
        return self.server.version

    @property
    def address(self) -> str:
        return self.server.admin.endpoint

    @property
    def path(self) -> Sequence[Path]:
        """The folder of psql, where there is one."""
        return (self.server.bindir,) if self.server.bindir else ()

    def create(self, template: Instance | None) -> Instance:
        """Make a database whose address is as long as that of the page."""
        source = self.database(template) if template else None
        address = self.server.create_database(self.like, source).address
        hidden = address.password and address.password != self.like.password
        return Instance(
            address.dbname,
            tuple(placeholders_of(self.like, address)),
            secrets=(address.password,) if hidden else (),
        )

    def has(self, instance: Instance) -> bool:
        return self.server.has(self.database(instance))

    def drop(self, instance: Instance) -> None:
        self.server.drop(self.database(instance))

    def drop_all_but(self, names: Collection[str]) -> None:
        self.server.drop_all_but(names)

    def contents(self, instance: Instance) -> Mapping[str, Sequence[str]]:
        """Return the definitions and the rows of all tables."""
        with connect(self.database(instance).address) as connection:
            definitions = (row for one in DEFINITIONS for row in connection.execute(one))
            parts = {"definitions": list(map(repr, definitions))}
            for schema, table in connection.execute(TABLES).fetchall():
                name = f"{identifier(schema)}.{identifier(table)}"
                rows = connection.execute(f"SELECT t::text FROM {name} t ORDER BY 1")
                parts[f"table {name}"] = [row[0] for row in rows]
        return parts

    def database(self, instance: Instance) -> Database:
        """Return a page's database, as the server's administrator reaches it."""
        return Database(replace(self.server.admin, dbname=instance.name))


def placeholders_of(page: Address, run: Address) -> Iterator[Placeholder]:
    """Yield what the page shows for a run's address and its parts.

    A reader types the address in full; its parts are only put back in what is printed.
    """
    yield Placeholder(location(page), location(run))
    yield Placeholder(endpoint(page), endpoint(run), typed=False)
    yield Placeholder(f"port {page.port or 5432}", f"port {run.port or 5432}", typed=False)
    words = {run.user, run.host, "postgres", "postgresql"}
    for shown, live in ((page.dbname, run.dbname), (page.password, run.password)):
        if len(live) >= SHORTEST and live not in words:
            yield Placeholder(shown, live, typed=False)


def location(address: Address) -> str:
    """Write what is between the scheme and the query: `user:password@host:port/dbname`."""
    return address.url.partition("://")[2].partition("?")[0]


def endpoint(address: Address) -> str:
    """Write `host:port`."""
    return f"{address.host}:{address.port or 5432}"
