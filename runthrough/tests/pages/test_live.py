"""How saves and runs take turns."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from runthrough.pages.live import Live, Rerunner, end, rerunning
from tests.living import is_alive, wait_until

ENDLESS = [sys.executable, "-c", "import time; time.sleep(3600)"]


@pytest.fixture
def rerunner() -> Iterator[Rerunner]:
    """A run that goes on until it is interrupted."""
    with rerunning(ENDLESS) as rerunner:
        yield rerunner


def test_a_save_lets_the_page_that_is_run_end(rerunner: Rerunner) -> None:
    first = rerunner.current
    rerunner.go_on(saved=True, judged=False)
    assert rerunner.current is first
    rerunner.go_on(saved=False, judged=True)
    assert rerunner.current is not first
    assert first.poll() is not None
    assert rerunner.current.poll() is None


def test_a_run_goes_on_where_nothing_was_saved(rerunner: Rerunner) -> None:
    first = rerunner.current
    rerunner.go_on(saved=False, judged=True)
    assert rerunner.current is first
    assert first.poll() is None


def test_a_run_that_is_over_is_not_repeated_until_a_save(rerunner: Rerunner) -> None:
    first = rerunner.current
    end(first, 60)
    rerunner.go_on(saved=False, judged=True)
    assert rerunner.current is first
    rerunner.go_on(saved=True, judged=False)
    assert rerunner.current is not first


def test_nothing_is_left_running() -> None:
    with rerunning(ENDLESS) as rerunner:
        current = rerunner.current
    assert current.poll() is not None


def test_what_does_not_end_is_killed() -> None:
    deaf = "import signal, time; signal.signal(2, signal.SIG_IGN); print(flush=True)"
    program = subprocess.Popen(
        [sys.executable, "-c", f"{deaf}; time.sleep(3600)"], stdout=subprocess.PIPE
    )
    assert program.stdout is not None
    program.stdout.readline()
    end(program, 0.1)
    assert program.returncode == -9


def test_what_a_program_leaves_behind_ends_with_it() -> None:
    leaves = "import subprocess, sys; print(subprocess.Popen(sys.argv[1:]).pid, flush=True)"
    command = [sys.executable, "-c", leaves, *ENDLESS]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    assert program.stdout is not None
    left = psutil.Process(int(program.stdout.readline()))
    end(program, 60)
    wait_until(lambda: not is_alive(left))


def test_the_server_watches_what_the_run_writes() -> None:
    live = Live(Path("docs"), Path("out/html"), (Path("sample"),), ("--port", "0"))
    file = Path("out/results/results.json").absolute()
    assert f"--watch={file.parent}" in live.serve
    assert f"runthrough_results={file}" in live.serve
    assert live.serve[-2:] == ["docs", "out/html"]
    assert live.run_pages[live.run_pages.index("--runthrough-results") + 1] == str(file)
