"""An entry is used if it's whole, young and about this very page; anything else is a miss."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from runthrough.cache import entries
from runthrough.cache.entries import FORMAT, MARKS, SUFFIX, Cache, CachedStep, Entry

KEY, OTHER = "a" * 64, "b" * 64
WEEK = timedelta(days=7)


def entry(key: str = KEY, page: str = "index", ran_at: datetime | None = None) -> Entry:
    steps = (
        CachedStep("d1", "passed", "whole\n", (("Alembic", "1.2"),)),
        CachedStep("d2", "skipped"),
    )
    return Entry(key, page, ran_at or datetime.now(UTC), "host/1a2b", steps, b"\0packed")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def cache(tmp_path: Path, said: list[str]) -> Cache:
    return Cache(tmp_path / "cache", WEEK, said.append)


def test_what_was_put_is_got_also_from_a_copy_of_the_folder(
    cache: Cache, said: list[str], tmp_path: Path
) -> None:
    put = entry()
    cache.put(put)
    assert cache.get(KEY, "index") == put
    shutil.copytree(cache.folder, tmp_path / "elsewhere")
    shutil.rmtree(cache.folder)
    assert Cache(tmp_path / "elsewhere", WEEK, said.append).get(KEY, "index") == put
    assert cache.get(KEY, "index") is None
    assert said == []


def test_a_folder_with_other_files_is_not_hidden_from_git(cache: Cache) -> None:
    cache.put(entry())
    assert {one.name for one in cache.folder.iterdir()} == {f"{KEY}{SUFFIX}", *MARKS}
    for name in MARKS:
        (cache.folder / name).unlink()
    (cache.folder / "conf.py").touch()
    cache.put(entry(OTHER))
    assert not any((cache.folder / name).exists() for name in MARKS)


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def cut_off(file: Path) -> None:
    file.write_bytes(b"")


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[-5] ^= 1
    file.write_bytes(data)


def say_that_it_passed(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"skipped"', b'"passed"'))


def replace_by_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def replace_by_a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def replace_by_a_link(file: Path) -> None:
    file.rename(file.with_name("kept"))
    file.symlink_to("kept")


def replace_by_something_large(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate(entries.LARGEST + 1)


def write_another_version(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"cache 1", b"cache 0"))


def replace_by_another_key(file: Path) -> None:
    file.write_bytes(entries.packed(entry(key=OTHER)))


def replace_by_another_page(file: Path) -> None:
    file.write_bytes(entries.packed(entry(page="other")))


def age(file: Path) -> None:
    file.write_bytes(entries.packed(entry(ran_at=datetime.now(UTC) - WEEK)))


def set_the_clock(file: Path) -> None:
    file.write_bytes(entries.packed(entry(ran_at=datetime.now(UTC) + timedelta(hours=1))))


DAMAGES = [
    *(cut_short, cut_off, flip, say_that_it_passed, replace_by_a_folder, replace_by_a_pipe),
    *(replace_by_a_link, replace_by_something_large, write_another_version),
    *(replace_by_another_key, replace_by_another_page, age, set_the_clock),
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_is_no_such_entry_is_a_miss_with_a_line(
    cache: Cache, said: list[str], damage: Callable[[Path], None]
) -> None:
    cache.put(entry())
    damage(cache.place(KEY))
    assert not cache.holds(KEY) or damage is replace_by_another_page
    assert cache.get(KEY, "index") is None
    (line,) = said
    assert f"{KEY}{SUFFIX}" in line
    assert "so index is run" in line


def sealed(change: Callable[[dict[str, Any]], object]) -> bytes:
    """Write an entry with other values, and the digest that goes with them."""
    values = json.loads(entries.packed(entry()).split(b"\n", 2)[2])
    change(values)
    body = json.dumps(values).encode()
    return f"{FORMAT}\n{hashlib.sha256(body).hexdigest()}\n".encode() + body


@pytest.mark.parametrize(
    "change",
    [
        lambda values: values.pop("steps"),
        lambda values: values.update(steps=3),
        lambda values: values.update(steps=[[]]),
        lambda values: values["steps"][0].update(verdict="failed"),
        lambda values: values["steps"][0].update(verdict=["passed"]),
        lambda values: values["steps"][0].update(packages=["x"]),
        lambda values: values["steps"][0].update(whole=1),
        lambda values: values["steps"][0].update(digest=None),
        lambda values: values.update(ran_at="today"),
        lambda values: values.update(ran_at="2026-11-27T04:10:00"),
        lambda values: values.update(ran_on=None),
        lambda values: values.update(archive="%"),
    ],
)
def test_values_of_another_kind_are_a_miss(
    cache: Cache, said: list[str], change: Callable[[dict[str, Any]], object]
) -> None:
    cache.put(entry())
    cache.place(KEY).write_bytes(sealed(lambda values: None))
    assert cache.get(KEY, "index")
    cache.place(KEY).write_bytes(sealed(change))
    assert cache.get(KEY, "index") is None
    assert "isn't in the expected form" in said[0]


def test_only_what_is_too_old_for_any_run_is_removed(cache: Cache) -> None:
    for key in (KEY, OTHER):
        cache.put(entry(key=key))
    foreign = cache.folder / "notes.txt"
    foreign.write_text("mine\n")
    for file in (cache.place(KEY), foreign):
        os.utime(file, (1, 1))
    cache.prune()
    assert not cache.place(KEY).exists()
    assert cache.place(OTHER).exists()
    assert foreign.exists()


def put_often(cache: Cache, number: int) -> None:
    for _ in range(number):
        cache.put(replace(entry(), archive=b"packed" * 50_000))


def test_a_run_never_reads_half_of_what_another_writes(tmp_path: Path) -> None:
    said: list[str] = []
    reader = Cache(tmp_path, WEEK, said.append)
    writer = Cache(tmp_path, WEEK, print)
    writer.put(entry())
    with ProcessPoolExecutor(2) as writers:
        writing = [writers.submit(put_often, writer, 50) for _ in range(2)]
        while not all(one.done() for one in writing):
            assert reader.get(KEY, "index") is not None, said
            reader.prune()
        for one in writing:
            one.result()
    assert said == []
    assert {file.name for file in tmp_path.iterdir()} == {*MARKS, reader.place(KEY).name}


def test_a_file_is_written_whole_or_not_at_all(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.put(entry())
    before = cache.place(KEY).read_bytes()
    cache.place(KEY).chmod(0o600)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        cache.put(entry(ran_at=datetime.now(UTC) - timedelta(days=1)))
    assert cache.place(KEY).read_bytes() == before
    assert {file.name for file in cache.folder.iterdir()} == {*MARKS, cache.place(KEY).name}
