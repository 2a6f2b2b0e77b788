"""What was kept and is damaged is passed over, and its page run again."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from runthrough.running.snapshots import kept, store
from tests.running.snapshots.projects import Project

ALL = ["first", "second", "third", "side", "alone"]


@pytest.fixture
def run_before(project: Project) -> Project:
    """A project of which all is kept."""
    project.run("--runthrough-reuse", "docs", passed=13)
    return project


def kept_folder(project: Project) -> Path:
    return kept.folder_of(project.docs) / "snapshots"


def records(project: Project) -> list[Path]:
    found = sorted(kept_folder(project).glob("*/record"))
    assert len(found) == 5
    return found


class OfAnotherVersion:
    """A class that the version which reads it doesn't have."""


def other_version(data: bytes) -> bytes:
    pickled = pickle.dumps(OfAnotherVersion()).replace(b"OfAnotherVersion", b"OfAnotherVersiom")
    return pickled


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut_in_the_head": lambda data: data[:40],
    "cut_after_the_head": lambda data: b"\n".join(data.split(b"\n", 3)[:3]) + b"\n",
    "cut_in_the_middle": lambda data: data[: len(data) // 2],
    "cut_at_the_end": lambda data: data[:-1],
    "garbage": lambda data: b"\0\xff\n" * 99,
    "one_bit": lambda data: data[:-40] + bytes([data[-40] ^ 1]) + data[-39:],
    "of_another_version": other_version,
    "of_another_engine": lambda data: data.replace(data.split(b"\n")[1], b"0" * 64),
    "without_its_head": lambda data: data.split(b"\n", 3)[3],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_record_is_passed_over(run_before: Project, damage: str) -> None:
    for record in records(run_before):
        record.write_bytes(DAMAGES[damage](record.read_bytes()))
    run_before.run("--runthrough-reuse", "docs", passed=13)
    assert run_before.ran == ALL
    run_before.run("--runthrough-reuse", "docs", passed=13)
    assert run_before.ran == []


def test_nothing_is_unpickled_that_we_have_not_written(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (pytest.fail, ("unpickled",))

    assert store.unpacked(pickle.dumps(Bomb())) is None


def lose_memory(folder: Path) -> None:
    (folder / "memory").unlink()


def cut_memory(folder: Path) -> None:
    (folder / "memory").write_bytes((folder / "memory").read_bytes()[:100])


def lose_file(folder: Path) -> None:
    next(folder.glob("home/*/file")).unlink()


def change_file(folder: Path) -> None:
    next(folder.glob("home/*/file")).write_text("something else\n")


def make_folder_of_record(folder: Path) -> None:
    (folder / "record").unlink()
    (folder / "record").mkdir()


@pytest.mark.parametrize(
    "damage",
    [lose_memory, cut_memory, lose_file, change_file, make_folder_of_record],
    ids=lambda one: one.__name__,
)
def test_a_damaged_snapshot_is_passed_over(
    run_before: Project, damage: Callable[[Path], None]
) -> None:
    first, second = (
        store.Store(kept_folder(run_before)).place(name) for name in ("first", "second")
    )
    for folder in (first, second):
        damage(folder)
    run_before.edit("third.rst", "cat file", "cat  file")
    run_before.edit("side.rst", "cat file", "cat  file")
    run_before.run("--runthrough-reuse", "docs", passed=13)
    assert run_before.ran == ["first", "second", "third", "side"]


def test_a_folder_that_cannot_be_written_is_done_without(
    run_before: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = kept.folder_of(run_before.docs)
    (folder / kept.CLEAN).unlink()
    (folder / kept.CLEAN).mkdir()  # it can't be unlinked, not even by root
    result = run_before.run("--runthrough-reuse", "docs", passed=13)
    assert run_before.ran == ALL
    result.stdout.fnmatch_lines([f"--runthrough-reuse: {folder} can't be used (*), so *"])


def test_nobody_else_can_read_what_a_shell_knew(run_before: Project) -> None:
    assert kept_folder(run_before).stat().st_mode & 0o777 == 0o700
