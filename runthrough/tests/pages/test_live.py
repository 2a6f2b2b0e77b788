"""How saves and walks take turns."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runthrough.pages.live import Live, Walks, end, walking

ENDLESS = [sys.executable, "-c", "import time; time.sleep(3600)"]


@pytest.fixture
def walks() -> Iterator[Walks]:
    """A walk that goes on until it is interrupted."""
    with walking(ENDLESS) as walks:
        yield walks


def test_a_save_lets_the_page_that_is_performed_end(walks: Walks) -> None:
    first = walks.current
    walks.go_on(saved=True, judged=False)
    assert walks.current is first
    walks.go_on(saved=False, judged=True)
    assert walks.current is not first
    assert first.poll() is not None
    assert walks.current.poll() is None


def test_a_walk_goes_on_where_nothing_was_saved(walks: Walks) -> None:
    first = walks.current
    walks.go_on(saved=False, judged=True)
    assert walks.current is first
    assert first.poll() is None


def test_a_walk_that_is_over_is_not_repeated_until_a_save(walks: Walks) -> None:
    first = walks.current
    end(first, 60)
    walks.go_on(saved=False, judged=True)
    assert walks.current is first
    walks.go_on(saved=True, judged=False)
    assert walks.current is not first


def test_nothing_is_left_running() -> None:
    with walking(ENDLESS) as walks:
        current = walks.current
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


def test_the_server_watches_what_the_walk_writes() -> None:
    live = Live(Path("docs"), Path("out/html"), (Path("sample"),), ("--port", "0"))
    file = Path("out/outcomes/outcomes.json").absolute()
    assert f"--watch={file.parent}" in live.serve
    assert f"runthrough_outcomes={file}" in live.serve
    assert live.serve[-2:] == ["docs", "out/html"]
    assert live.walk[live.walk.index("--outcomes") + 1] == str(file)
