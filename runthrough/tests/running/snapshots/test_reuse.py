"""What an earlier run has kept is reused only where everything that led to it is the same."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from runthrough.processes import rundir
from runthrough.running import reuse
from runthrough.running.snapshots import kept
from tests.running.snapshots.projects import Project

ALL = ["first", "second", "third", "side", "alone"]


@pytest.fixture
def run_before(project: Project) -> Project:
    """A project of which all is kept."""
    project.run("--runthrough-reuse", "docs", passed=13)
    assert project.ran == ALL
    return project


def kept_folder(project: Project) -> Path:
    return kept.folder_of(project.docs)


def test_what_is_the_same_is_not_run_again(run_before: Project) -> None:
    result = run_before.run("--runthrough-reuse", "docs", passed=13)
    assert run_before.ran == []
    result.stdout.re_match_lines([r"ran 5 pages: .*; 13 steps reused from \d\d:\d\d, 0 run"])


def test_nothing_is_reused_unless_asked_for(run_before: Project) -> None:
    result = run_before.run("docs", passed=13)
    assert run_before.ran == ALL
    result.stdout.no_fnmatch_line("* steps reused *")


def test_a_page_that_is_reused_says_so_where_steps_are_shown(run_before: Project) -> None:
    result = run_before.run("--runthrough-reuse", "--runthrough-show-steps", "docs/side.rst")
    result.stdout.re_match_lines([r"side: reused from \d\d:\d\d"])


def test_an_edit_makes_its_page_and_those_after_it_new(run_before: Project) -> None:
    run_before.edit("second.rst", "echo two > file", "echo two  > file")
    result = run_before.run("--runthrough-reuse", "docs", passed=13)
    assert run_before.ran == ["second", "third"]
    result.stdout.fnmatch_lines(["*; 8 steps reused from *, 5 run"])


def test_an_edit_of_the_last_page_has_only_that_run(run_before: Project) -> None:
    run_before.edit("third.rst", "cat file", "cat  file")
    run_before.run("--runthrough-reuse", "docs", passed=13)
    assert run_before.ran == ["third"]


def test_an_edit_is_judged_by_what_the_pages_before_have_left(run_before: Project) -> None:
    run_before.edit("third.rst", "   two\n", "   too\n")
    result = run_before.run("--runthrough-reuse", "docs", passed=11, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["docs/third.rst:10: the output is not what the page shows"])
    run_before.edit("third.rst", "   too\n", "   two\n")
    run_before.run("--runthrough-reuse", "docs", passed=13)


def test_a_file_that_changes_while_it_is_used_is_read_again(project: Project) -> None:
    change = '   $ echo two > file\n   $ echo new >> "$(dirname "$LEDGER")/docs/data.txt"\n'
    project.edit("second.rst", "   $ echo two > file\n", change)
    project.run("--runthrough-reuse", "docs", passed=13)
    project.run("--runthrough-reuse", "docs/second.rst", failed=1, skipped=2)
    assert project.ran == ["second"]


def test_a_page_that_fails_is_run_until_it_passes(run_before: Project) -> None:
    run_before.edit("second.rst", "   data\n", "   date\n")
    for _ in range(2):
        run_before.run("--runthrough-reuse", "docs", passed=8, failed=1, skipped=4)
        assert run_before.ran == ["second"]


def edit_first(project: Project, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    project.edit("first.rst", "cat file", "cat  file")
    return ["first", "second", "third", "side"]


def let_a_day_pass(project: Project, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(reuse, "LONGEST", timedelta())
    return ALL


def crash(project: Project, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    (kept_folder(project) / kept.CLEAN).unlink()
    return ALL


def add_page_that_continues(project: Project, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    text = (project.docs / "third.rst").read_text()
    new = text.replace(":continues: second", ":orphan:\n:continues: third")
    (project.docs / "zero.rst").write_text(new.replace("third >>", "new >>"))
    return ["third", "new"]


@pytest.mark.parametrize(
    "change",
    [edit_first, let_a_day_pass, crash, add_page_that_continues],
    ids=lambda change: change.__name__,
)
def test_what_a_change_touches_is_run_again(
    run_before: Project,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Project, pytest.MonkeyPatch], list[str]],
) -> None:
    expected = change(run_before, monkeypatch)
    run_before.run("--runthrough-reuse", "docs")
    assert run_before.ran == expected


def test_what_another_run_uses_is_left_to_it(run_before: Project) -> None:
    folder = kept_folder(run_before)
    lock = os.open(folder / rundir.LOCK, os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    result = run_before.run("--runthrough-reuse", "docs", passed=13)
    assert run_before.ran == ALL
    result.stdout.fnmatch_lines([f"--runthrough-reuse: another run is using {folder}, *"])
    os.close(lock)
    result = run_before.run("--runthrough-reuse", "docs", passed=13)
    assert run_before.ran == []
    result.stdout.no_fnmatch_line("--runthrough-reuse: *")


@pytest.mark.ordinary_user
def test_a_folder_that_others_can_write_is_not_trusted(run_before: Project) -> None:
    kept_folder(run_before).chmod(0o777)
    run_before.run("--runthrough-reuse", "docs", passed=13)
    assert run_before.ran == ALL


def test_a_folder_that_nobody_has_used_for_a_day_is_swept(run_before: Project) -> None:
    folder = kept_folder(run_before)
    day_before = folder.stat().st_mtime - kept.DAY - 60
    os.utime(folder / kept.CLEAN, (day_before, day_before))
    run_before.run("docs", passed=13)
    assert not folder.exists()


def test_what_belongs_to_no_page_any_more_is_removed(run_before: Project) -> None:
    snapshots = kept_folder(run_before) / "snapshots"
    before = [one for one in snapshots.iterdir() if one.is_dir()]
    (run_before.docs / "alone.rst").unlink()
    run_before.run("--runthrough-reuse", "docs", passed=11)
    after = [one for one in snapshots.iterdir() if one.is_dir()]
    assert (len(before), len(after)) == (5, 4)


def test_two_workers_reuse_what_one_process_has_kept(run_before: Project) -> None:
    run_before.run("--runthrough-reuse", "-n", "2", "docs", passed=13)
    assert run_before.ran == []


def test_an_export_is_never_written_from_what_was_kept(run_before: Project) -> None:
    result = run_before.run("--runthrough-reuse", "--runthrough-export", "docs")
    result.stderr.fnmatch_lines(["*--runthrough-export*--runthrough-reuse*"])
    assert run_before.ran == []
