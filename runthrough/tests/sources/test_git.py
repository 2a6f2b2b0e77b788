"""Git is asked whether it could bring a file back as it is; where it can't say, it couldn't."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from runthrough.sources.git import Git, ignored

CHANGED = "it has uncommitted changes"
UNTRACKED = "git doesn't track it"
IGNORED = "git ignores it, so git has no copy"
OUTSIDE = "it isn't in a git repository"

ODD = ["a b", "a\nb", 'a"b', "a'b", "ä", ":a", ":(top)a", "-a", "[a]*", "a\\b", "a\tb", b"\xff"]


def git(folder: Path, *arguments: str | bytes) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    more = ("-c", "protocol.file.allow=always", "-c", "commit.gpgSign=false")
    subprocess.run(["git", *who, *more, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-m", "All of it")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with a committed file in a folder."""
    clone = tmp_path / "clone"
    (clone / "folder").mkdir(parents=True)
    (clone / "folder" / "file").write_text("held\n")
    git(tmp_path, "init", "clone")
    commit(clone)
    return clone


def found(file: Path) -> str | None:
    obstacle = Git().obstacle(file)
    return None if obstacle is None else obstacle.what


def test_a_committed_file_can_be_brought_back(clone: Path) -> None:
    assert found(clone / "folder" / "file") is None


def modified(file: Path) -> None:
    file.write_text("mine\n")


def staged(file: Path) -> None:
    file.write_text("mine\n")
    git(file.parent, "add", "file")


def staged_and_taken_back(file: Path) -> None:
    staged(file)
    file.write_text("held\n")


def made_executable(file: Path) -> None:
    file.chmod(0o755)


def same_size_and_time(file: Path) -> None:
    status = file.stat()
    file.write_text("mine\n")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def assumed_unchanged(file: Path) -> None:
    git(file.parent, "update-index", "--assume-unchanged", "file")
    file.write_text("mine\n")


def passed_over(file: Path) -> None:
    git(file.parent, "update-index", "--skip-worktree", "file")
    file.write_text("mine\n")


def left_out_of_a_sparse_checkout(file: Path) -> None:
    git(file.parent.parent, "sparse-checkout", "set", "--no-cone", "/nothing")
    file.parent.mkdir(exist_ok=True)
    file.write_text("mine\n")


def removed_from_the_index(file: Path) -> None:
    git(file.parent, "rm", "--cached", "file")


def replaced_by_a_link(file: Path) -> None:
    file.rename(file.with_name("moved"))
    file.symlink_to("moved")


def in_conflict(file: Path) -> None:
    top = file.parent.parent
    git(top, "checkout", "-b", "other")
    file.write_text("theirs\n")
    commit(top)
    git(top, "checkout", "main")
    file.write_text("ours\n")
    commit(top)
    with pytest.raises(subprocess.CalledProcessError):
        git(top, "merge", "other")


@pytest.mark.parametrize(
    "change",
    [
        modified,
        staged,
        staged_and_taken_back,
        made_executable,
        same_size_and_time,
        assumed_unchanged,
        passed_over,
        left_out_of_a_sparse_checkout,
        removed_from_the_index,
        replaced_by_a_link,
        in_conflict,
    ],
)
def test_a_change_that_is_not_committed_is_noticed(
    clone: Path, change: Callable[[Path], None]
) -> None:
    change(clone / "folder" / "file")
    assert found(clone / "folder" / "file") == CHANGED


def test_where_git_does_not_look_at_modes_they_do_not_count(clone: Path) -> None:
    git(clone, "config", "core.fileMode", "false")
    made_executable(clone / "folder" / "file")
    assert found(clone / "folder" / "file") is None


def test_line_ends_that_git_converts_do_not_count(clone: Path) -> None:
    git(clone, "config", "core.autocrlf", "true")
    (clone / "folder" / "file").write_bytes(b"held\r\n")
    assert found(clone / "folder" / "file") is None


def test_what_a_filter_takes_out_is_not_held(clone: Path) -> None:
    git(clone, "config", "filter.strip.clean", "sed '/^Output:/d'")
    (clone / ".gitattributes").write_text("file filter=strip\n")
    (clone / "folder" / "file").write_text("held\nOutput: an hour of computing\n")
    commit(clone)
    assert found(clone / "folder" / "file") == CHANGED


def test_what_a_filter_brings_back_is_held(clone: Path) -> None:
    git(clone, "config", "filter.coded.clean", "tr a-z A-Z")
    git(clone, "config", "filter.coded.smudge", "tr A-Z a-z")
    (clone / ".gitattributes").write_text("file filter=coded\n")
    (clone / "folder" / "file").write_text("also held\n")
    commit(clone)
    assert found(clone / "folder" / "file") is None


def test_files_that_are_not_tracked_are_known(clone: Path) -> None:
    (clone / ".gitignore").write_text("*.log\nbuilt\n")
    git(clone, "config", "core.excludesFile", str(clone / ".global"))
    (clone / ".global").write_text("*.mine\n")
    (clone / "built").mkdir()
    for name in ("new", "some.log", "notes.mine", "built/file"):
        (clone / name).write_text("")
    assert found(clone / "new") == UNTRACKED
    assert [found(clone / one) for one in ("some.log", "notes.mine", "built/file")] == [IGNORED] * 3
    git(clone, "add", "--intent-to-add", "new")
    assert found(clone / "new") == CHANGED


@pytest.mark.parametrize("name", ODD)
def test_names_are_taken_literally(clone: Path, name: str | bytes) -> None:
    file = clone / "folder" / os.fsdecode(name)
    file.write_text("held\n")
    (clone / "folder" / "aa").write_text("another\n")
    assert found(file) == UNTRACKED
    commit(clone)
    assert found(file) is None
    file.write_text("mine\n")
    assert found(file) == CHANGED


def test_a_repository_without_a_commit_holds_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init")
    (tmp_path / "file").write_text("")
    assert found(tmp_path / "file") == UNTRACKED
    git(tmp_path, "add", "file")
    assert found(tmp_path / "file") == CHANGED


def test_each_file_is_asked_of_its_own_repository(clone: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "outer")
    outer = tmp_path / "outer"
    git(outer, "submodule", "add", str(clone), "inner")
    commit(outer)
    git(clone, "worktree", "add", "-b", "branch", str(tmp_path / "tree"))
    for file in (outer / "inner" / "folder" / "file", tmp_path / "tree" / "folder" / "file"):
        assert found(file) is None
        file.write_text("mine\n")
        assert found(file) == CHANGED
    (clone / "nested").mkdir()
    git(clone / "nested", "init")
    (clone / "nested" / "file").write_text("")
    assert found(clone / "nested" / "file") == UNTRACKED
    commit(clone / "nested")
    assert found(clone / "nested" / "file") is None


def test_a_file_of_the_repository_itself_is_not_held(clone: Path) -> None:
    assert "git can't say" in str(found(clone / ".git" / "config"))


def test_outside_of_a_repository_nothing_is_held(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    obstacle = Git().obstacle(tmp_path / "file")
    assert obstacle is not None
    assert (obstacle.what, obstacle.is_outside) == (OUTSIDE, True)


def test_a_repository_of_another_user_is_not_asked(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    said = found(clone / "folder" / "file")
    assert said is not None
    assert said.startswith("git can't say whether it's committed: detected dubious ownership in")
    assert "\n" not in said


def test_a_hook_of_another_repository_changes_nothing(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other" / "index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    assert found(clone / "folder" / "file") is None


def test_without_git_nothing_is_held(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(clone))
    obstacle = Git().obstacle(clone / "folder" / "file")
    assert obstacle is not None
    assert "git isn't installed" in obstacle.what
    assert not obstacle.is_outside
    outside = Git().obstacle(clone.parent / "file")
    assert outside is not None
    assert outside.is_outside


def test_a_repository_in_pieces_holds_nothing(clone: Path) -> None:
    for one in (clone / ".git" / "objects").rglob("*"):
        if one.is_file():
            one.unlink()
    assert found(clone / "folder" / "file") is not None


def test_ignored_files_and_folders_are_listed(clone: Path) -> None:
    (clone / ".gitignore").write_text("*.log\nbuilt\n")
    (clone / "folder" / "built").mkdir()
    for name in ("folder/some.log", "folder/built/file", "folder/new", "other.log"):
        (clone / name).write_text("")
    assert ignored(clone, "folder") == {clone / "folder" / "some.log", clone / "folder" / "built"}
    assert ignored(clone, "other.log") == {clone / "other.log"}
    assert ignored(clone.parent, "clone") == frozenset()
