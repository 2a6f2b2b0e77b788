"""A given server that ends, or stops to answer, while a run is at work on it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from runthrough.services import programs
from runthrough.services.postgresql import Address, locks, open_server, own
from runthrough.services.postgresql.binaries import choose
from runthrough.services.postgresql.connecting import connect
from runthrough.services.postgresql.errors import DatabaseError
from tests.living import below, wait_until

pytestmark = pytest.mark.slow

CONF = 'runthrough_database = "postgresql://gino:secret@localhost:5432/gino_tutorial"\n'
PAGE = """\
Page
====

.. code-block:: console

   $ echo hi
   hi

.. code-block:: console

   $ kill -KILL {pid}
   $ sleep 1
"""


@pytest.fixture
def running(page: Address, no_environ: dict[str, str]) -> Iterator[own.Running]:
    """A server for one test, which may do to it what it likes."""
    running = own.start_on_any(choose(no_environ), programs.candidates(page.port))
    yield running
    if running.process.poll() is None:
        os.kill(pid_of(running), signal.SIGCONT)
    running.end()


def pid_of(running: own.Running) -> int:
    return int(running.pid_file.read_text().split()[0])


def test_the_report_names_what_a_dead_server_keeps(
    running: own.Running, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makefile(".rst", index=PAGE.format(pid=pid_of(running)))
    pytester.makepyfile(conf=CONF)
    monkeypatch.setenv("DATABASE_URL", running.admin.url)
    result = pytester.runpytest_inprocess("--runthrough", ".")
    result.assert_outcomes(passed=3)
    result.stdout.re_match_lines(
        [
            rf"this run's databases on .* at {running.admin.endpoint} couldn't be dropped:",
            r"  rt_\w{10}: no connection to the PostgreSQL server .* Connection refused .*",
            r"When the server answers again, drop them by hand:",
            r'  DROP DATABASE IF EXISTS "rt_\w{10}";',
            r"ran 1 page: .*",
        ],
        consecutive=True,
    )
    assert running.admin.password not in result.stdout.str()


def test_a_server_that_stops_is_not_waited_for(running: own.Running, page: Address) -> None:
    said: list[str] = []
    url = f"{running.admin.url}?connect_timeout=2"
    with open_server(page, {"DATABASE_URL": url}, say=said.append) as server:
        dropped = server.create_database(page)
        made = [server.create_database(page).address.dbname for _ in range(2)]
        server.drop(dropped)
        os.kill(pid_of(running), signal.SIGSTOP)
    assert said[0].endswith("couldn't be dropped:")
    assert said[1].startswith(f"  {made[0]}, {made[1]}: no connection to the PostgreSQL server")
    assert said[3:] == [f'  DROP DATABASE IF EXISTS "{name}";' for name in made]


def test_a_statement_that_takes_too_long_is_given_up(running: own.Running) -> None:
    with (
        pytest.raises(DatabaseError, match=r"didn't answer within 1 s"),
        connect(running.admin, limit=1) as connection,
    ):
        connection.execute("SELECT pg_sleep(60)")


def test_a_crash_ends_the_time_in_which_locks_are_held(running: own.Running, page: Address) -> None:
    with open_server(page, {"DATABASE_URL": running.admin.url}) as server:
        with connect(running.admin) as connection:
            before = locks.incarnation(connection)
        # A server that loses one of its processes ends all sessions and goes on.
        writer_of(running).kill()
        after = before
        while after == before:
            with suppress(DatabaseError), connect(running.admin) as connection:
                after = locks.incarnation(connection)
                while not locks.is_held(connection, server.mark):
                    time.sleep(0.01)


def writer_of(running: own.Running) -> psutil.Process:
    """Return the process that writes the log; a server accepts connections before it has one."""
    wait_until(lambda: below(pid_of(running), "walwriter") != [])
    (writer,) = below(pid_of(running), "walwriter")
    return writer
