"""A file of results that is damaged stops no build, and is never overwritten."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runthrough.pages import results_file
from runthrough.pages.results_file import NotAResultFile
from tests.pages.conftest import Project

REPORTED_FAILURE = {
    "file": "first.rst",
    "line": 7,
    "what": "the output is not what the page shows",
    "advice": "Fix it.",
    "command": None,
    "difference": ["-one", "+two"],
    "printed": [],
}
RECORDED_RESULT = {
    "position": 0,
    "digest": "0a",
    "chain": "1b",
    "verdict": "failed",
    "when": "2026-01-02T03:04:05+00:00",
    "python": "3.13.1",
    "services": [["PostgreSQL", "18.4"]],
    "line": 7,
    "packages": [["gino", "1.0.1"]],
    "reported_failure": REPORTED_FAILURE,
}


def text(recorded: object = RECORDED_RESULT) -> str:
    return json.dumps({"format": results_file.FORMAT, "pages": {"first": [recorded]}})


DAMAGES: dict[str, Callable[[str], str]] = {
    "empty": lambda said: "",
    "cut_in_the_middle": lambda said: said[: len(said) // 2],
    "cut_at_the_end": lambda said: said[:-2],
    "garbage": lambda said: "\0" * 99,
    "nested": lambda said: "[" * 100_000,
    "a_list": lambda said: "[]",
    "null": lambda said: "null",
    "of_another_format": lambda said: said.replace("results 2", "results 9"),
    "without_pages": lambda said: json.dumps({"format": results_file.FORMAT}),
    "pages_are_a_list": lambda said: json.dumps({"format": results_file.FORMAT, "pages": []}),
    "a_page_is_null": lambda said: '{"format": "runthrough results 2", "pages": {"x": null}}',
    "a_receipt_is_text": lambda said: text("x"),
}
WRONG: list[dict[str, Any]] = [
    {"position": "0"},
    {"position": -1},
    {"position": True},
    {"digest": 1},
    {"chain": None},
    {"verdict": "perhaps"},
    {"verdict": ["failed"]},
    {"when": "yesterday"},
    {"when": "2026-01-02T03:04:05"},
    {"when": 5},
    {"python": None},
    {"services": [["PostgreSQL", 18]]},
    {"services": ["18.4"]},
    {"line": "7"},
    {"file": None},
    {"reason": 1},
    {"remarks": [1]},
    {"counts": {"steps": "1"}},
    {"packages": [["gino"]]},
    {"packages": [["gino", 1]]},
    {"packages": 1},
    {"more": 1},
    {"reported_failure": "x"},
    {"reported_failure": {**REPORTED_FAILURE, "line": "7"}},
    {"reported_failure": {**REPORTED_FAILURE, "command": 1}},
    {"reported_failure": {**REPORTED_FAILURE, "printed": None}},
    {"reported_failure": {**REPORTED_FAILURE, "difference": [1]}},
]


def test_what_is_whole_is_read(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_text(text())
    (recorded,) = results_file.read(file)["first"]
    assert recorded.reported_failure is not None
    assert recorded.reported_failure.difference == ("-one", "+two")


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_value_of_another_kind_is_no_result(tmp_path: Path, wrong: dict[str, Any]) -> None:
    file = tmp_path / "results.json"
    file.write_text(text({**RECORDED_RESULT, **wrong}))
    with pytest.raises(NotAResultFile, match=r"results\.json exists, .*, or remove this one\."):
        results_file.read(file)


@pytest.mark.parametrize(
    "name", sorted(RECORDED_RESULT.keys() - {"services", "packages", "reported_failure"})
)
def test_a_value_that_is_missing_is_no_result(tmp_path: Path, name: str) -> None:
    file = tmp_path / "results.json"
    file.write_text(text({key: value for key, value in RECORDED_RESULT.items() if key != name}))
    with pytest.raises(NotAResultFile):
        results_file.read(file)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_named_once_and_left_as_it_is(project: Project, damage: str) -> None:
    damaged = DAMAGES[damage](text())
    project.results.write_text(damaged)
    warned = project.warnings()
    assert warned.count("WARNING") == 1
    assert "results.json exists, but it isn't a file of results" in warned
    assert "Choose another file, or remove this one." in warned
    assert len(warned) < 1000
    assert "runthrough-badge" not in project.page("first")
    project.run_pages().stderr.fnmatch_lines(
        ["ERROR: --runthrough-results: results.json exists, but it isn't a *"]
    )
    assert project.results.read_text() == damaged


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "results.json")
    with pytest.raises(NotAResultFile, match="isn't a regular file"):
        results_file.read(tmp_path / "results.json")


def test_a_folder_in_its_place_is_named(project: Project) -> None:
    project.results.mkdir()
    assert "results.json can't be read: Is a directory" in project.warnings()


def test_a_file_that_cannot_be_written_costs_no_report(project: Project) -> None:
    command = f"   $ rm -rf {project.results} && mkdir {project.results} && false\n"
    project.edit("second.rst", "   $ false\n", command)
    result = project.run_pages()
    result.assert_outcomes(passed=7, skipped=1)
    result.stdout.fnmatch_lines(["ran 2 pages: *", "--runthrough-results: results.json can't be *"])


def test_no_folder_is_made_outside_of_the_site(project: Project) -> None:
    run = project.pytester.runpytest_inprocess
    result = run("--runthrough", "--runthrough-results=ouctomes/of/today.json", "docs")
    result.stderr.fnmatch_lines(
        ["ERROR: --runthrough-results: there's no folder ouctomes/of, and a folder is only *"]
    )
    assert not (project.pytester.path / "ouctomes").exists()
    result = run("--runthrough", "--runthrough-results=docs/conf.py/today.json", "docs")
    result.stderr.fnmatch_lines(
        ["ERROR: --runthrough-results: can't write in docs/conf.py: it isn't a folder*"]
    )
    run("--runthrough", "--runthrough-results=docs/_build/of/today.json", "docs").assert_outcomes(
        passed=7, skipped=1
    )
    assert (project.docs / "_build" / "of" / "today.json").exists()


@pytest.mark.parametrize(
    "setting",
    [
        "runthrough_columns = 60",
        "runthrough_timeout = 7",
        "runthrough_errors = []",
        "runthrough_environment = ['COLOUR']",
        "runthrough_patterns = {'number': '[0-9]'}",
        "runthrough_directory = '/home/somebody/dev'",
    ],
)
def test_marks_go_where_settings_have_changed(project: Project, setting: str) -> None:
    project.run_pages()
    project.build()
    assert "Tested" in project.page("first")
    with (project.docs / "conf.py").open("a") as conf:
        conf.write(f"{setting}\n")
    project.build()
    for name in ("first", "second"):
        assert "Tested" not in project.page(name)
        assert "Not tested in this build." in project.page(name)


def test_a_setting_that_changes_no_verdict_takes_no_mark(project: Project) -> None:
    project.run_pages()
    with (project.docs / "conf.py").open("a") as conf:
        conf.write("runthrough_packages = ['gino']\nproject = 'another'\n")
    project.build()
    assert "Tested" in project.page("first")
