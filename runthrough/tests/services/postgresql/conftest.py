"""One server that most tests share, and folders and processes for those that kill a run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from runthrough.services.postgresql import Address, Server, open_server
from tests.services.postgresql import runs
from tests.services.postgresql.given import Given


@pytest.fixture(scope="session")
def page() -> Address:
    return Address.parse("postgresql://gino:secret@localhost:5432/gino_tutorial")


@pytest.fixture(scope="session")
def no_environ() -> dict[str, str]:
    """An environment that says nothing about databases."""
    return {"PATH": os.environ["PATH"]}


@pytest.fixture(scope="session")
def server(page: Address, no_environ: dict[str, str]) -> Iterator[Server]:
    with open_server(page, no_environ) as server:
        yield server


@pytest.fixture
def given(server: Server) -> Iterator[Given]:
    """The server that most tests share, as a run sees it that gets it by DATABASE_URL."""
    server.drop_all()
    given = Given(server.admin)
    yield given
    given.clear()


@pytest.fixture
def base() -> Iterator[runs.Base]:
    """Yield a temporary folder that every user can reach and write."""
    path = Path(tempfile.mkdtemp(prefix="base", dir="/tmp"))
    path.chmod(0o777)
    yield runs.Base(path)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def start(base: runs.Base) -> Iterator[runs.Start]:
    """Yield a function that starts Python in a process of its own."""
    started = []

    def start(*arguments: str, user: str = "us", **environ: str) -> runs.Run:
        started.append(runs.start(base, list(arguments), user, environ))
        return started[-1]

    yield start
    for run in started:
        run.process.kill()
        run.process.communicate()
