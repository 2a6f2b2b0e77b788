"""A run that is killed leaves no process, and the next run sweeps up what is left on disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from runthrough.processes.ports import is_free
from tests.living import PATIENCE, below, is_alive, wait_until, words_of

pytestmark = [pytest.mark.ordinary_user, pytest.mark.slow]

PAGE = """\
Page
====

.. code-block:: console

   $ echo ~ > {told}
   $ (setsid sleep 300 &)
   $ sleep 300
"""

SERVING = """\
Page
====

.. code-block:: console
   :terminal: server
   :until: Serving HTTP

   $ python3 -um http.server 8000 --bind 127.0.0.1
   Serving HTTP on 127.0.0.1 port 8000 (http://127.0.0.1:8000/) ...

.. code-block:: console

   $ echo ~ > {told}
   $ (setsid sleep 300 &)
   $ sleep 300
"""

Run = Callable[..., subprocess.Popen[bytes]]

SUPERVISOR = "runthrough.processes.supervisor"
"""What is in the command line of each process that looks after others."""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Start a run over a page that is still being run when the test goes on."""
    docs = tmp_path / "docs"
    docs.mkdir()
    address = "postgresql://reader:secret@localhost:5432/reader_base"
    settings = f"runthrough_database = '{address}'\nrunthrough_ports = {{8000: ''}}\n"
    (docs / "conf.py").write_text(settings)

    def start(page: str = PAGE) -> subprocess.Popen[bytes]:
        (docs / "index.rst").write_text(page.format(told=tmp_path / "told"))
        (tmp_path / "told").unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "--runthrough", "docs"]
        # A server that is given outlives the run; the one of our own must not.
        environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return subprocess.Popen(
            command,
            cwd=tmp_path,
            env=environ,
            stdout=subprocess.DEVNULL,
            # Our own caller may ignore Ctrl-C, as a job in the background of a script does.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    return start


def family(process: subprocess.Popen[bytes], told: Path) -> list[psutil.Process]:
    """Wait until the page sleeps; return every process that the run has started by then."""
    wait_until(lambda: told.exists() and len(below(process.pid, "sleep 300")) == 2)
    assert below(process.pid, "postgres") != []
    return below(process.pid)


def alive_after(started: list[psutil.Process]) -> list[psutil.Process]:
    """Wait until all have ended; return those that do not.

    One that has ended stays listed until the system's first process, now its parent, has noticed.
    """
    deadline = time.monotonic() + PATIENCE
    alive = started
    while alive and time.monotonic() < deadline:
        alive = [one for one in alive if is_alive(one)]
        time.sleep(0.01)
    return alive


def home_of(told: Path) -> Path:
    return Path(told.read_text().strip())


def test_a_killed_run_leaves_neither_process_nor_folder(tmp_path: Path, run: Run) -> None:
    process = run()
    started = family(process, tmp_path / "told")
    home = home_of(tmp_path / "told")
    assert home.is_dir()
    process.kill()
    process.wait()
    assert alive_after(started) == []
    assert not home.exists()


def test_a_killed_run_leaves_no_server_of_another_terminal(tmp_path: Path, run: Run) -> None:
    process = run(SERVING)
    started = family(process, tmp_path / "told")
    (server,) = [one for one in started if "http.server" in words_of(one)]
    port = int(words_of(server)[3])
    assert not is_free(port)
    process.kill()
    process.wait()
    assert alive_after(started) == []
    assert is_free(port)


def test_the_next_run_sweeps_up_after_one_that_was_killed_with_its_supervisors(
    tmp_path: Path, run: Run
) -> None:
    process = run()
    started = family(process, tmp_path / "told")
    home = home_of(tmp_path / "told")
    supervisors = [one for one in started if SUPERVISOR in " ".join(words_of(one))]
    for one in [*supervisors, psutil.Process(process.pid)]:
        one.kill()
    process.wait()
    # Nobody is left to remove the folder.
    assert home.is_dir()
    second = run()
    family(second, tmp_path / "told")
    assert not home.exists()
    assert alive_after(started) == []
    second.send_signal(signal.SIGINT)
    second.wait()


def test_ctrl_c_ends_everything(tmp_path: Path, run: Run) -> None:
    process = run()
    started = family(process, tmp_path / "told")
    home = home_of(tmp_path / "told")
    os.kill(process.pid, signal.SIGINT)
    process.wait(timeout=PATIENCE)
    assert alive_after(started) == []
    assert not home.exists()
