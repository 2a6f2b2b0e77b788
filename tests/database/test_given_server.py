"""A server that DATABASE_URL gives; here it is our own, which `open_server` cannot know."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import psycopg
import pytest
from runs import Start

from runthrough.database import Address, DatabaseError, Server, open_server
from runthrough.database.marks import Mark

LEAVE = """
import sys, time
from runthrough.database import Address, open_server
page = Address.parse("postgresql://gino:secret@localhost:5432/gino_tutorial")
with open_server(page) as server:
    print(server.create_database(page).address.dbname, flush=True)
    time.sleep(60)
"""


class Given:
    """A server with a user of ours on it."""

    def __init__(self, admin: Address) -> None:
        self.admin = admin
        self.run("DROP ROLE IF EXISTS maker, reader")
        self.run("CREATE ROLE maker LOGIN CREATEDB PASSWORD 'm@ker'")
        self.run("CREATE ROLE reader LOGIN PASSWORD 'r-e-a-d'")
        self.maker = replace(admin, user="maker", password="m@ker")

    def run(self, statement: str) -> None:
        with psycopg.connect(self.admin.url, autocommit=True) as connection:
            connection.execute(statement)

    def databases(self) -> list[str]:
        with psycopg.connect(self.admin.url) as connection:
            rows = connection.execute("SELECT datname FROM pg_database ORDER BY datname")
            return [row[0] for row in rows]

    def open(self, page: Address, url: str = "") -> AbstractContextManager[Server]:
        return open_server(page, {"DATABASE_URL": url or self.maker.url, "PATH": ""})


@pytest.fixture
def given(server: Server) -> Iterator[Given]:
    server.drop_all()
    given = Given(server.admin)
    yield given
    for name in given.databases():
        if name.startswith("rt_"):
            given.run(f'DROP DATABASE "{name}" WITH (FORCE)')
    given.run("DROP ROLE maker, reader")


def test_a_database_is_made_at_the_given_address(
    given: Given, page: Address, server: Server
) -> None:
    with given.open(page) as seen:
        live = seen.create_database(page).address
        assert replace(live, dbname="postgres") == given.maker
        assert len(live.dbname) == len(page.dbname)
        with psycopg.connect(live.url) as connection:
            found = connection.execute("SELECT current_database(), current_setting('timezone')")
            assert found.fetchone() == (live.dbname, "UTC")
    assert (seen.owned, seen.version) == (False, server.version)


def test_the_server_loses_nothing(given: Given, page: Address) -> None:
    given.run("CREATE DATABASE rt_somebody_elses OWNER maker")
    before = given.databases()
    with given.open(page) as server:
        live = server.create_database(page).address
        copied = server.create_database(page, template=server.create_database(page)).address
        assert {live.dbname, copied.dbname} < set(given.databases())
        connection = psycopg.connect(live.url)
    assert given.databases() == before
    connection.close()


def test_a_run_that_fails_drops_its_databases_too(given: Given, page: Address) -> None:
    before = given.databases()
    with pytest.raises(ZeroDivisionError), given.open(page) as server:
        server.create_database(page)
        raise ZeroDivisionError
    assert given.databases() == before


def test_two_runs_leave_each_other_alone(given: Given, page: Address) -> None:
    with given.open(page) as one:
        kept = one.create_database(page).address.dbname
        with given.open(page) as other:
            other.create_database(page)
        assert kept in given.databases()


def test_what_a_killed_run_left_is_swept_by_the_next(
    given: Given, page: Address, start: Start
) -> None:
    run = start("-c", LEAVE, DATABASE_URL=given.maker.url)
    left = run.ready()
    with given.open(page):
        assert left in given.databases()
    run.end(signal.SIGKILL)
    assert left in given.databases()
    with given.open(page):
        assert left not in given.databases()


def test_what_was_left_before_it_had_its_comment_is_swept_as_well(
    given: Given, page: Address
) -> None:
    dead = replace(Mark.new(), started=1)
    given.run(f"CREATE DATABASE {dead.first_name()} OWNER maker")
    with given.open(page):
        assert not [name for name in given.databases() if name.startswith("rt_")]


def test_what_may_still_be_used_is_not_swept(given: Given, page: Address) -> None:
    dead = replace(Mark.new(), started=1)
    marks = {
        "rt_elsewhere": replace(dead, host="00000000").comment,
        "rt_in_use": dead.comment,
        "rt_of_a_person": "my notes on runthrough",
    }
    for name, comment in marks.items():
        given.run(f"CREATE DATABASE {name} OWNER maker")
        given.run(f"COMMENT ON DATABASE {name} IS '{comment}'")
    began = time.monotonic()
    with psycopg.connect(replace(given.maker, dbname="rt_in_use").url), given.open(page):
        assert set(marks) < set(given.databases())
    # PostgreSQL itself would wait that long for a connection to go.
    assert time.monotonic() - began < 5


def test_a_role_that_may_not_create_databases_is_told_so(given: Given, page: Address) -> None:
    url = replace(given.admin, user="reader", password="r-e-a-d").url
    with pytest.raises(DatabaseError) as caught, given.open(page, url):
        pass
    message = str(caught.value)
    assert "the role reader may not create databases on 127.0.0.1" in message
    assert 'ALTER ROLE "reader" CREATEDB' in message
    assert "unset DATABASE_URL" in message
    assert "r-e-a-d" not in message


def test_a_wrong_password_is_told_and_not_shown(given: Given, page: Address) -> None:
    url = replace(given.maker, password="n0t-it").url
    with pytest.raises(DatabaseError, match="password authentication failed") as caught:
        given.open(page, url).__enter__()
    assert "n0t-it" not in str(caught.value)


def test_a_server_that_nobody_runs_is_told(page: Address) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"postgresql://gino:secret@127.0.0.1:{unused.getsockname()[1]}/x"
        with pytest.raises(DatabaseError) as caught, open_server(page, {"DATABASE_URL": url}):
            pass
    message = str(caught.value)
    assert f"DATABASE_URL: no connection to the PostgreSQL server at {url[25:-2]}" in message
    assert "Connection refused" in message
    assert "To fix this, either start that server or" in message
    assert "secret" not in message


def test_a_server_that_does_not_answer_is_not_waited_for_long(page: Address) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        url = f"postgresql://gino:secret@127.0.0.1:{port}/x?connect_timeout=2"
        began = time.monotonic()
        with pytest.raises(DatabaseError, match=r"after 2\.\d s \(the limit is 2 s\)"):
            open_server(page, {"DATABASE_URL": url}).__enter__()
        assert time.monotonic() - began < 4


@pytest.mark.parametrize("url", ["mysql://root:secret@localhost/x", "postgresql://a:secret@h:x/y"])
def test_what_is_no_postgresql_address_is_told(page: Address, url: str) -> None:
    with pytest.raises(DatabaseError, match="DATABASE_URL: expected postgresql://") as caught:
        open_server(page, {"DATABASE_URL": url}).__enter__()
    assert "secret" not in str(caught.value)


def test_an_address_without_parts_takes_them_from_pg_variables(
    given: Given, page: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = given.maker
    for name, value in {
        "PGHOST": maker.host,
        "PGPORT": str(maker.port),
        "PGUSER": maker.user,
        "PGPASSWORD": maker.password,
        "PGDATABASE": "postgres",
        "PGSSLMODE": "disable",
    }.items():
        monkeypatch.setenv(name, value)
    with given.open(page, "postgresql://") as server:
        monkeypatch.setenv("PGHOST", "production.example")
        live = server.create_database(page).address
    assert replace(live, dbname="postgres") == replace(maker, query="sslmode=disable")


def test_an_address_with_parts_takes_nothing_from_pg_variables(
    given: Given, page: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PGSSLMODE", "PGOPTIONS", "PGSERVICE"):
        monkeypatch.setenv(name, "require")
    with given.open(page) as server:
        assert server.create_database(page).address.query == ""
