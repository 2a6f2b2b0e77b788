"""What an earlier run has kept is taken up only where everything that led to it is the same."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from projects import Project

from runthrough.running import trust
from runthrough.running.snapshots import kept

ALL = ["first", "second", "third", "side", "alone"]


@pytest.fixture
def walked(project: Project) -> Project:
    """A project of which all is kept."""
    project.run("--reuse", "docs", passed=13)
    assert project.performed == ALL
    return project


def kept_folder(project: Project) -> Path:
    return kept.folder_of(project.docs)


def test_what_is_the_same_is_not_performed_again(walked: Project) -> None:
    result = walked.run("--reuse", "docs", passed=13)
    assert walked.performed == []
    result.stdout.re_match_lines(
        [r"walked 5 pages: .*; 13 steps taken up from \d\d:\d\d, 0 performed"]
    )


def test_nothing_is_taken_up_unless_asked_for(walked: Project) -> None:
    result = walked.run("docs", passed=13)
    assert walked.performed == ALL
    result.stdout.no_fnmatch_line("*taken up*")


def test_a_page_that_is_taken_up_says_so_where_steps_are_shown(walked: Project) -> None:
    result = walked.run("--reuse", "--show-steps", "docs/side.rst")
    result.stdout.re_match_lines([r"side: taken up from \d\d:\d\d"])


def test_an_edit_makes_its_page_and_those_after_it_new(walked: Project) -> None:
    walked.edit("second.rst", "echo two > file", "echo two  > file")
    result = walked.run("--reuse", "docs", passed=13)
    assert walked.performed == ["second", "third"]
    result.stdout.fnmatch_lines(["*; 8 steps taken up from *, 5 performed"])


def test_an_edit_of_the_last_page_has_only_that_performed(walked: Project) -> None:
    walked.edit("third.rst", "cat file", "cat  file")
    walked.run("--reuse", "docs", passed=13)
    assert walked.performed == ["third"]


def test_an_edit_is_judged_by_what_the_pages_before_have_left(walked: Project) -> None:
    walked.edit("third.rst", "   two\n", "   too\n")
    result = walked.run("--reuse", "docs", passed=11, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["docs/third.rst:10: the output is not what the page shows"])
    walked.edit("third.rst", "   too\n", "   two\n")
    walked.run("--reuse", "docs", passed=13)


def test_a_file_that_changes_while_it_is_used_is_read_again(project: Project) -> None:
    change = '   $ echo two > file\n   $ echo new >> "$(dirname "$LEDGER")/docs/data.txt"\n'
    project.edit("second.rst", "   $ echo two > file\n", change)
    project.run("--reuse", "docs", passed=13)
    project.run("--reuse", "docs/second.rst", failed=1, skipped=2)
    assert project.performed == ["second"]


def test_a_page_that_fails_is_performed_until_it_passes(walked: Project) -> None:
    walked.edit("second.rst", "   data\n", "   date\n")
    for _ in range(2):
        walked.run("--reuse", "docs", passed=8, failed=1, skipped=4)
        assert walked.performed == ["second"]


def edit_first(project: Project, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    project.edit("first.rst", "cat file", "cat  file")
    return ["first", "second", "third", "side"]


def let_a_day_pass(project: Project, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(trust, "LONGEST", timedelta())
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
def test_what_a_change_touches_is_performed_again(
    walked: Project,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Project, pytest.MonkeyPatch], list[str]],
) -> None:
    expected = change(walked, monkeypatch)
    walked.run("--reuse", "docs")
    assert walked.performed == expected


def test_what_another_run_uses_is_left_to_it(walked: Project) -> None:
    lock = os.open(kept_folder(walked) / kept.LOCK, os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    walked.run("--reuse", "docs", passed=13)
    assert walked.performed == ALL
    os.close(lock)
    walked.run("--reuse", "docs", passed=13)
    assert walked.performed == []


def test_a_folder_that_others_can_write_is_not_trusted(walked: Project) -> None:
    kept_folder(walked).chmod(0o777)
    walked.run("--reuse", "docs", passed=13)
    assert walked.performed == ALL


def test_a_folder_that_nobody_has_used_for_a_day_is_swept(walked: Project) -> None:
    folder = kept_folder(walked)
    day_before = folder.stat().st_mtime - kept.DAY - 60
    os.utime(folder / kept.CLEAN, (day_before, day_before))
    walked.run("docs", passed=13)
    assert not folder.exists()


def test_what_belongs_to_no_page_any_more_is_removed(walked: Project) -> None:
    states = kept_folder(walked) / "states"
    before = [one for one in states.iterdir() if one.is_dir()]
    (walked.docs / "alone.rst").unlink()
    walked.run("--reuse", "docs", passed=11)
    after = [one for one in states.iterdir() if one.is_dir()]
    assert (len(before), len(after)) == (5, 4)


def test_two_workers_take_up_what_one_process_has_kept(walked: Project) -> None:
    walked.run("--reuse", "-n", "2", "docs", passed=13)
    assert walked.performed == []


def test_an_export_is_never_written_from_what_was_kept(walked: Project) -> None:
    result = walked.run("--reuse", "--export", "docs")
    result.stderr.fnmatch_lines(["*--export*--reuse*"])
    assert walked.performed == []
