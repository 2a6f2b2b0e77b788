"""A server that DATABASE_URL gives, and what a run makes there and drops."""

from __future__ import annotations

import socket
from dataclasses import replace

import psycopg
import pytest

from runthrough.services.postgresql import Address, DatabaseError, Server, open_server
from tests.services.postgresql.given import Given


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


@pytest.mark.slow
def test_a_server_that_does_not_answer_is_not_waited_for_long(page: Address) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        url = f"postgresql://gino:secret@127.0.0.1:{port}/x?connect_timeout=2"
        with pytest.raises(DatabaseError, match=r"after \d+\.\d s \(the limit is 2 s\)"):
            open_server(page, {"DATABASE_URL": url}).__enter__()


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
