"""What a project adds to its pages: commands on PATH and variables."""

from __future__ import annotations

from pathlib import Path

import pytest
from sphinx.cmd.build import build_main

PAGE = """\
Tea
===

.. code-block:: console

   $ brew
   a cup of green
"""


@pytest.fixture
def docs(pytester: pytest.Pytester) -> Path:
    """A site of one page about the project's own command, which is in a folder of the project."""
    bin = pytester.mkdir("bin")
    (bin / "brew").write_text('#!/bin/sh\necho "a cup of $KIND"\n')
    (bin / "brew").chmod(0o755)
    docs = pytester.mkdir("docs")
    (docs / "index.rst").write_text(PAGE)
    return docs


def configure(docs: Path, *lines: str) -> None:
    (docs / "conf.py").write_text("\n".join(["project = 'Tea'", *lines, ""]))


def test_a_page_has_the_projects_commands_and_variables(
    docs: Path, pytester: pytest.Pytester
) -> None:
    configure(docs, "runthrough_path = ['../bin']", "runthrough_variables = {'KIND': 'green'}")
    pytester.runpytest_inprocess("--runthrough", "docs").assert_outcomes(passed=2)


def test_a_value_that_is_given_for_a_run_comes_first(docs: Path, pytester: pytest.Pytester) -> None:
    configure(docs, "runthrough_path = ['../bin']", "runthrough_variables = {'KIND': 'black'}")
    result = pytester.runpytest_inprocess("--runthrough", "--runthrough-set=KIND=green", "docs")
    result.assert_outcomes(passed=2)


def test_the_projects_folders_are_searched_first(docs: Path, pytester: pytest.Pytester) -> None:
    (docs / "index.rst").write_text(PAGE.replace("$ brew", "$ python3"))
    (docs.parent / "bin" / "brew").rename(docs.parent / "bin" / "python3")
    configure(docs, "runthrough_path = ['../bin']", "runthrough_variables = {'KIND': 'green'}")
    pytester.runpytest_inprocess("--runthrough", "docs").assert_outcomes(passed=2)


def test_a_missing_folder_is_one_error_that_says_how_to_make_it(
    docs: Path, pytester: pytest.Pytester
) -> None:
    (docs / "more.rst").write_text(f":orphan:\n\n{PAGE}")
    configure(docs, "runthrough_path = ['../.venv/bin']")
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.assert_outcomes(failed=1, skipped=3)
    said = result.stdout.str()
    assert "runthrough_path lists '../.venv/bin', but there's no folder .venv/bin" in said
    assert "python3 -m venv .venv" in said
    assert "no page can begin" in said


def test_a_folder_that_is_no_environment_has_no_advice_of_one(
    docs: Path, pytester: pytest.Pytester
) -> None:
    configure(docs, "runthrough_path = ['../build/tools']")
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    said = result.stdout.str()
    assert "there's no folder build/tools" in said
    assert "venv" not in said


def test_a_build_needs_none_of_the_folders(docs: Path) -> None:
    configure(docs, "extensions = ['runthrough']", "runthrough_path = ['../.venv/bin']")
    assert build_main(["-W", "-q", "docs", "built"]) == 0


def test_a_command_that_is_not_found_is_shown_with_the_path_of_the_page(
    docs: Path, pytester: pytest.Pytester
) -> None:
    (docs / "index.rst").write_text(PAGE.replace("$ brew", "$ PATH=$PATH:~/tea/bin\n   $ brew"))
    configure(docs)
    said = pytester.runpytest_inprocess("--runthrough", "docs").stdout.str()
    assert "No folder on the page's PATH has 'brew': /home/reader/.local/bin:" in said
    assert ":/home/reader/tea/bin. " in said
    assert "add its folder to runthrough_path in conf.py" in said


def test_a_missing_command_in_a_pipeline_is_shown_with_the_path_too(
    docs: Path, pytester: pytest.Pytester
) -> None:
    (docs / "index.rst").write_text(PAGE.replace("$ brew", "$ brew | cat"))
    configure(docs)
    said = pytester.runpytest_inprocess("--runthrough", "docs").stdout.str()
    assert "No folder on the page's PATH has 'brew'" in said


def test_another_failure_with_status_127_says_nothing_of_the_path(
    docs: Path, pytester: pytest.Pytester
) -> None:
    (docs / "index.rst").write_text(PAGE.replace("$ brew", "$ (exit 127)"))
    configure(docs)
    said = pytester.runpytest_inprocess("--runthrough", "docs").stdout.str()
    assert "ended with status 127" in said
    assert "PATH" not in said


def test_a_changed_command_of_the_project_makes_kept_pages_run_again(
    docs: Path, pytester: pytest.Pytester
) -> None:
    configure(docs, "runthrough_path = ['../bin']", "runthrough_variables = {'KIND': 'green'}")
    assert pytester.runpytest_inprocess("--runthrough", "--runthrough-reuse", "docs").ret == 0
    again = pytester.runpytest_inprocess("--runthrough", "--runthrough-reuse", "docs")
    again.stdout.fnmatch_lines(["*reused*"])
    (docs.parent / "bin" / "brew").write_text("#!/bin/sh\necho a cup of nothing\n")
    changed = pytester.runpytest_inprocess("--runthrough", "--runthrough-reuse", "docs")
    changed.assert_outcomes(failed=1, passed=1)


def test_workers_report_a_missing_folder_as_well(docs: Path, pytester: pytest.Pytester) -> None:
    configure(docs, "runthrough_path = ['../.venv/bin']")
    result = pytester.runpytest_subprocess("--runthrough", "-n1", "docs")
    result.assert_outcomes(failed=1, skipped=1)
    assert "there's no folder .venv/bin" in result.stdout.str()
