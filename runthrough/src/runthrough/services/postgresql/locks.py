"""The lock that a server holds for a run as long as the run lives, and that ends with it.

It is a session-level advisory lock. A run holds it shared. Only a session that gets it exclusively
may drop the run's databases. The server releases it when the run's connection ends, however that
happens, so there's no need to look at processes, clocks or machines.
"""

from __future__ import annotations

import hashlib
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from runthrough.model.address import Address
from runthrough.services.postgresql.connecting import Connection, connect, cut_off
from runthrough.services.postgresql.errors import DatabaseError
from runthrough.services.postgresql.marks import Mark

PATIENCE = 1.0
"""Seconds between two attempts to get a lost lock back."""
HELD = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted "
    "AND (classid::bigint << 32) | objid::bigint = %s AND database = %s "
    "AND pid <> pg_backend_pid())"
)


def is_held(connection: Connection, mark: Mark) -> bool:
    """Return whether another session holds the lock of a run; ordinary roles see this too."""
    row = connection.execute(HELD, [mark.key, mark.lock]).fetchone()
    return bool(row and row[0])


def incarnation(connection: Connection) -> str:
    """Identify the period during which a lock that was once taken on this server is still held.

    A server that starts again has forgotten all locks. So has one that recovers from a crash of
    one of its processes: its start stays the same then, but its statistics begin again. These
    times are only compared for equality, so that the server's clock may be set to anything.
    """
    row = connection.execute(
        "SELECT pg_postmaster_start_time()::text, stats_reset::text FROM pg_stat_bgwriter"
    ).fetchone()
    return hashlib.sha256(repr(row).encode()).hexdigest()[:8]


@contextmanager
def taken(connection: Connection, mark: Mark) -> Iterator[bool]:
    """Take the lock of a run that is over; yield False if any other session has it."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [mark.key]).fetchone()
    has = bool(row and row[0])
    try:
        yield has
    finally:
        if has:
            connection.execute("SELECT pg_advisory_unlock(%s)", [mark.key])


@dataclass
class RunLock:
    """Holds a run's lock, and takes it again if its connection was lost."""

    admin: Address
    key: int
    is_reliable: bool = False
    """Whether the server really holds it for our session, and for no other of a pool."""
    _ended: threading.Event = field(default_factory=threading.Event)
    tried: threading.Event = field(default_factory=threading.Event)
    _connection: Connection | None = None
    error: DatabaseError | None = None

    def keep(self) -> None:
        """Take the lock, and wait until it is given back; take it again whenever it is lost."""
        while not self._ended.is_set():
            was_held = False
            try:
                with connect(self.admin, limit=None) as connection:
                    self.is_reliable = self._take(connection)
                    self._connection, was_held = connection, True
                    self.tried.set()
                    self._wait(connection)
            except DatabaseError as error:
                self.error = error
                self.tried.set()
                if not was_held:
                    self._ended.wait(PATIENCE)

    def _take(self, connection: Connection) -> bool:
        """Take the lock; give up if a pooler gives us another session for each transaction."""
        pids = {connection.execute("SELECT pg_backend_pid()").fetchone() for _ in range(3)}
        # A pooler makes up the number with which it greets us.
        if pids != {(connection.info.backend_pid,)}:
            return False
        # A session that does nothing must not be ended for that (PostgreSQL 14).
        connection.execute(
            "SELECT set_config(name, '0', false) FROM pg_settings "
            "WHERE name = 'idle_session_timeout'"
        )
        row = connection.execute("SELECT pg_try_advisory_lock_shared(%s)", [self.key]).fetchone()
        return row == (True,)

    def _wait(self, connection: Connection) -> None:
        """Return when the lock has to be released, or is lost."""
        while not self._ended.is_set():
            poll = select.poll()
            poll.register(connection.fileno(), select.POLLIN)
            poll.poll()
            if not self._ended.is_set():
                connection.execute("SELECT")  # it fails where the server has ended the session

    def give_back(self) -> None:
        """Have the thread that keeps the lock end."""
        self._ended.set()
        if self._connection is not None:
            cut_off(self._connection)


@contextmanager
def held(admin: Address, mark: Mark) -> Iterator[RunLock]:
    """Hold the lock of a run until the block ends.

    Raises DatabaseError if that can't even be tried.
    """
    lock = RunLock(admin, mark.key)
    # A daemon, so that a run whose main thread has ended is over.
    thread = threading.Thread(target=lock.keep, name="runthrough-lock", daemon=True)
    thread.start()
    lock.tried.wait()
    try:
        if lock.error is not None:
            raise lock.error
        yield lock
    finally:
        lock.give_back()
        thread.join(PATIENCE)
