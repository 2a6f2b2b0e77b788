"""What a run of pytest writes about the steps that it has run."""

from __future__ import annotations

import json
import platform
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.pages.conftest import Project


MINE = '{"format": "mine", "pages": {}}'


def kept(project: Project) -> dict[str, list[dict[str, Any]]]:
    """Return the results in the file, by page."""
    pages: dict[str, list[dict[str, Any]]] = json.loads(project.results.read_text())["pages"]
    return pages


def verdicts(project: Project, page: str) -> list[str]:
    return [one["verdict"] for one in kept(project)[page]]


def test_nothing_is_written_where_no_file_is_named(project: Project) -> None:
    project.pytester.runpytest_inprocess("--runthrough", "docs").assert_outcomes(
        passed=7, skipped=1
    )
    assert not list(project.pytester.path.glob("*.json"))


def test_each_step_has_a_result(project: Project) -> None:
    project.run_pages().assert_outcomes(passed=7, skipped=1)
    assert verdicts(project, "first") == ["passed", "passed", "passed", "skipped", "passed"]
    assert verdicts(project, "second") == ["passed", "passed", "passed"]
    one = kept(project)["first"][1]
    assert (one["position"], one["line"], one["services"]) == (1, 13, [])
    assert one["python"] == platform.python_version()
    assert one["reported_failure"] is None


def test_a_failure_is_kept_with_its_place_and_rows_and_what_it_blocks(project: Project) -> None:
    project.edit("first.rst", "   one\n", "   won\n")
    project.run_pages()
    assert verdicts(project, "first") == ["failed", "blocked", "blocked", "skipped", "blocked"]
    assert set(verdicts(project, "second")) == {"blocked"}
    reported_failure = kept(project)["first"][0]["reported_failure"]
    assert (reported_failure["file"], reported_failure["line"]) == ("first.rst", 7)
    assert reported_failure["difference"] == ["-won", "+one"]
    assert reported_failure["command"] == "echo one"
    assert kept(project)["second"][0]["reported_failure"] == reported_failure


def test_a_run_of_one_page_keeps_what_is_known_of_others(project: Project) -> None:
    project.run_pages()
    before = kept(project)["first"]
    project.edit("second.rst", "$ false", "$ true")
    project.run_pages("docs/second.rst")
    assert kept(project)["first"] == before
    assert verdicts(project, "second") == ["passed", "failed", "blocked"]


def test_a_run_of_one_step_keeps_what_is_known_of_others(project: Project) -> None:
    project.run_pages()
    before = kept(project)["first"]
    project.run_pages("docs/first.rst::$ cat kept.txt")
    after = kept(project)["first"]
    assert len(after) == 5
    assert [one for one in after if one["position"] != 2] == [
        one for one in before if one["position"] != 2
    ]


def test_a_page_that_gets_shorter_loses_the_results_of_what_it_lost(project: Project) -> None:
    project.run_pages()
    project.edit("second.rst", ".. code-block:: console\n   :status: 1\n\n   $ false\n", "")
    project.run_pages()
    assert [one["position"] for one in kept(project)["second"]] == [0, 1]


def test_two_workers_write_what_one_process_writes(project: Project) -> None:
    project.edit("second.rst", "$ false", "$ true")
    project.run_pages()
    alone = kept(project)
    project.results.unlink()
    project.run_pages("-n", "2", "docs")
    together = kept(project)
    for pages in (alone, together):
        for recorded in (one for recorded_results in pages.values() for one in recorded_results):
            del recorded["when"]
    assert together == alone


def test_a_page_is_written_as_soon_as_it_is_over(project: Project) -> None:
    project.edit("second.rst", "   $ false\n", f"   $ grep -q second {project.results}\n")
    project.run_pages()
    assert verdicts(project, "second") == ["passed", "passed", "passed"]


def test_another_file_is_not_overwritten(project: Project) -> None:
    project.results.write_text(MINE)
    result = project.run_pages()
    result.stderr.fnmatch_lines(
        [
            "ERROR: --runthrough-results: results.json exists, but it isn't a file of results "
            "(*); expected *"
        ]
    )
    assert project.results.read_text() == MINE


def test_one_file_is_not_shared_by_two_sites(project: Project) -> None:
    other = project.pytester.mkdir("other")
    (other / "conf.py").write_text("")
    (other / "index.rst").write_text("Other\n=====\n\n.. code-block:: console\n\n   $ true\n")
    result = project.run_pages("docs", "other")
    result.stdout.fnmatch_lines(
        ["--runthrough-results: this run has pages of 2 sites (docs, other), but *"]
    )
    assert "index" not in kept(project)


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        ("ouctomes/of/today.json", "there's no folder ouctomes/of, and a folder is only created "),
        ("docs/conf.py/today.json", "can't write in docs/conf.py: it isn't a folder"),
    ],
)
@pytest.mark.parametrize("workers", [[], ["-n2"]])
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_run(
    project: Project, named: str, reason: str, workers: list[str]
) -> None:
    before = sorted(project.pytester.path.rglob("*"))
    result = project.pytester.runpytest_inprocess(
        "--runthrough", "-p", "no:cacheprovider", *workers, "--runthrough-results", named, "docs"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert reason in result.stderr.str()
    assert sorted(project.pytester.path.rglob("*")) == before
