"""Our own server: what runs get on it, and that nothing of it is left."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import psycopg
import pytest

from runthrough.services import programs
from runthrough.services.postgresql import Address, DatabaseError, Server, open_server, own
from runthrough.services.postgresql.binaries import WHEELS, Binaries, choose
from tests.living import below, wait_until
from tests.services.postgresql.runs import USERS, Base, Run, Start, shared_memory

pytestmark = pytest.mark.slow

SERVE = """
import psycopg, time
from runthrough.services.postgresql import Address, open_server
page = Address.parse("postgresql://gino:secret@localhost:5432/gino_tutorial")
with open_server(page) as server:
    connection = psycopg.connect(server.create_database(page).address.url)
    connection.execute("CREATE TABLE half AS SELECT generate_series(1, 10000)")
    print("ready", flush=True)
    time.sleep(60)
"""


def ask(address: Address, question: str) -> object:
    with psycopg.connect(address.url) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row and len(row) == 1 else row


def test_the_live_address_is_as_long_as_the_pages(server: Server, page: Address) -> None:
    live = server.create_database(page).address
    assert len(live.url) == len(page.url)
    assert (live.host, live.user) == ("127.0.0.1", "gino")
    assert (live.port, live.password) != (page.port, page.password)
    assert live.dbname.startswith("rt_")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://o%27n%22e:p%40ssword@localhost:5432/a_long_name_of_a_database?sslmode=prefer",
        "postgresql://two:x@localhost:5432/database",
    ],
)
def test_other_addresses_keep_their_length_too(server: Server, url: str) -> None:
    live = server.create_database(Address.parse(url)).address
    assert len(live.url) == len(url)
    assert ask(live, "SELECT current_user") == live.user


def test_what_a_page_leaves_out_is_made_up(server: Server) -> None:
    live = server.create_database(Address.parse("postgresql://localhost/x")).address
    assert len(live.dbname) == 8
    assert ask(live, "SELECT current_database()") == live.dbname


def test_the_reader_owns_an_ordinary_database(server: Server, page: Address) -> None:
    live = server.create_database(page).address
    rights = ask(
        live, "SELECT rolsuper, rolcreatedb, rolcanlogin FROM pg_roles WHERE rolname = 'gino'"
    )
    assert rights == (False, True, True)
    with psycopg.connect(live.url) as connection:
        connection.execute("CREATE TABLE users (id int)")
    assert ask(live, "SELECT tableowner FROM pg_tables WHERE tablename = 'users'") == "gino"


def test_the_server_is_the_same_on_every_machine(server: Server, page: Address) -> None:
    live = server.create_database(page).address
    for question, answer in {
        "SHOW timezone": "UTC",
        "SHOW server_encoding": "UTF8",
        "SELECT lower('É')": "é",
        "SELECT string_agg(x, '' ORDER BY x) FROM unnest('{b,A,a,B}'::text[]) x": "ABab",
        "SHOW server_version": server.version,
    }.items():
        assert ask(live, question) == answer, question
    assert ask(server.admin, "SHOW timezone") == "UTC"


def test_the_server_can_be_reached_in_one_way_only(server: Server) -> None:
    assert ask(server.admin, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(server.admin, "SHOW unix_socket_directories") == ""
    assert ask(server.admin, "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules") == [
        "scram-sha-256"
    ]


def test_a_database_can_be_made_from_another(server: Server, page: Address) -> None:
    first = server.create_database(page)
    with psycopg.connect(first.address.url) as connection:
        connection.execute("CREATE TABLE users AS SELECT 42 AS id")
    second = server.create_database(page, template=first)
    assert ask(second.address, "SELECT id FROM users") == 42
    assert second.address != first.address


def test_a_login_needs_the_password(server: Server, page: Address) -> None:
    live = server.create_database(page).address
    wrong = live.url.replace(live.password, "secret")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
    assert len(server.admin.password) == 32
    assert server.admin.password not in repr(server)


def test_pg_variables_do_not_reach_our_own_server(
    server: Server, page: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    nonsense = {
        "PGHOST": "production.example",
        "PGSERVICE": "production",
        "PGSSLMODE": "require",
        "PGOPTIONS": "-c search_path=nowhere -c no_such_setting=1",
        "PGUSER": "root",
        "PGDATABASE": "payroll",
    }
    for name, value in nonsense.items():
        monkeypatch.setenv(name, value)
    server.create_database(page)
    assert {name: os.environ[name] for name in nonsense} == nonsense


def test_another_process_can_use_the_server(server: Server, page: Address) -> None:
    sent = pickle.loads(pickle.dumps(server))
    first, second = server.create_database(page).address, sent.create_database(page).address
    assert ask(second, "SELECT current_user") == "gino"
    assert replace(first, dbname="") == replace(second, dbname="")


def test_all_databases_can_be_dropped(server: Server, page: Address) -> None:
    live = server.create_database(page).address
    with psycopg.connect(live.url):
        server.drop_all()
    names = ask(server.admin, "SELECT array_agg(datname::text ORDER BY datname) FROM pg_database")
    assert names == ["postgres", "template0", "template1"]


def installed() -> list[Binaries]:
    """Find one server of each kind that this machine has."""
    path = {"PATH": os.environ["PATH"]}
    found = []
    for wheels in (*((wheel,) for wheel in WHEELS), ()):
        try:
            found.append(choose({} if wheels else path, wheels))
        except DatabaseError:
            continue
    return list({server.bindir: server for server in found}.values())


@pytest.mark.ordinary_user
@pytest.mark.parametrize("binaries", installed(), ids=lambda binaries: binaries.source)
def test_every_server_of_this_machine_starts(
    binaries: Binaries, server: Server, page: Address
) -> None:
    with open_server(page, {"PG_BINDIR": str(binaries.bindir)}) as another:
        assert another.version.startswith(binaries.version)
        assert another.bindir == binaries.bindir
        assert another.owned
        assert another.admin.port != server.admin.port
        live = another.create_database(page).address
        assert ask(live, "SELECT lower('É') || current_setting('timezone')") == "éUTC"
    with pytest.raises(psycopg.OperationalError, match="Connection refused"):
        ask(live, "SELECT 1")


def test_a_port_that_was_taken_meanwhile_is_passed_over(no_environ: dict[str, str]) -> None:
    free = programs.candidates(5432)
    with socket.create_server(("127.0.0.1", next(free))) as listener:
        taken = listener.getsockname()[1]
        assert not programs.is_free(taken)
        running = own.start_on_any(choose(no_environ), [taken, next(free)])
    assert running.admin.port != taken
    running.end()


def test_ports_have_as_many_digits_as_the_pages() -> None:
    for shown, digits in {5432: 4, 15432: 5, None: 4}.items():
        found = [str(port) for port in programs.candidates(shown)]
        assert found
        assert {len(port) for port in found} == {digits}


def test_a_server_that_does_not_start_shows_its_log(
    tmp_path: Path, page: Address, no_environ: dict[str, str]
) -> None:
    for name in ("initdb", "postgres"):
        program = tmp_path / name
        program.write_text(
            '#!/bin/sh\n[ "$1" = --version ] && exec echo "x (PostgreSQL) 18.0"\n'
            "echo out of luck; exit 3\n"
        )
        program.chmod(0o755)
    environ = {**no_environ, "PG_BINDIR": str(tmp_path)}
    said = r"status 1; its log ends with\n  out of luck"
    with pytest.raises(DatabaseError, match=said), open_server(page, environ):
        pass


def test_a_driver_that_is_not_installed_is_told(
    page: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DatabaseError, match=r"pip install 'psycopg\[binary\]'"):
        open_server(page, {"PG_BINDIR": "/is/not/looked/at/yet"}).__enter__()


def test_nothing_is_left_of_a_run_that_ends_well_in_a_folder_with_a_long_name(
    start: Start, base: Base
) -> None:
    long = base.path / ("a long name " * 20)
    long.mkdir(mode=0o755)
    run = start("-c", SERVE.replace("time.sleep(60)", "input()"), TMPDIR=str(long))
    assert run.ready() == "ready"
    assert len(list(long.iterdir())) == 1
    run.process.communicate("\n")
    assert run.process.returncode == 0
    assert list(long.iterdir()) == []
    assert base.processes() == []


@pytest.mark.ordinary_user
def test_nothing_is_left_of_a_run_that_is_interrupted(start: Start, base: Base) -> None:
    run = start("-c", SERVE)
    assert run.ready() == "ready"
    run.end(signal.SIGINT)
    assert base.left_soon() == []


def has_log(folder: Path) -> bool:
    return (folder / own.LOG).exists()


def has_catalogue(folder: Path) -> bool:
    return (folder / "cluster/new/PG_VERSION").exists()


def is_filling_catalogue(folder: Path) -> bool:
    return (folder / "cluster/new/postmaster.pid").exists()


def is_over(folder: Path) -> bool:
    """Return whether all moments have passed, which a busy machine may let us miss."""
    return (folder / "cluster/data/PG_VERSION").exists()


@pytest.mark.ordinary_user
@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("moment", [has_log, has_catalogue, is_filling_catalogue, None])
def test_nothing_is_left_of_a_run_that_is_killed(
    start: Start, base: Base, moment: Callable[[Path], bool] | None, user: str
) -> None:
    run = start("-c", SERVE, user=user)
    while moment and not any(moment(folder) or is_over(folder) for folder in base.path.iterdir()):
        assert run.process.poll() is None
        time.sleep(0.001)
    if moment is None:
        assert run.ready() == "ready"
        assert base.keys() & shared_memory()
    keys = base.keys()
    run.end(signal.SIGKILL)
    assert base.left_soon() == []
    assert keys.isdisjoint(shared_memory())


SWEEP = "from runthrough.services.postgresql import own; own.sweep()"


def supervisors_of(run: Run) -> list[psutil.Process]:
    """Return both processes that look after the server: first our child, then its own."""
    return below(run.process.pid, "processes.supervisor")


@pytest.mark.ordinary_user
def test_a_run_whose_supervisors_are_killed_too_is_swept_by_the_next(
    start: Start, base: Base
) -> None:
    run = start("-c", SERVE)
    assert run.ready() == "ready"
    both = supervisors_of(run)
    assert len(both) == 2
    for one in both:
        one.kill()
    run.end(signal.SIGKILL)
    (left,) = base.path.iterdir()
    wait_until(lambda: base.processes() == [])
    assert left.exists()
    start("-c", SWEEP).process.wait()
    assert not left.exists()


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_one_of_two_supervisors_is_enough(
    start: Start, base: Base, which: int, number: signal.Signals
) -> None:
    run = start("-c", SERVE)
    assert run.ready() == "ready"
    keys = base.keys()
    supervisors_of(run)[which].send_signal(number)
    run.end(signal.SIGKILL)
    assert base.left_soon() == []
    assert keys.isdisjoint(shared_memory())


@pytest.mark.ordinary_user
def test_a_server_and_a_folder_that_nobody_else_can_reach_will_do(
    start: Start, base: Base, no_environ: dict[str, str]
) -> None:
    closed = base.path / "closed"
    prefix = choose(no_environ).bindir.parent
    package, site = prefix.parent, prefix.parent.parent
    for source in (prefix, site / f"{package.name}.libs"):
        shutil.copytree(source, closed / source.relative_to(site), symlinks=True)
    for path in (closed, *closed.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)
    modes = {path: path.lstat().st_mode for path in closed.rglob("*")}
    (bindir,) = closed.glob("*/*/bin")
    (closed / "tmp").mkdir(mode=0o700)
    run = start("-c", SERVE, TMPDIR=str(closed / "tmp"), PG_BINDIR=str(bindir))
    assert run.ready() == "ready"
    assert {path: path.lstat().st_mode for path in modes} == modes


@pytest.mark.ordinary_user
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_nothing_is_left_of_a_server_that_is_killed_or_stopped(
    start: Start, base: Base, number: signal.Signals
) -> None:
    run = start("-c", SERVE)
    assert run.ready() == "ready"
    keys = base.keys()
    assert keys & shared_memory()
    (server,) = below(run.process.pid, " -D ")
    server.send_signal(number)
    run.end(signal.SIGINT)
    assert base.left_soon() == []
    assert keys.isdisjoint(shared_memory())
