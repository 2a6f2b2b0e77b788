"""The verdict of a step is the same whatever else is run, in whatever order."""

from __future__ import annotations

import random
from typing import Any

import pytest

from runthrough.plugin.sites import strands
from runthrough.reading.site import read_site
from tests.running.snapshots.projects import Project

Verdicts = dict[str, tuple[str, str]]
"""Verdict of each step that was run, and the place that it names."""


@pytest.fixture
def faulty(project: Project) -> Project:
    """A project with a fault in the middle: some pages hold, one fails, one is blocked by it."""
    project.edit("second.rst", "   data\n", "   date\n")
    return project


class Shuffle:
    """Another plugin, which wants the steps in another order."""

    def __init__(self, order: str) -> None:
        self.order = order

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.order == "reverse":
            items.reverse()
        else:  # as good as random, and the same each time
            random.Random(7).shuffle(items)


class Noting:
    """Notes the verdicts of a run, which workers send along with their reports."""

    def __init__(self) -> None:
        self.verdicts: Verdicts = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        said = dict(report.user_properties)
        if report.when == "call":
            self.verdicts[report.nodeid] = (str(said["verdict"]), str(said["place"]))


def verdicts(project: Project, *arguments: str, plugins: tuple[Any, ...] = ()) -> Verdicts:
    noting = Noting()
    project.pytester.runpytest_inprocess(
        "--runthrough", *(arguments or ("docs",)), plugins=[noting, *plugins]
    )
    return noting.verdicts


@pytest.fixture
def expected(faulty: Project) -> Verdicts:
    """What a whole run finds."""
    found = verdicts(faulty)
    assert sorted({verdict for verdict, _ in found.values()}) == ["blocked", "failed", "passed"]
    assert len(found) == 13
    return found


@pytest.mark.parametrize("order", ["reverse", "random"])
def test_in_another_order(faulty: Project, expected: Verdicts, order: str) -> None:
    assert verdicts(faulty, plugins=(Shuffle(order),)) == expected


@pytest.mark.parametrize("distribution", ["load", "worksteal", "each"])
def test_by_two_workers(faulty: Project, expected: Verdicts, distribution: str) -> None:
    assert verdicts(faulty, "-n", "2", "--dist", distribution, "docs") == expected


def test_pages_that_wait_for_each_other_are_one_strand(project: Project) -> None:
    site = read_site(project.docs, project.pytester.path / "doctrees")
    assert dict(strands(site, project.pytester.path)) == {
        "docs/index.rst": "docs/index.rst",
        "docs/first.rst": "docs/first.rst",
        "docs/second.rst": "docs/second.rst",  # it shares the first with another page
        "docs/third.rst": "docs/second.rst",
        "docs/side.rst": "docs/side.rst",
        "docs/alone.rst": "docs/alone.rst",
    }


def test_each_step_alone(faulty: Project, expected: Verdicts) -> None:
    for nodeid, verdict in expected.items():
        assert verdicts(faulty, nodeid) == {nodeid: verdict}


@pytest.mark.parametrize("page", ["first", "second", "third", "side", "alone"])
def test_one_page_alone(faulty: Project, expected: Verdicts, page: str) -> None:
    found = verdicts(faulty, f"docs/{page}.rst")
    assert found == {name: one for name, one in expected.items() if f"/{page}.rst" in name}


def test_the_steps_that_a_word_selects(faulty: Project, expected: Verdicts) -> None:
    found = verdicts(faulty, "-k", "running", "docs")
    assert found == {name: one for name, one in expected.items() if "running" in name}
    assert len(found) == 5


def test_what_failed_is_run_again_after_a_repair(faulty: Project, expected: Verdicts) -> None:
    faulty.edit("second.rst", "   date\n", "   data\n")
    found = verdicts(faulty, "--lf", "docs")
    failed = [name for name, (verdict, _) in expected.items() if verdict == "failed"]
    assert [*found] == failed
    assert {verdict for verdict, _ in found.values()} == {"passed"}
    assert {verdict for verdict, _ in verdicts(faulty).values()} == {"passed"}
