"""A process that ends with its owner, whatever happens to those that look after it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from runthrough.processes import leftovers
from runthrough.processes.supervised import Supervised, SupervisionError
from tests import living
from tests.living import wait_until

pytestmark = pytest.mark.slow

Start = Callable[[str], Supervised]
DAEMONS = {
    "child": "sleep 300 & echo $! >> pids",
    "session of its own": "setsid bash -c 'echo $$ >> pids; exec sleep 300' &",
    "orphan": "(bash -c 'echo $$ >> pids; exec sleep 300' &)",
    "without environment": "(env -i setsid bash -c 'echo $$ >> pids; exec sleep 300' &)",
    "daemon": "(env -i setsid nohup bash -c 'echo $$ >> pids; cd /; exec sleep 300' "
    "<&- >&- 2>&- &)",
    "deaf": "(bash -c 'trap \"\" HUP INT TERM; echo $$ >> pids; while :; do sleep 1; done' &)",
}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Run a bash script in a folder of its own, which goes with it."""
    started: list[Supervised] = []
    leftovers.take()

    def start_script(script: str) -> Supervised:
        home = tmp_path / "home"
        home.mkdir()
        environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
        script = f"{script}\n: > ready\nwait; sleep 300"
        started.append(
            Supervised.start(
                ["bash", "-c", script], env=environment, cwd=home, remove=[home, tmp_path / "none"]
            )
        )
        return started[-1]

    yield start_script
    for one in started:
        one.end()
    assert leftovers.take() == []


def pids(home: Path, number: int = 1) -> list[int]:
    """Wait until so many processes have told their ids; return these."""
    told = home / "pids"
    wait_until(lambda: (home / "ready").exists() and told.exists())
    wait_until(lambda: told.read_text().count("\n") == number)
    return [int(line) for line in told.read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return living.is_alive(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("kind", DAEMONS)
def test_everything_ends_with_the_run(start: Start, tmp_path: Path, kind: str) -> None:
    supervised = start(DAEMONS[kind])
    (daemon,) = pids(tmp_path / "home")
    assert daemon in [one.pid for one in supervised.others()]
    supervised.end()
    assert not is_alive(daemon)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("kind", DAEMONS)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_everything_ends_though_the_supervisor_is_lost(
    start: Start, tmp_path: Path, kind: str, number: signal.Signals
) -> None:
    supervised = start(DAEMONS[kind])
    (daemon,) = pids(tmp_path / "home")
    os.kill(supervised.supervisor, number)
    what = "stopped" if number == signal.SIGSTOP else "ended"
    with pytest.raises(SupervisionError, match=f"was {what} from outside") as caught:
        supervised.check()
    assert caught.value.cleaned
    with pytest.raises(SupervisionError):
        supervised.others()
    supervised.end()
    assert not is_alive(daemon)
    assert not is_alive(supervised.pid)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_lost_keeper_holds_nothing_up(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    supervised = start(DAEMONS["daemon"])
    (daemon,) = pids(tmp_path / "home")
    supervised.keeper.process.send_signal(number)
    supervised.check()
    supervised.end()
    assert not is_alive(daemon)
    assert not (tmp_path / "home").exists()


def test_both_stopped(start: Start, tmp_path: Path) -> None:
    supervised = start(DAEMONS["daemon"])
    (daemon,) = pids(tmp_path / "home")
    supervised.keeper.process.send_signal(signal.SIGSTOP)
    os.kill(supervised.supervisor, signal.SIGSTOP)
    with pytest.raises(SupervisionError, match="was stopped"):
        supervised.check()
    supervised.end()
    assert not is_alive(daemon)


@pytest.mark.ordinary_user
@pytest.mark.parametrize("kind", ["child", "session of its own", "deaf"])
def test_both_killed_and_known_by_the_home(start: Start, tmp_path: Path, kind: str) -> None:
    supervised = start(DAEMONS[kind])
    (daemon,) = pids(tmp_path / "home")
    supervised.keeper.process.kill()
    os.kill(supervised.supervisor, signal.SIGKILL)
    with pytest.raises(SupervisionError) as caught:
        supervised.check()
    assert not caught.value.cleaned
    supervised.end()
    assert not is_alive(daemon)
    assert not (tmp_path / "home").exists()


@pytest.mark.ordinary_user
def test_both_killed_and_known_since_it_was_seen(start: Start, tmp_path: Path) -> None:
    supervised = start(DAEMONS["daemon"])
    (daemon,) = pids(tmp_path / "home")
    wait_until(lambda: daemon in (supervised.children() or ()))
    supervised.keeper.process.kill()
    os.kill(supervised.supervisor, signal.SIGKILL)
    supervised.end()
    assert not is_alive(daemon)


@pytest.mark.ordinary_user
def test_a_process_that_only_works_in_the_home_is_nobody_of_ours(
    start: Start, tmp_path: Path
) -> None:
    supervised = start("echo $$ >> pids")
    pids(tmp_path / "home")
    stranger = psutil.Popen(["sleep", "300"], cwd=tmp_path / "home")
    supervised.keeper.process.kill()
    os.kill(supervised.supervisor, signal.SIGKILL)
    supervised.end()
    assert is_alive(stranger.pid)
    stranger.kill()
    stranger.wait()


def test_two_hundred_processes_end(start: Start, tmp_path: Path) -> None:
    more = "{ sleep 300 & echo $! >> pids; }"
    supervised = start(f"for i in {{1..200}}; do {more}; done")
    started = pids(tmp_path / "home", 200)
    supervised.end()
    assert [one for one in started if is_alive(one)] == []


@pytest.mark.ordinary_user
def test_processes_that_start_others_while_they_are_ended(start: Start, tmp_path: Path) -> None:
    bomb = "breed() { for i in {1..60}; do (sleep 0.05; setsid sleep 300 &) & done; }"
    supervised = start(f"{bomb}; echo $$ >> pids; breed")
    pids(tmp_path / "home")
    supervised.end()
    home = str(tmp_path / "home")
    assert living.living(lambda one: one.environ().get("HOME") == home) == []


def test_signals_that_our_caller_ignores_mean_something_to_a_page(tmp_path: Path) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGQUIT)}
    for number in before:
        signal.signal(number, signal.SIG_IGN)
    try:
        script = "kill -INT $$; kill -QUIT $$; echo none > ready; sleep 300"
        one = Supervised.start(["sh", "-c", script], env=dict(os.environ), cwd=tmp_path)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    wait_until(lambda: one.poll() is not None)
    assert one.poll() == -signal.SIGINT
    one.end()


def test_what_cannot_be_started_is_told(tmp_path: Path) -> None:
    with pytest.raises(SupervisionError, match=r"can't start no-such-program: .*No such"):
        Supervised.start(["no-such-program"], env={}, cwd=tmp_path)
