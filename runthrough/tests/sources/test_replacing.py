"""A file is replaced whole or not at all, and nothing is written through a link."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from runthrough.sources.replacing import ChangedError, create, remove, replace

CRASH = """\
import os, signal, sys
from pathlib import Path
from runthrough.sources.replacing import replace

def crash(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

os.{call} = crash
replace(Path(sys.argv[1]), b"new" * 100000, b"old")
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "folder" / "page.rst"
    file.parent.mkdir()
    file.write_bytes(b"old")
    return file


def test_a_file_keeps_its_permissions(file: Path) -> None:
    file.chmod(0o750)
    replace(file, b"new", b"old")
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o750
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_keeps_its_owner(file: Path) -> None:
    os.chown(file, 1234, 4321)
    replace(file, b"new", b"old")
    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 4321)


def test_a_file_that_changed_meanwhile_is_left_alone(file: Path) -> None:
    with pytest.raises(ChangedError, match="changed in the meantime"):
        replace(file, b"new", b"what was read")
    with pytest.raises(ChangedError, match="changed in the meantime"):
        remove(file, b"what was read")
    assert file.read_bytes() == b"old"
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_is_there_by_now_is_not_made(file: Path) -> None:
    with pytest.raises(ChangedError, match="something with this name"):
        create(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(file.parent.iterdir()) == [file]


def test_a_new_file_may_be_executable(file: Path) -> None:
    before = os.umask(0o022)
    try:
        create(file.with_name("tool"), b"new", executable=True)
        create(file.with_name("text"), b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.with_name("tool").stat().st_mode) == 0o755
    assert stat.S_IMODE(file.with_name("text").stat().st_mode) == 0o644


def test_nothing_is_written_through_a_symbolic_link(file: Path) -> None:
    link = file.with_name("link")
    link.symlink_to(file)
    for attempt in (partial(replace, link, b"new", b"old"), partial(remove, link, b"old")):
        with pytest.raises((OSError, ChangedError)):
            attempt()
    with pytest.raises(ChangedError):
        create(link, b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"old"


def test_another_name_of_the_same_file_keeps_its_content(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.hardlink_to(file)
    replace(file, b"new", b"old")
    assert (file.read_bytes(), other.read_bytes()) == (b"new", b"old")


def test_a_pipe_is_no_file(file: Path) -> None:
    pipe = file.with_name("pipe")
    os.mkfifo(pipe)
    with pytest.raises(ChangedError, match="isn't a regular file"):
        replace(pipe, b"new", b"")


def full(*_: object, **__: object) -> None:
    raise OSError("No space left on device")


@pytest.mark.parametrize("call", ["fsync", "fchmod", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(os, call, full)
        with pytest.raises(OSError, match="No space left"):
            replace(file, b"new", b"old")
    assert file.read_bytes() == b"old"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("call", ["fsync", "fchmod", "link"])
@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="files without a name are Linux's")
def test_a_crash_leaves_the_old_file_and_nothing_else(file: Path, call: str) -> None:
    script = CRASH.format(call=call)
    done = subprocess.run([sys.executable, "-c", script, str(file)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert file.read_bytes() == b"old"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("act", [replace, create])
def test_a_system_without_files_that_have_no_name_will_do(
    file: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[..., None]
) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    target = file if act is replace else file.with_name("new")
    act(target, b"new", b"old") if act is replace else act(target, b"new")
    assert target.read_bytes() == b"new"
    assert set(file.parent.iterdir()) == {file, target}
