"""One HTML page says what became of every command of a run."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

PAGE = """\
Tea
===

.. code-block:: console

   $ cp none.txt tea.txt
   $ echo '<b>&'
   <i>
   $ true

.. code-block:: console

   $ cat tea.txt

.. code-block:: console
   :skip: no <kettle>

   $ brew
"""


@pytest.fixture
def docs(pytester: pytest.Pytester) -> Path:
    docs: Path = pytester.mkdir("docs")
    (docs / "conf.py").write_text("")
    (docs / "index.rst").write_text(PAGE)
    return docs


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess(
        "--runthrough", "--runthrough-report", "report.html", *options, "docs"
    )


def rows(text: str) -> list[tuple[str, str, str]]:
    """Return place, text and result of each row."""
    cells = r"<tr><td>(.*?)</td><td><code>(.*?)</code></td><td class.*?>(.*?)</td>"
    found = re.findall(cells, text)
    return [tuple(map(unescape, row)) for row in found]  # type: ignore[misc]


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_it_has_every_command_with_its_result(
    pytester: pytest.Pytester, docs: Path, options: tuple[str, ...]
) -> None:
    run(pytester, *options).stdout.fnmatch_lines(["report: report.html"])
    text = Path("report.html").read_text()
    assert rows(text) == [
        ("docs/index.rst:6", "cp none.txt tea.txt", "failed"),
        ("docs/index.rst:7", "echo '<b>&'", "failed"),
        ("docs/index.rst:9", "true", "passed"),
        ("docs/index.rst:13", "cat tea.txt", "failed"),
        ("docs/index.rst:18", "skipped $ brew", "skipped: no <kettle>"),
        ("docs/index.rst:18", "nothing is left running", "passed"),
    ]
    assert "<del>-&lt;i&gt;</del>" in text
    assert "<ins>+&lt;b&gt;&amp;</ins>" in text


def test_a_command_whose_output_is_in_another_file_keeps_its_place(
    pytester: pytest.Pytester, docs: Path
) -> None:
    output = ".. literalinclude:: out.txt\n   :output:\n"
    page = f"Tea\n===\n\n.. code-block:: console\n\n   $ echo green\n\n{output}"
    (docs / "index.rst").write_text(page)
    (docs / "out.txt").write_text("black\n")
    result = run(pytester)
    result.stdout.fnmatch_lines(
        ["docs/out.txt:1: the output is not *", "*$ echo green   (docs/index.rst:6)"]
    )
    assert rows(Path("report.html").read_text())[0][0] == "docs/index.rst:6"


def test_what_follows_from_a_problem_is_below_it(pytester: pytest.Pytester, docs: Path) -> None:
    run(pytester)
    text = Path("report.html").read_text()
    assert text.count('id="problem-') == 2
    assert "<p>1 more follow from this:</p>\n<ul><li>docs/index.rst:13: " in text


def test_what_was_not_typed_is_blocked(pytester: pytest.Pytester, docs: Path) -> None:
    (docs / "index.rst").write_text(PAGE.replace("$ true", "$ exit 3\n   $ true"))
    run(pytester)
    assert ("docs/index.rst:10", "true", "blocked: by docs/index.rst:9") in rows(
        Path("report.html").read_text()
    )


def test_a_page_without_problems_says_so(pytester: pytest.Pytester, docs: Path) -> None:
    (docs / "index.rst").write_text(".. code-block:: console\n\n   $ true\n")
    run(pytester).assert_outcomes(passed=2)
    run(pytester).assert_outcomes(passed=2)  # an earlier report is replaced
    assert "None: a reader gets through" in Path("report.html").read_text()


def test_a_run_that_stops_before_its_first_step_says_so(
    pytester: pytest.Pytester, docs: Path
) -> None:
    (docs / "test_sample.py").write_text("import nothing_of_this_name\n")
    run(pytester).stdout.fnmatch_lines(["report: report.html", "*1 error during collection*"])
    assert "nothing was run" in Path("report.html").read_text()


def test_it_replaces_no_other_file(pytester: pytest.Pytester, docs: Path) -> None:
    Path("report.html").write_text("<p>mine</p>")
    result = run(pytester)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--runthrough-report: report.html exists, but it isn't an*"])
    assert Path("report.html").read_text() == "<p>mine</p>"


def test_it_makes_no_folder(pytester: pytest.Pytester, docs: Path) -> None:
    result = pytester.runpytest_inprocess(
        "--runthrough", "--runthrough-report=no/report.html", "docs"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*there's no folder no. Fix the path*mkdir -p no"])
