"""A command that is ended by a signal says so, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.slow

ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A site whose page says when it's being run, and then hangs."""
    folder = tmp_path / "project"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "conf.py").touch()
    (tmp_path / "temporary").mkdir()
    write_page(folder, "3600")
    return folder


def write_page(project: Path, seconds: str) -> None:
    """Write a page that takes so long."""
    commands = f"   $ echo green\n   green\n   $ touch {project}/ready; sleep {seconds}\n"
    page = f"Tea\n===\n\n.. code-block:: console\n\n{commands}"
    (project / "docs" / "index.rst").write_text(page)


def start(project: Path, *arguments: str, before: str = "") -> subprocess.Popen[str]:
    """Start a command that signals end; a job in the background, or nohup's, ignores some.

    What it prints goes to a pipe, and so is kept back until there's enough of it.
    """

    def heed_signals() -> None:
        for number in ENDING:
            signal.signal(number, signal.SIG_DFL)

    return subprocess.Popen(
        [
            "bash",
            "-c",
            f'{before} exec "$@"',
            "bash",
            sys.executable,
            "-m",
            "runthrough",
            *arguments,
        ],
        cwd=project,
        env={
            **{name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
            "TMPDIR": str(project.parent / "temporary"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=heed_signals,
    )


def wait_until_ready(project: Path, process: subprocess.Popen[str]) -> None:
    """Wait until the page is being run."""
    while not (project / "ready").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


@pytest.mark.parametrize("number", ENDING)
@pytest.mark.parametrize("name", ["twice", "mutants"])
def test_nothing_outlives_a_command_that_is_ended(
    project: Path, name: str, number: signal.Signals
) -> None:
    process = start(project, name, "docs")
    wait_until_ready(project, process)
    process.send_signal(number)
    printed, _ = process.communicate(timeout=40)
    assert printed.endswith(f"\nrunthrough {name}: stopped\n")
    assert "Traceback" not in printed
    assert process.returncode == 128 + signal.SIGINT
    running = [" ".join(one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"])]
    assert [line for line in running if str(project.parent) in line] == []
    assert list((project.parent / "temporary").iterdir()) == []


def test_a_signal_that_the_caller_ignores_stays_ignored(project: Path) -> None:
    write_page(project, "0.5")
    process = start(project, "twice", "docs", before="trap '' HUP;")
    wait_until_ready(project, process)
    process.send_signal(signal.SIGHUP)
    printed, _ = process.communicate(timeout=60)
    assert printed.endswith("ran 1 page twice: 2 steps, 0 differences\n")
