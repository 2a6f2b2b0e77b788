"""What a person sees who runs a site with several paths: names, results and updates."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from runthrough.model.site import Site
from tests.tab_sets import tab_set

pytestmark = pytest.mark.slow

Run = Callable[..., pytest.RunResult]
CONF = """\
extensions = ["runthrough", "sphinx_design"]
runthrough_paths = {"shelves": {"tabs": ["Shelf"], "pages": {"drink": "buy"}}}
"""
INDEX = f"""\
Store
=====

.. toctree::

   buy
   drink

{tab_set("Box", "Shelf", "Jar")}
"""
BUY = ":continues: index\n\nBuy\n===\n\n.. code-block:: console\n\n   $ touch tea\n"
DRINK = """\
:continues: index

Drink
=====

.. code-block:: console

   $ ls | wc -l
   1
"""


@pytest.fixture
def docs(pytester: pytest.Pytester, samples: Site) -> Path:
    """A site with a path on which the last page shows something else than the run prints."""
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text(CONF)
    for name, text in {"index": INDEX, "buy": BUY, "drink": DRINK}.items():
        (docs / f"{name}.rst").write_text(text)
    return docs


@pytest.fixture
def run(pytester: pytest.Pytester, docs: Path) -> Run:
    def run(*arguments: str) -> pytest.RunResult:
        return pytester.runpytest_inprocess("--runthrough", "-p", "no:cacheprovider", *arguments)

    return run


def test_each_path_has_tests_of_its_own(run: Run) -> None:
    result = run("-v", "docs")
    result.assert_outcomes(passed=11, failed=1, skipped=4)
    result.stdout.fnmatch_lines(
        [
            "docs/index.rst::$ mkdir box PASSED*",
            "docs/index.rst::in another tab $ mkdir shelf SKIPPED*",
            "docs/drink.rst::$ ls | wc -l PASSED*",
            "docs/index.rst::$ mkdir shelf [[]shelves[]] PASSED*",
            "docs/buy.rst::$ touch tea [[]shelves[]] PASSED*",
            "docs/drink.rst::$ ls | wc -l [[]shelves[]] FAILED*",
            "docs/drink.rst:9: the output is not what the page shows",
            "    -1",
            "    +2",
            "*path 'shelves' of runthrough_paths.",
            "not taken docs/index.rst:27: in the tab 'Jar'",
            "ran 6 pages: *; 0 blocks skipped, 1 in tabs that no path takes (Jar)",
        ]
    )


def test_a_name_selects_one_path(run: Run) -> None:
    run("docs/drink.rst::$ ls | wc -l").assert_outcomes(passed=1)
    run("docs/drink.rst::$ ls | wc -l [shelves]").assert_outcomes(failed=1)


def test_workers_come_to_the_same(run: Run) -> None:
    run("-n", "2", "docs").assert_outcomes(passed=11, failed=1, skipped=4)


def test_a_path_alone_says_which_tabs_another_one_takes(run: Run) -> None:
    result = run("-q", "docs/index.rst", "-k", "not shelves")
    result.stdout.fnmatch_lines(
        ["*0 blocks skipped, 1 in tabs of another path, 1 in tabs that no path takes (Jar)"]
    )


def test_results_are_kept_for_each_path(run: Run, docs: Path) -> None:
    run("docs", "--runthrough-results", "docs/results.json")
    pages = json.loads((docs / "results.json").read_text())["pages"]
    assert list(pages) == [
        *("buy", "buy [shelves]", "drink", "drink [shelves]", "index", "index [shelves]"),
    ]
    assert [one["verdict"] for one in pages["index"]] == [
        *("passed", "elsewhere", "elsewhere", "passed")
    ]
    assert [one["verdict"] for one in pages["index [shelves]"]] == [
        *("elsewhere", "passed", "elsewhere", "passed")
    ]


def test_what_the_ordinary_path_shows_is_not_rewritten_for_another(run: Run, docs: Path) -> None:
    result = run("docs", "--runthrough-update-anyway")
    result.stdout.fnmatch_lines(["not rewritten docs/drink.rst:9: *on drink, needs other lines"])
    assert (docs / "drink.rst").read_text() == DRINK


def test_what_is_wrong_on_all_paths_is_rewritten_once(run: Run, docs: Path) -> None:
    wrong = BUY.replace("touch tea\n", "touch tea\n   $ echo made\n   bought\n")
    (docs / "buy.rst").write_text(wrong)
    result = run("docs/buy.rst", "--runthrough-update-anyway")
    result.stdout.fnmatch_lines(["*rewrote 1 line of 1 file"])
    assert (docs / "buy.rst").read_text() == wrong.replace("bought", "made")


def test_a_page_with_other_tabs_only_is_not_green(run: Run, docs: Path) -> None:
    text = INDEX.replace("   .. code-block:: console\n\n         $ mkdir box", "   A box.")
    (docs / "index.rst").write_text(text)
    result = run("-q", "docs/index.rst", "-k", "not shelves")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "nothing was run: no command, file or edit was tried; 0 blocks skipped, 0 blocks "
            "unchecked, 1 block in tabs of another path, 1 block in tabs that no path takes. *"
        ]
    )
