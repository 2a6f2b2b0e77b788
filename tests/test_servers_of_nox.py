"""The sessions that serve end with a friendly last line, and leave nothing running."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a session as a shell would, in a folder with a small site."""
    shutil.copy(ROOT / "noxfile.py", tmp_path)
    for name in ("docs", "alembic_sample", "runthrough/src"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "docs" / "conf.py").write_text('extensions = ["runthrough"]\n')
    (tmp_path / "docs" / "index.rst").write_text("Tea\n===\n")
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    ours["PATH"] = f"{Path(sys.executable).parent}:{ours['PATH']}"
    started = []

    def start(session: str, *arguments: str) -> subprocess.Popen[str]:
        here = ["--no-venv", "--no-install", "--session", session, "--", *arguments]
        process = subprocess.Popen(
            [sys.executable, "-m", "nox", *here],
            cwd=tmp_path,
            env=ours,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """End a session with all that it has started, where anything of it is left."""
    # Servers are in process groups of their own.
    with suppress(psutil.NoSuchProcess):
        for one in psutil.Process(process.pid).children(recursive=True):
            one.kill()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """Return what a session prints, up to the line that holds `text`."""
    assert process.stdout is not None
    said = ""
    with killed_if_hanging(process):
        while text not in said:
            line = process.stdout.readline()
            assert line, f"it ended without {text!r}:\n{said}"
            said += line
    return said


@contextmanager
def killed_if_hanging(process: subprocess.Popen[str]) -> Iterator[None]:
    """End a session that neither prints nor ends."""
    hanging = threading.Timer(100, kill, [process])
    hanging.start()
    yield
    hanging.cancel()


def end(process: subprocess.Popen[str], number: signal.Signals) -> str:
    """End a session as a person or a machine does, and return what it prints from then on."""
    assert process.stdout is not None
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # what a terminal does at Ctrl-C
    else:
        process.send_signal(number)
    with killed_if_hanging(process):
        said = process.stdout.read()  # up to the end of the last process that can write there
    assert process.wait() == 0, said
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    return said


@pytest.fixture(params=["a terminal", "a script's background"])
def started_from(request: pytest.FixtureRequest) -> Iterator[None]:
    """What starts the sessions; a shell without job control switches Ctrl-C off for `&`."""
    terminal = request.param == "a terminal"
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler if terminal else signal.SIG_IGN
    )
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("started_from")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_database_ends_when_it_is_told(start: Start, number: signal.Signals) -> None:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    url = f"postgresql://gino:secret@localhost:{port}/tea"
    session = start("postgres", "--like", url)
    read_until(session, "Ctrl-C stops the server")
    said = end(session, number)
    assert "\nStopped. The data is deleted.\n" in said
    assert "Session postgres was successful" in said.splitlines()[-1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_site_ends_when_it_is_told(start: Start, number: signal.Signals) -> None:
    session = start("docs-live", "--port", "0")
    read_until(session, "Serving on http")
    said = end(session, number)
    assert "\nStopped. The pages from the last build are in docs/_build/html.\n" in said
    assert "Session docs-live was successful" in said.splitlines()[-1]
