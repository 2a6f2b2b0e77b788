"""Commands that fail, or that are not what the page has a reader type."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Walked

Walk = Callable[[str], "Walked"]


def test_a_mistyped_command(walk: Walk) -> None:
    walked = walk("mistyped-command")
    assert walked.failure.place == walked.at("$ ehco")
    assert "ended with status 127; the page expects 0" in walked.report
    assert "+bash: ehco: command not found" in walked.report
    assert "Mend the command" in walked.failure.advice


def test_right_output_with_a_wrong_status(walk: Walk) -> None:
    walked = walk("wrong-status")
    assert walked.failure.place == walked.at("$ sh -c")
    assert "ended with status 3; the page expects 0" in walked.failure.what
    assert walked.failure.printed == ("saved",)
    assert "':status:'" in walked.failure.advice


def test_a_failure_that_prints_nothing(walk: Walk) -> None:
    walked = walk("silent-failure")
    assert walked.failure.place == walked.at("$ false")
    assert "ended with status 1; the page expects 0" in walked.failure.what


def test_a_success_where_the_page_has_a_failure(walk: Walk) -> None:
    walked = walk("unexpected-success")
    assert walked.failure.place == walked.at("$ test -d /")
    assert "ended with status 0; the page expects 1" in walked.failure.what
    assert "':status: 1'" in walked.failure.advice


def test_a_missing_cd(walk: Walk) -> None:
    walked = walk("missing-cd")
    assert walked.failure.place == walked.at("$ cat settings.ini")
    assert "+cat: settings.ini: No such file or directory" in walked.report


def test_a_removed_step(walk: Walk) -> None:
    walked = walk("removed-step")
    assert walked.failure.place == walked.at("$ cd project")
    assert "+bash: cd: project: No such file or directory" in walked.report
    assert "what was to happen before it" in walked.failure.advice


def test_a_file_with_a_new_name(walk: Walk) -> None:
    walked = walk("renamed-file")
    assert walked.failure.place == walked.at("$ cat settings.ini")
    assert "+cat: settings.ini: No such file or directory" in walked.report


def test_a_file_to_start_with_that_has_a_new_name(walk: Walk) -> None:
    walked = walk("renamed-start")
    assert walked.failure.place == walked.at(":starts-with:")
    assert "'included/project/settings.ini'" in walked.failure.what
    assert "no such file or folder" in walked.failure.what
    assert "samples/" in walked.failure.advice


def test_the_first_of_two_commands(walk: Walk) -> None:
    walked = walk("first-of-two-fails")
    assert walked.failure.place == walked.at("$ grep colour")
    assert "ended with status 1" in walked.failure.what


def test_a_part_of_a_pipeline(walk: Walk) -> None:
    walked = walk("failure-in-pipeline")
    assert walked.verdicts[0] == "passed", "the shell's options stay as a reader has them"
    assert walked.failure.place == walked.at("| cat")
    assert "a part of the pipeline failed: its parts ended with 4 | 0" in walked.failure.what


def test_the_same_command_twice_is_performed_twice(passes: Callable[[str], None]) -> None:
    passes("same-command-twice")
