"""`runthrough postgres`: the server that makes a page's address true."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator

import psycopg
import pytest

from runthrough.services import programs
from tests.services.postgresql.runs import Base, Run, Start


@pytest.fixture
def url() -> Iterator[str]:
    """Yield an address that nothing answers at yet."""
    yield f"postgresql://gino:secret@localhost:{next(programs.candidates(5432))}/gino_tutorial"


def serve(start: Start, *arguments: str) -> Run:
    return start("-m", "runthrough", "postgres", "--like", *arguments)


def read_until(run: Run, text: str) -> str:
    """Return what the process says, up to the line that holds `text` or to its end."""
    said = ""
    while text not in said and (line := run.process.stdout.readline()):  # type: ignore[union-attr]
        said += line
    return said


@pytest.mark.ordinary_user
def test_the_address_is_true_until_it_is_stopped(start: Start, base: Base, url: str) -> None:
    run = serve(start, url)
    said = read_until(run, "Ctrl-C")
    assert f"\n    {url}\n" in said
    assert f"/bin/psql {url}\n" in said
    assert "deleted" in said
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE users (id int)")
    assert run.end(signal.SIGINT) == 0
    assert run.process.stdout.read() == "\nStopped. The data is deleted.\n"  # type: ignore[union-attr]
    assert base.left() == []


def test_the_server_s_own_database_can_be_the_reader_s(start: Start, url: str) -> None:
    url = url.replace("gino:", "postgres:").replace("gino_tutorial", "postgres")
    assert "Ctrl-C" in read_until(serve(start, url), "Ctrl-C")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE users (id int)")


def test_kept_data_is_there_the_next_time(start: Start, base: Base, url: str) -> None:
    folder = base.path / "kept"
    for statement in ("CREATE TABLE users (id int)", "DROP TABLE users"):
        run = serve(start, url, "--keep", str(folder))
        assert f"kept in {folder}" in read_until(run, "Ctrl-C")
        with psycopg.connect(url) as connection:
            connection.execute(statement)
        other = url.replace(url.split(":")[-1], f"{next(programs.candidates(None))}/gino_tutorial")
        meanwhile = read_until(serve(start, other, "--keep", str(folder)), "Ctrl-C")
        assert 'lock file "postmaster.pid" already exists' in meanwhile
        assert run.end(signal.SIGTERM) == 0
        said = run.process.stdout.read()  # type: ignore[union-attr]
        assert said == f"\nStopped. The data is kept in {folder}.\n"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_with_other_files_is_left_alone(start: Start, base: Base, url: str) -> None:
    precious = base.path / "precious"
    precious.write_text("")
    run = serve(start, url, "--keep", str(base.path))
    assert "can't be used for the data: it contains other files" in read_until(run, "Ctrl-C")
    assert run.process.wait() == 1
    assert list(base.path.iterdir()) == [precious]


def test_kept_data_of_another_version_are_left_alone(start: Start, base: Base, url: str) -> None:
    data = base.path / "kept" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    (base.path / "kept" / "password").write_text("x")
    run = serve(start, url, "--keep", str(base.path / "kept"))
    assert "it has data of PostgreSQL 9, but the server is" in read_until(run, "Ctrl-C")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_port_that_is_taken_is_told(start: Start, base: Base, url: str, host: str) -> None:
    port = int(url.split(":")[-1].split("/")[0])
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    with socket.create_server((host, port), family=family):
        run = serve(start, url)
        said = read_until(run, "Ctrl-C")
    assert f"port {port} is taken: something on this machine already listens there" in said
    assert 'CREATE DATABASE "gino_tutorial" OWNER "gino";' in said
    assert run.process.wait() == 1


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://gino:secret@db.example/x", "at db.example:5432 for 'gino'"),
        ("postgresql://gino@localhost/x", "it has no password"),
        ("postgresql://gino:secret@localhost:80/x", "a port from 1024 up"),
    ],
)
def test_an_address_that_cannot_be_true_here_is_told(start: Start, url: str, reason: str) -> None:
    run = serve(start, url)
    assert reason in read_until(run, "Ctrl-C")
    assert run.process.wait() == 1


def test_an_argument_that_is_no_address_is_told(start: Start) -> None:
    run = serve(start, "mysql://root:hush@localhost/x")
    said = read_until(run, "Ctrl-C")
    assert "argument --like: expected postgresql://" in said
    assert "hush" not in said
    assert run.process.wait() == 2


@pytest.mark.ordinary_user
def test_a_folder_that_the_server_cannot_reach_is_told(start: Start, base: Base, url: str) -> None:
    closed = base.path / "closed"
    closed.mkdir(mode=0o700)
    run = serve(start, url, "--keep", str(closed / "kept"))
    us = os.geteuid()
    expected = (
        "nobody, who runs the server because root can't" if us == 0 else "The data is kept in"
    )
    assert expected in read_until(run, "Ctrl-C")
