"""A server of our own, which ends when we do, whatever ends us."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from runthrough.model.address import Address
from runthrough.processes import rundir
from runthrough.processes.supervised import Supervised, SupervisionError
from runthrough.services.postgresql import cluster
from runthrough.services.postgresql.account import (
    Account,
    account,
    temporary_folder,
    temporary_folders,
)
from runthrough.services.postgresql.binaries import Binaries, reachable
from runthrough.services.postgresql.errors import DatabaseError
from runthrough.services.programs import LOOPBACK

LIMIT = 60.0
"""Seconds that initdb and the server have to be ready: 0.5 when quiet, 1.5 when busy."""
LINES = 12
"""Lines of the server's log that an error shows."""
LOG = "server.log"


class PortTakenError(DatabaseError):
    """Something else has started to listen on the port since we looked."""


@dataclass(frozen=True)
class Running:
    """Our server: how its superuser connects, the process, and the folder that goes with it."""

    admin: Address
    process: Supervised
    run: rundir.RunDirectory
    pid_file: Path

    def end(self) -> None:
        """End the server and remove its folder."""
        try:
            self.process.end()
        finally:
            self.run.remove()


def start(binaries: Binaries, port: int, *, keep: Path | None = None, safe: bool = True) -> Running:
    """Start a server on `port`, with new data, or with that kept in the folder `keep`.

    Kept data is `safe` from a failure of the machine, or else faster to work with. Raises
    DatabaseError, with the end of the server's log.
    """
    owner = account()
    run = rundir.create(temporary_folder(owner))
    try:
        running = _launch(binaries, port, owner, run, keep, safe=safe)
    except BaseException:
        run.remove()
        raise
    try:
        _wait(running, binaries)
    except BaseException:
        running.end()
        raise
    return running


def _launch(
    binaries: Binaries,
    port: int,
    owner: Account,
    run: rundir.RunDirectory,
    keep: Path | None,
    *,
    safe: bool,
) -> Running:
    owner.let_in(run.path)
    bindir = reachable(binaries.bindir, owner, run.path / "programs")
    if keep is None:
        data = cluster.make(run.path / "cluster", owner)
    else:
        data = cluster.reopen(keep, owner, binaries.major)
    safe = safe and keep is not None
    try:
        process = Supervised.start(
            ["/bin/sh", "-c", cluster.script(bindir, binaries.major, data, port, safe=safe)],
            env=cluster.environment(os.environ),
            cwd=run.path,
            log=run.path / LOG,
            user=owner.user,
            group=owner.group,
            # PostgreSQL's fast and immediate shutdown.
            end_signal="SIGINT" if keep else "SIGQUIT",
            remove=[run.path],
            pid_file=data.data / "postmaster.pid",
            keep_open=[run.lock],
        )
    except SupervisionError as error:
        raise DatabaseError(f"the server of {binaries.source} wasn't started: {error}") from error
    admin = Address(LOOPBACK, port, cluster.SUPERUSER, data.password, "postgres")
    return Running(admin, process, run, data.data / "postmaster.pid")


def start_on_any(binaries: Binaries, ports: Iterable[int], keep: Path | None = None) -> Running:
    """Start a server on the first of `ports` that is still free when it starts.

    Data in the folder `keep` is kept, though not safe from a failure of the machine.
    """
    taken = []
    for port in ports:
        try:
            return start(binaries, port, keep=keep, safe=False)
        except PortTakenError:
            taken.append(port)
    raise DatabaseError(f"no free port was found for a server on {LOOPBACK}; taken: {taken}")


def sweep() -> None:
    """Remove the folders of runs of ours that were killed together with their supervisors."""
    rundir.sweep(temporary_folders(account()))


def _wait(running: Running, binaries: Binaries) -> None:
    """Return when the server says in its pid file that it is ready.

    pg_ctl looks at the same line, but only ten times in a second.
    """
    deadline = time.monotonic() + LIMIT
    while not _is_ready(running):
        status = running.process.poll()
        if status is not None or time.monotonic() > deadline:
            raise _not_started(running, binaries, status)
        time.sleep(0.005)


def _not_started(running: Running, binaries: Binaries, status: int | None) -> DatabaseError:
    log = (running.run.path / LOG).read_text(errors="replace")
    kind = PortTakenError if "could not bind" in log else DatabaseError
    state = f"isn't ready after {LIMIT} s" if status is None else f"ended with status {status}"
    end = "\n".join(f"  {line}" for line in log.splitlines()[-LINES:])
    return kind(
        f"the server of {binaries.source} ({binaries.bindir}), port {running.admin.port}, "
        f"{state}; its log ends with\n{end}"
    )


def _is_ready(running: Running) -> bool:
    try:
        lines = running.pid_file.read_text().splitlines()
    except FileNotFoundError:
        return False
    # In a kept folder, the file can be that of another server, or of one that was killed.
    return len(lines) >= 8 and lines[0] == str(running.process.pid) and lines[7].strip() == "ready"
