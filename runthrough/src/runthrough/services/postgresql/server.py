"""A live server, and the databases that runs get on it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from runthrough.model.address import Address
from runthrough.services.postgresql import locks, names
from runthrough.services.postgresql.connecting import Connection, connect, identifier
from runthrough.services.postgresql.errors import DatabaseError
from runthrough.services.postgresql.marks import NO_INCARNATION, Mark

SHORTEST_NAME = 10
SHORTEST_OWN_NAME = 8
"""Characters of a database's name: fewer if nobody else creates databases."""
LISTS = ("search_path", "session_preload_libraries", "local_preload_libraries", "temp_tablespaces")
"""Settings of a database whose value is a list of names."""


@dataclass(frozen=True)
class Database:
    """A database that belongs to a run."""

    address: Address


@dataclass(frozen=True)
class Server:
    """A server that answers; these fields are all that another process needs to use it too."""

    admin: Address
    version: str
    bindir: Path | None
    owned: bool
    mark: Mark
    ledger: Path | None = None
    """A file that lists the databases created on a given server, in case it can't be asked."""

    def create_database(self, like: Address, template: Database | None = None) -> Database:
        """Make a database whose address is as long as `like`, the one that the page shows.

        It's empty, or a copy of `template`, to which there must be no connections. On a given
        server, only the name is as long, because login, host and port are the given ones.
        """
        shortest = SHORTEST_OWN_NAME if self.owned else SHORTEST_NAME
        name = names.database(max(len(like.dbname), shortest))
        with connect(self.admin) as connection:
            login = self._login(connection, like) if self.owned else self.admin
            self._note(f"+{name}")
            self._create(connection, name, login.user, template)
        return Database(replace(login, dbname=name))

    def has(self, database: Database) -> bool:
        """Return whether a database exists."""
        with connect(self.admin) as connection:
            there = "SELECT FROM pg_database WHERE datname = %s"
            return connection.execute(there, [database.address.dbname]).fetchone() is not None

    def drop(self, database: Database) -> None:
        """Drop a database that was made with this server."""
        with connect(self.admin) as connection:
            connection.execute(_dropping(connection, database.address.dbname))
        self._note(f"-{database.address.dbname}")

    def drop_all(self) -> dict[str, str]:
        """Drop the databases that were made with this server, and no other.

        Return those that couldn't be dropped, each with the reason.
        """
        left: dict[str, str] = {}
        try:
            with connect(self.admin) as connection:
                made = [name for name, mark in marked(connection) if mark.run == self.mark.run]
        except DatabaseError as error:
            return dict.fromkeys(self.made(), _on_one_line(error))
        for name in made:
            try:
                with connect(self.admin) as connection:
                    connection.execute(_dropping(connection, name))
            except DatabaseError as error:
                left[name] = _on_one_line(error)
        return left

    def made(self) -> list[str]:
        """Return the databases that were created and not dropped, as far as the ledger says."""
        named: dict[str, None] = {}
        is_there = self.ledger is not None and self.ledger.exists()
        for line in self.ledger.read_text().split() if self.ledger and is_there else ():
            if line.startswith("+"):
                named[line[1:]] = None
            else:
                named.pop(line[1:], None)
        return list(named)

    def _note(self, line: str) -> None:
        """Record what is created or dropped; several processes do."""
        if self.ledger is not None:
            with self.ledger.open("a") as file:
                file.write(f"{line}\n")

    def drop_all_but(self, names: Collection[str]) -> None:
        """Drop what any run has made on a server of our own, except these databases."""
        with connect(self.admin) as connection:
            for name, _ in list(marked(connection)):
                if name not in names:
                    connection.execute(_dropping(connection, name))

    def _create(
        self, connection: Connection, name: str, owner: str, template: Database | None
    ) -> None:
        """Create a database that always has the mark of the run that made it."""
        mark = self._mark(connection)
        first = mark.first_name()
        source = identifier(template.address.dbname if template else "template0")
        # Quick without fsync, but two checkpoints on a server that others work with.
        quick = self.owned and connection.info.server_version >= 150000
        connection.execute(
            f"CREATE DATABASE {first} TEMPLATE {source} OWNER {identifier(owner)}"
            + (" STRATEGY file_copy" if quick else "")
        )
        connection.execute(f"COMMENT ON DATABASE {first} IS %s", [mark.comment])
        connection.execute(f"ALTER DATABASE {first} SET timezone TO 'UTC'")
        if template:
            _copy_settings(connection, template.address.dbname, first)
        connection.execute(f"ALTER DATABASE {first} RENAME TO {identifier(name)}")

    def _mark(self, connection: Connection) -> Mark:
        """Return the mark of a database that is made now: it is swept only if our lock is held."""
        is_held = not self.owned and locks.is_held(connection, self.mark)
        return replace(
            self.mark, incarnation=locks.incarnation(connection) if is_held else NO_INCARNATION
        )

    def _login(self, connection: Connection, like: Address) -> Address:
        """Return the page's login on our own server, and create its role if there's none."""
        user = like.user or "reader"
        password = self._password(user, len(quote(like.password, safe="")) or 16)
        connection.execute(
            f"DO $role$ BEGIN CREATE ROLE {identifier(user)} LOGIN CREATEDB PASSWORD %s; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $role$",
            [password],
        )
        return replace(self.admin, user=user, password=password, query=like.query)

    def _password(self, user: str, length: int) -> str:
        """Derive a role's password, which is then the same in every process that asks."""
        seed = f"{self.admin.password} {user} {length}".encode()
        digest = hashlib.shake_256(seed).digest(length)
        return "".join(names.ALPHABET[byte % len(names.ALPHABET)] for byte in digest)


def _copy_settings(connection: Connection, source: str, target: str) -> None:
    """Copy what ALTER DATABASE ... SET has set, which CREATE DATABASE doesn't copy."""
    rows = connection.execute(
        "SELECT coalesce(rolname, ''), unnest(setconfig) FROM pg_db_role_setting "
        "JOIN pg_database ON pg_database.oid = setdatabase LEFT JOIN pg_roles "
        "ON pg_roles.oid = setrole WHERE datname = %s",
        [source],
    ).fetchall()
    for role, setting in rows:
        name, _, value = setting.partition("=")
        whom = f"ALTER ROLE {identifier(role)} IN" if role else "ALTER"
        # Lists are stored with the quotes that they need, everything else without.
        is_list = name in LISTS
        connection.execute(
            f"{whom} DATABASE {target} SET {identifier(name)} TO " + (value if is_list else "%s"),
            None if is_list else [value],
        )


def _on_one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _dropping(connection: Connection, name: str) -> str:
    """Return the statement that drops a database, with its connections where the server can."""
    force = " WITH (FORCE)" if connection.info.server_version >= 130000 else ""
    return f"DROP DATABASE IF EXISTS {identifier(name)}{force}"


def marked(connection: Connection) -> Iterator[tuple[str, Mark]]:
    """Yield the name and mark of each database on the server that a run has created."""
    rows = connection.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
    )
    for name, comment in rows:
        mark = Mark.read(comment) or Mark.read(name)
        if mark and name.startswith(names.PREFIX):
            yield name, mark
