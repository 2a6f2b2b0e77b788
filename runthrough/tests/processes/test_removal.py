"""Folders that a page can leave, and that all are removed or named."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from runthrough.processes import removal
from runthrough.processes.removal import remove

pytestmark = pytest.mark.ordinary_user

ROOT = os.geteuid() == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a page leaves it."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def test_what_is_in_the_place_of_the_folder_goes(tmp_path: Path, folder: Path) -> None:
    (folder / "precious").touch()
    (tmp_path / "link").symlink_to(folder)
    (tmp_path / "file").touch()
    for name in ("nothing", "link", "file"):
        assert remove(tmp_path / name) == []
        assert not os.path.lexists(tmp_path / name)
    assert (folder / "precious").exists()


def test_links_are_removed_and_not_followed(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").touch()
    (folder / "link").symlink_to(tmp_path / "precious")
    (folder / "dangling").symlink_to("nowhere")
    assert remove(folder) == []
    assert (tmp_path / "precious" / "file").exists()
    assert not folder.exists()


@pytest.mark.parametrize("mode", [0o000, 0o111, 0o222, 0o444, 0o500, 0o555])
def test_no_mode_keeps_a_folder(folder: Path, mode: int) -> None:
    for path in (folder / "a", folder / "a" / "b"):
        path.mkdir()
        (path / "file").touch(mode=0o000)
    for path in (folder / "a" / "b", folder / "a", folder):
        path.chmod(mode)
    assert remove(folder) == []
    assert not folder.exists()


def test_no_depth_keeps_a_folder(folder: Path) -> None:
    at = os.open(folder, os.O_RDONLY)
    for _ in range(1100):
        os.mkdir("d", dir_fd=at)
        inner = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = inner
    os.close(at)
    assert remove(folder) == []
    assert not folder.exists()


def test_pipes_sockets_and_odd_names_go(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "two\nlines").mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe")).touch()
    assert remove(folder) == []


@pytest.fixture
def immutable(folder: Path) -> Iterator[Path]:
    """A file that even root cannot remove."""
    file = folder / "deep" / "file"
    file.parent.mkdir()
    file.touch()
    try:
        done = subprocess.run(["chattr", "+i", str(file)], capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no chattr")
    if done.returncode:
        pytest.skip("this user, or this file system, has no immutable files")
    yield file
    subprocess.run(["chattr", "-i", str(file)], check=True)


def test_what_cannot_be_removed_is_named_and_the_rest_goes(folder: Path, immutable: Path) -> None:
    (folder / "other").touch()
    assert remove(folder) == [f"couldn't remove {immutable}: operation not permitted"]
    assert [one.name for one in folder.rglob("*")] == ["deep", "file"]


@pytest.mark.skipif(not ROOT, reason="only root can mount a file system")
@pytest.mark.parametrize("below", ["mounted", "a/b/a mounted one"])
def test_a_mounted_file_system_keeps_its_files(tmp_path: Path, folder: Path, below: str) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").touch()
    point = folder / below
    point.mkdir(parents=True)
    mounted = ["mount", "--bind", str(tmp_path / "precious"), str(point)]
    if subprocess.run(mounted, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        assert remove(folder) == [f"couldn't remove {point}: a file system is mounted there"]
        assert (tmp_path / "precious" / "file").exists()
    finally:
        subprocess.run(["umount", str(point)], check=True)
    assert remove(folder) == []


def test_mounts_are_read_as_the_kernel_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(
        "36 35 98:0 / / rw - ext4 /dev/root rw\n"
        rf"37 36 0:1 / {tmp_path}/a\040b/c rw - tmpfs none rw" + "\n"
        rf"38 36 0:1 / {tmp_path}/ab rw - tmpfs none rw" + "\n"
    )
    monkeypatch.setattr(removal, "MOUNTS", table)
    assert removal.mounted_below(f"{tmp_path}/a b") == {f"{tmp_path}/a b/c"}
    monkeypatch.setattr(removal, "MOUNTS", tmp_path / "none")
    assert removal.mounted_below(str(tmp_path)) == set()
