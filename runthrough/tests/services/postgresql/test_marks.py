from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from runthrough.services.postgresql import marks
from runthrough.services.postgresql.marks import Mark


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def mark_of(pid: int) -> Mark:
    return replace(Mark.new(), pid=pid, started=marks.started(pid))


def test_a_mark_is_read_from_a_comment_and_from_a_name() -> None:
    mark = replace(Mark.new(), lock=2**32 - 1, incarnation="0a1b2c3d")
    assert Mark.read(mark.comment) == mark
    named = Mark.read(mark.first_name())
    assert named == Mark(run=mark.run, lock=mark.lock, incarnation=mark.incarnation)
    assert len(mark.first_name()) <= 63


@pytest.mark.parametrize(
    "text",
    [None, "", "rt_abcdefgh", "runthrough", "not runthrough 0a1b2c3d 1 2 0a1b2c3d", "x"],
)
def test_other_texts_hold_no_mark(text: str | None) -> None:
    assert Mark.read(text) is None


def test_two_runs_of_one_process_have_two_marks() -> None:
    assert Mark.new() != Mark.new()


def test_a_living_process_is_not_dead(child: subprocess.Popen[bytes]) -> None:
    assert not Mark.new().is_dead()
    assert not mark_of(child.pid).is_dead()


def test_a_killed_process_is_dead(child: subprocess.Popen[bytes]) -> None:
    mark = mark_of(child.pid)
    child.kill()
    child.wait()
    assert mark.is_dead()


def test_a_killed_process_that_nobody_has_waited_for_is_dead(
    child: subprocess.Popen[bytes],
) -> None:
    mark = mark_of(child.pid)
    child.kill()
    process = psutil.Process(child.pid)
    while process.status() != psutil.STATUS_ZOMBIE:
        pass
    assert mark.is_dead()


def test_a_process_that_got_the_number_of_another_is_not_taken_for_it() -> None:
    mark = Mark.new()
    assert replace(mark, started=mark.started - 1).is_dead()


def test_a_process_of_another_machine_may_live() -> None:
    assert not replace(Mark.new(), host="0" * 16, pid=2**22, started=1).is_dead()


def test_a_process_that_proc_hides_is_not_dead(
    child: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = mark_of(child.pid)

    def hidden(pid: int | None = None) -> psutil.Process:
        raise psutil.NoSuchProcess(pid or 0)

    monkeypatch.setattr(psutil, "Process", hidden)
    monkeypatch.setattr(marks, "started", lambda pid: 0)
    assert not mark.is_dead()
    child.kill()
    child.wait()
    assert mark.is_dead()


def test_a_mark_of_another_version_names_no_run() -> None:
    mark = Mark.read("runthrough 0a1b2c3d 4242 1700000000 0a1b2c3d")
    assert mark is not None
    assert mark.run == ""
    assert not mark.is_dead()
