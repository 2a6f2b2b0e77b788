"""The sample project runs by itself, on each server that is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from runthrough import Address, find_binaries, open_server

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parent.parent / "alembic_sample"
PAGE = Address.parse("postgresql://gino:secret@localhost:5432/gino_tutorial")
NAMES_ADDRESS = ("alembic.ini", "my_app/settings.py")
SYSTEM = next(find_binaries({"PATH": os.defpath}, wheels=()), None)
SERVERS = {"embedded": {}, **({"system": {"PG_BINDIR": str(SYSTEM.bindir)}} if SYSTEM else {})}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the project's requirements, installed as the tutorial does."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    requirements = str(PROJECT / "requirements.txt")
    for arguments in (
        ["-c", requirements, "setuptools"],
        ["--no-build-isolation", "-r", requirements],
    ):
        subprocess.run([folder / "bin" / "pip", "install", "-q", *arguments], check=True)
    return folder


@pytest.fixture(params=SERVERS.values(), ids=list(SERVERS))
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A copy of the project whose address is that of an empty database."""
    copy = tmp_path / "copy"
    shutil.copytree(PROJECT, copy)
    with open_server(PAGE, environ=request.param) as server:
        address = server.create_database(PAGE).address
        for name in NAMES_ADDRESS:
            file = copy / name
            assert PAGE.url in file.read_text()
            file.write_text(file.read_text().replace(PAGE.url, address.url))
        yield copy
        server.drop_all()


def test_the_project_goes_up_and_down_and_up_and_its_program_runs(
    project: Path, environment: Path
) -> None:
    def run(*command: str) -> str:
        done = subprocess.run(
            [environment / "bin" / command[0], *command[1:]],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("alembic", "upgrade", "head")
    assert run("alembic", "check") == "No new upgrade operations detected.\n"
    run("alembic", "downgrade", "base")
    assert "users" not in run("python", "show_tables.py")
    run("alembic", "upgrade", "head")
    assert run("python", "users.py", "ada", "grace") == "1 ada True\n2 grace True\n"
