"""A server that DATABASE_URL gives; here it is our own, which `open_server` cannot know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg

from runthrough.services.postgresql import Address, Server, open_server

LEAVE = """
import sys, time
from runthrough.services.postgresql import Address, open_server
page = Address.parse("postgresql://gino:secret@localhost:5432/gino_tutorial")
with open_server(page) as server:
    print(server.create_database(page).address.dbname, flush=True)
    time.sleep(600)
"""
"""A run that makes a database and is at work until it is killed."""


@dataclass
class Given:
    """A server with a user of ours on it."""

    admin: Address
    said: list[str] = field(default_factory=list)
    """What the runs here have said of databases that stay."""

    def __post_init__(self) -> None:
        self.run("DROP ROLE IF EXISTS maker, reader, other")
        self.run("CREATE ROLE maker LOGIN CREATEDB PASSWORD 'm@ker'")
        self.run("CREATE ROLE other LOGIN CREATEDB PASSWORD 'other'")
        self.run("CREATE ROLE reader LOGIN PASSWORD 'r-e-a-d'")
        self.maker = replace(self.admin, user="maker", password="m@ker")

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.admin.url, autocommit=True) as connection:
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []

    def databases(self) -> list[str]:
        return [row[0] for row in self.run("SELECT datname FROM pg_database ORDER BY datname")]

    @contextmanager
    def open(self, page: Address, url: str = "") -> Iterator[Server]:
        """Open the server as a run does."""
        environ = {"DATABASE_URL": url or self.maker.url, "PATH": ""}
        with open_server(page, environ, say=self.said.append) as server:
            yield server

    def sweep(self, page: Address) -> str:
        """Open the server as a run does that makes nothing; return what it says."""
        self.said.clear()
        with self.open(page):
            pass
        return "\n".join(self.said)

    def clear(self) -> None:
        for name in self.databases():
            if name.startswith("rt_"):
                self.run(f'DROP DATABASE "{name}" WITH (FORCE)')
        self.run("DROP ROLE maker, reader, other")
