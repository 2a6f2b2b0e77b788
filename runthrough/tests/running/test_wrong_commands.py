"""Commands that fail, or that are not what the page has a reader type."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import RanPage

RunPage = Callable[[str], "RanPage"]


def test_a_mistyped_command(run_page: RunPage) -> None:
    ran = run_page("mistyped-command")
    assert ran.failure.place == ran.at("$ ehco")
    assert "ended with status 127; the page expects 0" in ran.report
    assert "+bash: ehco: command not found" in ran.report
    assert "Fix the command" in ran.failure.advice


def test_right_output_with_a_wrong_status(run_page: RunPage) -> None:
    ran = run_page("wrong-status")
    assert ran.failure.place == ran.at("$ sh -c")
    assert "ended with status 3; the page expects 0" in ran.failure.what
    assert ran.failure.printed == ("saved",)
    assert "':status: 3'" in ran.failure.advice


def test_a_failure_that_prints_nothing(run_page: RunPage) -> None:
    ran = run_page("silent-failure")
    assert ran.failure.place == ran.at("$ false")
    assert "ended with status 1; the page expects 0" in ran.failure.what


def test_a_success_where_the_page_has_a_failure(run_page: RunPage) -> None:
    ran = run_page("unexpected-success")
    assert ran.failure.place == ran.at("$ test -d /")
    assert "ended with status 0; the page expects 1" in ran.failure.what
    assert "':status: 1'" in ran.failure.advice


def test_a_missing_cd(run_page: RunPage) -> None:
    ran = run_page("missing-cd")
    assert ran.failure.place == ran.at("$ cat settings.ini")
    assert "+cat: settings.ini: No such file or directory" in ran.report


def test_a_removed_step(run_page: RunPage) -> None:
    ran = run_page("removed-step")
    assert ran.failure.place == ran.at("$ cd project")
    assert "+bash: cd: project: No such file or directory" in ran.report
    assert "what should have happened before it" in ran.failure.advice


def test_a_file_with_a_new_name(run_page: RunPage) -> None:
    ran = run_page("renamed-file")
    assert ran.failure.place == ran.at("$ cat settings.ini")
    assert "+cat: settings.ini: No such file or directory" in ran.report


def test_a_file_to_start_with_that_has_a_new_name(run_page: RunPage) -> None:
    ran = run_page("renamed-start")
    assert ran.failure.place == ran.at(":starts-with:")
    assert "'included/project/settings.ini'" in ran.failure.what
    assert "no such file or folder" in ran.failure.what
    assert "samples/" in ran.failure.advice


def test_the_first_of_two_commands(run_page: RunPage) -> None:
    ran = run_page("first-of-two-fails")
    assert ran.failure.place == ran.at("$ grep colour")
    assert "ended with status 1" in ran.failure.what


def test_a_part_of_a_pipeline(run_page: RunPage) -> None:
    ran = run_page("failure-in-pipeline")
    assert ran.verdicts[0] == "passed", "the shell's options stay as a reader has them"
    assert ran.failure.place == ran.at("| cat")
    assert "a part of the pipeline failed: its parts ended with 4 | 0" in ran.failure.what


def test_the_same_command_twice_is_run_twice(passes: Callable[[str], None]) -> None:
    passes("same-command-twice")
