"""What a conftest.py can add to pages: fixtures, markers, values, and failures that are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runthrough.model.site import Site

ENVIRONMENT = """\
First
=====

.. code-block:: console

   $ echo "$SHOP on $DAY" | tee note.txt
   tea on 2026-01-31
"""
CONTINUING = """\
:continues: first

Second
======

.. code-block:: console

   $ echo "$SHOP"; cat note.txt
   tea
   tea on 2026-01-31
"""
INDEX = "Index\n=====\n\n.. toctree::\n   :glob:\n\n   *\n"
START = """\
def pytest_runthrough_start_page(page, start):
    start.environment |= {"SHOP": "tea", "DAY": "2031-12-24"}
    start.values["2026-01-31"] = "2031-12-24"
"""
LOG = """\
import pytest

def log(text):
    with open(LOG, "a") as file:
        file.write(text + "\\n")
"""
FIXTURES = """
@pytest.fixture(scope="session", autouse=True)
def run():
    log("run begins")
    yield
    log("run ends")

@pytest.fixture(scope="module", autouse=True)
def page(request):
    log(f"{request.path.name} begins")
    yield
    log(f"{request.path.name} ends")

@pytest.fixture(autouse=True)
def step(request):
    yield
    log(f"  {request.node.name}")

@pytest.fixture
def named():
    log("    named")
"""


@pytest.fixture
def docs(pytester: pytest.Pytester, samples: Site) -> Path:
    """A site of one page, and `second`, which continues from it if a test adds it."""
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text("runthrough_after_failure = 'stop'\n")
    (docs / "index.rst").write_text(INDEX)
    (docs / "first.rst").write_text(ENVIRONMENT)
    return docs


@pytest.fixture
def log(docs: Path) -> Path:
    """Where a conftest.py that begins with LOG writes."""
    return docs.parent / "log.txt"


def conftest(docs: Path, *parts: str) -> None:
    text = "".join(parts).replace("LOG", repr(str(docs.parent / "log.txt")))
    (docs / "conftest.py").write_text(text)


def test_a_page_gets_variables_and_values_of_this_run(
    pytester: pytest.Pytester, docs: Path
) -> None:
    conftest(docs, START)
    pytester.runpytest_inprocess("--runthrough", "docs").assert_outcomes(passed=2)


def test_a_difference_shows_the_pages_value(pytester: pytest.Pytester, docs: Path) -> None:
    conftest(docs, START.replace('"tea"', '"coffee"'))
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.stdout.fnmatch_lines(["*-tea on 2026-01-31", "*+coffee on 2026-01-31"])


@pytest.mark.parametrize("arguments", [["docs"], ["docs/second.rst"], ["docs", "-n", "2"]])
def test_a_page_that_continues_gets_them_as_well(
    pytester: pytest.Pytester, docs: Path, arguments: list[str]
) -> None:
    (docs / "second.rst").write_text(CONTINUING)
    conftest(docs, START)
    result = pytester.runpytest_inprocess("--runthrough", *arguments)
    result.assert_outcomes(passed=2 if "docs/second.rst" in arguments else 4)


def test_a_page_that_continues_gets_its_own_variables(
    pytester: pytest.Pytester, docs: Path
) -> None:
    (docs / "second.rst").write_text(CONTINUING.replace("   tea\n", "   second's tea\n", 1))
    conftest(docs, START, '    if page.docname == "second":\n')
    with (docs / "conftest.py").open("a") as file:
        file.write("        start.environment['SHOP'] = \"second's tea\"\n")
    pytester.runpytest_inprocess("--runthrough", "docs/second.rst").assert_outcomes(passed=2)


def test_the_command_line_comes_before_a_hook(pytester: pytest.Pytester, docs: Path) -> None:
    (docs / "second.rst").write_text(CONTINUING)
    conftest(docs, START.replace('"tea"', '"coffee"'))
    result = pytester.runpytest_inprocess("--runthrough", "--runthrough-set", "SHOP=tea", "docs")
    result.assert_outcomes(passed=4)


def test_a_page_is_set_up_and_undone_also_where_it_is_not_collected(
    pytester: pytest.Pytester, docs: Path, log: Path
) -> None:
    (docs / "second.rst").write_text(CONTINUING)
    conftest(
        docs,
        *(LOG, START, '    log(f"{page.docname} begins")\n'),
        '    start.end.callback(log, f"{page.docname} ends")\n',
    )
    pytester.runpytest_inprocess("--runthrough", "docs/second.rst").assert_outcomes(passed=2)
    assert log.read_text().split("\n") == [
        *("first begins", "first ends", "second begins", "second ends", ""),
    ]


def test_a_page_that_is_left_half_way_is_undone_at_the_end(
    pytester: pytest.Pytester, docs: Path, log: Path
) -> None:
    conftest(docs, LOG, START, '    start.end.callback(log, "ends")\n')
    pytester.runpytest_inprocess("--runthrough", "docs", "-k", "echo").assert_outcomes(passed=1)
    assert log.read_text() == "ends\n"


def test_a_hook_that_raises_is_the_failure_of_the_page(
    pytester: pytest.Pytester, docs: Path, log: Path
) -> None:
    undo = '    start.end.callback(log, "ends")\n    raise OSError("no port is free")\n'
    conftest(docs, LOG, START, undo)
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "docs/first.rst:6: a conftest.py can't set this page up: OSError: no port is free",
            "What to do: Fix its pytest_runthrough_start_page. The error was raised at "
            "docs/conftest.py:10.",
        ]
    )
    assert log.read_text() == "ends\n"


def test_a_page_can_be_skipped_as_a_whole(pytester: pytest.Pytester, docs: Path) -> None:
    conftest(docs, "import pytest\n", START, '    pytest.skip("no shop is open")\n')
    result = pytester.runpytest_inprocess("--runthrough", "-rs", "docs")
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["SKIPPED * docs/first.rst:6: no shop is open"])


def test_what_a_hook_adds_is_not_reused_by_a_later_run(
    pytester: pytest.Pytester, docs: Path
) -> None:
    conftest(docs, START)
    for _ in range(2):
        result = pytester.runpytest_inprocess("--runthrough", "--runthrough-reuse", "docs")
        result.stdout.fnmatch_lines(["ran 1 page: *; 0 steps reused, 2 run"])


def test_autouse_fixtures_hold_for_pages(pytester: pytest.Pytester, docs: Path, log: Path) -> None:
    conftest(docs, LOG, START, FIXTURES)
    pytester.runpytest_inprocess("--runthrough", "docs").assert_outcomes(passed=2)
    assert log.read_text().split("\n") == [
        "run begins",
        "first.rst begins",
        '  $ echo "$SHOP on $DAY" | tee note.txt',
        "  nothing is left running",
        "first.rst ends",
        "run ends",
        "",
    ]


def test_a_marker_asks_for_a_named_fixture(
    pytester: pytest.Pytester, docs: Path, log: Path
) -> None:
    marks = (
        "def pytest_runthrough_marks(page):\n"
        "    if page.docname == 'first':\n"
        "        return [pytest.mark.usefixtures('named')]\n"
    )
    conftest(docs, LOG, START, FIXTURES, marks)
    pytester.runpytest_inprocess("--runthrough", "docs").assert_outcomes(passed=2)
    assert log.read_text().count("named\n") == 2


def test_a_fixture_can_be_reached_from_the_start_of_a_page(
    pytester: pytest.Pytester, docs: Path
) -> None:
    fixture = "import pytest\n@pytest.fixture(scope='session')\ndef shop():\n    return 'tea'\n"
    start = START.replace("page, start", "request, start").replace(
        '"tea"', "request.getfixturevalue('shop')"
    )
    (docs / "second.rst").write_text(CONTINUING)
    conftest(docs, fixture, start)
    pytester.runpytest_inprocess("--runthrough", "docs/second.rst").assert_outcomes(passed=2)


def test_a_fixture_that_fails_is_an_error_of_each_step(
    pytester: pytest.Pytester, docs: Path
) -> None:
    fixture = "import pytest\n@pytest.fixture(autouse=True)\ndef shop():\n    assert 0, 'closed'\n"
    conftest(docs, fixture)
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["E * closed"])


@pytest.mark.parametrize(("selected", "passed"), [("slow", 2), ("not slow", 3), ("runthrough", 4)])
def test_markers_select_pages(
    pytester: pytest.Pytester, docs: Path, selected: str, passed: int
) -> None:
    pytester.makeini(
        "[pytest]\naddopts = --strict-markers\nrunthrough_markers =\n    slow: fir*  big/*\n"
    )
    (docs / "second.rst").write_text(CONTINUING)
    conftest(docs, START)
    (pytester.path / "test_it.py").write_text("def test_it(): pass\n")
    result = pytester.runpytest_inprocess("--runthrough", "-m", selected)
    result.assert_outcomes(passed=passed, deselected=5 - passed)


@pytest.mark.parametrize("line", ["slow", "slow: ", "very slow: *"])
def test_a_line_of_markers_has_a_name_and_patterns(
    pytester: pytest.Pytester, docs: Path, line: str
) -> None:
    pytester.makeini(f"[pytest]\nrunthrough_markers =\n    {line}\n")
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*runthrough_markers has the line '{line.strip()}'; expected *"])


KNOWN = """
import pytest
def pytest_runthrough_marks(page):
    if page.docname == "first":
        return [pytest.mark.xfail(reason="the shop is closed (#7)"{more})]
"""


def test_a_page_may_fail_where_that_is_known(pytester: pytest.Pytester, docs: Path) -> None:
    (docs / "second.rst").write_text(CONTINUING)
    conftest(docs, KNOWN.format(more=""))
    result = pytester.runpytest_inprocess("--runthrough", "-rx", "docs")
    result.assert_outcomes(xfailed=1, skipped=3)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        ["failed as expected: docs/first.rst:7: *(#7)", "XFAIL *echo* - the shop is closed (#7)"]
    )


def test_a_page_after_one_that_is_known_to_fail_is_blocked(
    pytester: pytest.Pytester, docs: Path
) -> None:
    (docs / "second.rst").write_text(CONTINUING)
    conftest(docs, KNOWN.format(more=""))
    pytester.runpytest_inprocess("--runthrough", "docs/second.rst").assert_outcomes(skipped=2)


def test_no_forge_is_told_of_a_failure_that_is_known(
    pytester: pytest.Pytester, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    conftest(docs, KNOWN.format(more=""))
    pytester.runpytest_inprocess("--runthrough", "docs").stdout.no_fnmatch_line("::error*")


@pytest.mark.parametrize(
    ("more", "options", "counts"),
    [
        ("", [], {"passed": 1, "failed": 1}),
        (", strict=False", [], {"passed": 2}),
        (", condition=False", [], {"passed": 2}),
        ("", ["--runxfail"], {"passed": 2}),
        ("", ["-k", "echo"], {"passed": 1, "deselected": 1}),
    ],
)
def test_a_page_that_passes_against_expectation_fails(
    pytester: pytest.Pytester, docs: Path, more: str, options: list[str], counts: dict[str, int]
) -> None:
    conftest(docs, START, KNOWN.format(more=more))
    result = pytester.runpytest_inprocess("--runthrough", "docs", *options)
    result.assert_outcomes(**counts)
    if "failed" in counts:
        result.stdout.fnmatch_lines(
            [
                "docs/first.rst: this page is expected to fail (the shop is closed (#7)), but *",
                "What to do: Remove the xfail marker *",
            ]
        )


def test_one_step_may_fail_where_that_is_known(pytester: pytest.Pytester, docs: Path) -> None:
    conftest(
        docs,
        "import pytest\ndef pytest_collection_modifyitems(items):\n    for item in items:\n"
        "        if item.nodeid.startswith('docs/first.rst::$ echo'):\n"
        "            item.add_marker(pytest.mark.xfail(reason='closed', strict=True))\n",
    )
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.assert_outcomes(xfailed=1, skipped=1)
    result.stdout.fnmatch_lines(["failed as expected: docs/first.rst:7: closed"])


def test_a_failure_without_a_line_can_be_recorded(pytester: pytest.Pytester, docs: Path) -> None:
    conftest(docs, START, KNOWN.format(more=""))
    result = pytester.runpytest_inprocess("--runthrough", "--runthrough-results", "r.json", "docs")
    result.assert_outcomes(passed=1, failed=1)
    (failure,) = [
        step["reported_failure"]
        for step in json.loads((pytester.path / "r.json").read_text())["pages"]["first"]
        if step["reported_failure"]
    ]
    assert (failure["file"], failure["line"]) == ("first.rst", None)
