"""What killed runs left on a given server is dropped; what may be in use is not."""

from __future__ import annotations

import select
import signal
import threading
import time
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from runthrough.services.postgresql import Address, locks
from runthrough.services.postgresql.connecting import connect
from runthrough.services.postgresql.marks import Mark
from tests.services.postgresql.given import LEAVE, Given
from tests.services.postgresql.runs import Start

ELSEWHERE = "from runthrough.services.postgresql import marks; marks._host = lambda: '0' * 16\n"
HIDDEN = """
from runthrough.services.postgresql import marks
import psutil
def hidden(pid=None): raise psutil.NoSuchProcess(pid)
psutil.Process = hidden
marks.started = lambda pid: 0
"""
CLOCK = """
from runthrough.services.postgresql import marks
marks.started = lambda pid: 1
"""
MACHINES = {"here": "", "elsewhere": ELSEWHERE, "hidden": HIDDEN, "other_start": CLOCK}
"""What a run is made to believe of itself, so that only its lock says that it lives."""


def at_rest(given: Given, name: str, **changes: Any) -> Mark:
    """Make a database that a run has left which was on another machine, and is over."""
    with connect(given.maker) as connection:
        row = connection.execute("SELECT oid FROM pg_database WHERE datname = 'postgres'")
        found = row.fetchone()
        assert found is not None
        mark = replace(
            Mark.new(),
            host="0" * 16,
            lock=found[0],
            incarnation=locks.incarnation(connection),
        )
    mark = replace(mark, **changes)
    given.run(f'CREATE DATABASE "{name}" OWNER maker')
    given.run(f"COMMENT ON DATABASE \"{name}\" IS '{mark.comment}'")
    return mark


def wait_until_left(given: Given, name: str) -> None:
    """Wait until the server has noticed that the run of a database is gone."""
    (comment,) = given.run(
        f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{name}'"
    )[0]
    mark = Mark.read(comment)
    assert mark is not None
    with connect(given.admin) as connection:
        while locks.is_held(connection, mark):
            time.sleep(0.01)


def test_two_runs_leave_each_other_alone(given: Given, page: Address) -> None:
    with given.open(page) as one:
        kept = one.create_database(page).address.dbname
        with given.open(page) as other:
            other.create_database(page)
        assert kept in given.databases()
    assert given.said == []


@pytest.mark.parametrize("machine", MACHINES)
def test_a_database_stays_as_long_as_its_run_lives(
    given: Given, page: Address, start: Start, machine: str
) -> None:
    run = start("-c", MACHINES[machine] + LEAVE, DATABASE_URL=given.maker.url)
    left = run.ready()
    assert given.sweep(page) == ""
    assert left in given.databases()
    run.end(signal.SIGKILL)
    wait_until_left(given, left)
    assert given.sweep(page) == ""
    assert left not in given.databases()


def test_what_was_left_before_it_had_its_comment_is_swept_as_well(
    given: Given, page: Address
) -> None:
    mark = at_rest(given, "rt_gone")
    given.run("DROP DATABASE rt_gone")
    given.run(f"CREATE DATABASE {mark.first_name()} OWNER maker")
    assert given.sweep(page) == ""
    assert not [name for name in given.databases() if name.startswith("rt_")]


def test_what_a_person_has_made_is_left_alone_without_a_word(given: Given, page: Address) -> None:
    given.run("CREATE DATABASE rt_of_a_person OWNER maker")
    given.run("COMMENT ON DATABASE rt_of_a_person IS 'my notes on runthrough'")
    mark = at_rest(given, "rt_renamed")
    given.run("ALTER DATABASE rt_renamed RENAME TO mine")
    assert given.sweep(page) == ""
    assert {"rt_of_a_person", "mine"} < set(given.databases())
    given.run("DROP DATABASE mine")
    assert mark.run


def test_what_somebody_is_connected_to_is_left_alone_and_named(given: Given, page: Address) -> None:
    at_rest(given, "rt_in_use")
    with psycopg.connect(replace(given.maker, dbname="rt_in_use").url):
        said = given.sweep(page)
    assert "rt_in_use" in given.databases()
    assert "rt_in_use: its run is over, but something is connected to it" in said
    assert 'DROP DATABASE IF EXISTS "rt_in_use";' in said


def test_what_another_role_owns_is_left_alone_and_named(given: Given, page: Address) -> None:
    at_rest(given, "rt_of_other")
    given.run("ALTER DATABASE rt_of_other OWNER TO other")
    assert "rt_of_other: it belongs to the role other" in given.sweep(page)
    assert "rt_of_other" in given.databases()


def test_what_another_version_has_made_is_left_alone_and_named(given: Given, page: Address) -> None:
    given.run("CREATE DATABASE rt_older OWNER maker")
    comment = "runthrough 0a1b2c3d 4242 1700000000 0a1b2c3d"
    given.run(f"COMMENT ON DATABASE rt_older IS '{comment}'")
    assert "rt_older: another version of runthrough made it" in given.sweep(page)
    assert "rt_older" in given.databases()


def test_a_server_that_was_started_again_knows_no_lock_of_before(
    given: Given, page: Address
) -> None:
    at_rest(given, "rt_before", incarnation="0a1b2c3d")
    said = given.sweep(page)
    assert "rt_before: the server was restarted after it was made" in said
    assert "rt_before" in given.databases()


def test_a_run_whose_lock_the_server_did_not_hold_is_never_over(
    given: Given, page: Address
) -> None:
    at_rest(given, "rt_pooled", incarnation="0" * 8)
    assert "rt_pooled: the server held no lock for its run" in given.sweep(page)
    assert "rt_pooled" in given.databases()


def test_a_process_that_is_gone_from_this_machine_needs_no_lock(
    given: Given, page: Address
) -> None:
    gone = {"host": Mark.new().host, "pid": 2**22 + 1, "incarnation": "0a1b2c3d"}
    at_rest(given, "rt_gone", **gone)
    assert given.sweep(page) == ""
    assert "rt_gone" not in given.databases()


def test_a_process_that_is_there_keeps_its_database_without_a_lock(
    given: Given, page: Address
) -> None:
    mark = Mark.new()
    at_rest(given, "rt_alive", host=mark.host, started=mark.started)
    assert f"rt_alive: process {mark.pid} on this machine" in given.sweep(page)
    assert "rt_alive" in given.databases()


def test_a_lock_may_be_in_another_database_than_ours(
    given: Given, page: Address, start: Start
) -> None:
    given.run("CREATE DATABASE elsewhere OWNER maker")
    url = replace(given.maker, dbname="elsewhere").url
    run = start("-c", ELSEWHERE + LEAVE, DATABASE_URL=url)
    left = run.ready()
    assert given.sweep(page) == ""
    assert left in given.databases()
    run.end(signal.SIGKILL)
    wait_until_left(given, left)
    assert given.sweep(page) == ""
    assert left not in given.databases()
    given.run("DROP DATABASE elsewhere WITH (FORCE)")


def test_a_lock_that_was_lost_is_taken_again(given: Given, page: Address) -> None:
    with given.open(page) as server:
        made = server.create_database(page).address.dbname
        for _ in range(3):
            given.run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
            with connect(given.admin) as connection:
                while not locks.is_held(connection, server.mark):
                    time.sleep(0.01)
            assert made in given.databases()
        given.sweep(page)
        assert made in given.databases()
    assert made not in given.databases()


def test_a_server_that_ends_idle_sessions_does_not_end_the_lock(
    given: Given, page: Address
) -> None:
    given.run("ALTER ROLE maker SET idle_session_timeout TO '2s'")
    with given.open(page) as server:
        before = given.run("SELECT pid FROM pg_locks WHERE locktype = 'advisory'")
        with psycopg.connect(given.maker.url) as idle:
            idle.execute("SELECT")
            idle.commit()
            select.select([idle], [], [])  # it has been idle for a shorter time, and is ended
        assert given.run("SELECT pid FROM pg_locks WHERE locktype = 'advisory'") == before
        assert server.mark.lock


def test_two_sweeps_at_once_drop_each_database_once(given: Given, page: Address) -> None:
    for number in range(4):
        at_rest(given, f"rt_left_{number}")
    said: list[str] = []

    def sweep() -> None:
        said.append(Given.sweep(given, page))

    threads = [threading.Thread(target=sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["", "", ""]
    assert not [name for name in given.databases() if name.startswith("rt_")]
