"""A worker's reports travel together, and nobody who looks at them can tell."""

from __future__ import annotations

import json
from itertools import groupby

import pytest

pytestmark = pytest.mark.slow

LOOKS_ON = """\
import json
from pathlib import Path

HEARD = Path(__file__).with_name("heard")


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Onlooker())


def note(*heard):
    with HEARD.open("a") as file:
        print(json.dumps(heard), file=file)


class Onlooker:
    def pytest_runtest_logstart(self, nodeid, location):
        note(nodeid, "start", location)

    def pytest_runtest_logreport(self, report):
        note(report.nodeid, report.when, report.outcome, str(report.longrepr or ""))

    def pytest_runtest_logfinish(self, nodeid, location):
        note(nodeid, "finish", location)

    def pytest_report_from_serializable(self, data):
        note("", "message")
"""
AGAIN = """
def pytest_runtest_protocol(item, nextitem):
    from _pytest.runner import runtestprotocol

    for _ in range(2):
        runtestprotocol(item, nextitem=nextitem)
    return True
"""
DIES = """

def pytest_runtest_call(item):
    if item.nodeid == "docs/two.rst::$ echo 5":
        import os

        os._exit(1)
"""
STEPS = 8


def page(wrong: int | None = None, slow: int | None = None) -> str:
    """Write a page of cheap steps; one of them may be wrong, and one slow."""
    steps = [
        f".. code-block:: console\n\n   $ echo {one}{'; sleep 0.5' if one == slow else ''}\n"
        f"   {'x' if one == wrong else one}\n"
        for one in range(STEPS)
    ]
    skipped = ".. code-block:: console\n   :skip: no\n\n   $ false\n"
    return "Page\n====\n\n" + "\n".join([*steps, skipped])


Heard = list[list[object]]


@pytest.fixture
def site(pytester: pytest.Pytester) -> pytest.Pytester:
    """Two pages, and somebody who writes down what is reported."""
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text("runthrough_after_failure = 'stop'\n")
    (docs / "index.rst").write_text("Site\n====\n\n.. toctree::\n\n   one\n   two\n")
    (docs / "one.rst").write_text(page())
    (docs / "two.rst").write_text(page())
    pytester.makeconftest(LOOKS_ON)
    return pytester


def heard(site: pytest.Pytester, *arguments: str) -> Heard:
    """Run the pages; return what was reported of them, page by page, and all messages."""
    (site.path / "heard").unlink(missing_ok=True)
    site.runpytest_subprocess("--runthrough", "-p", "no:cacheprovider", *arguments, "docs")
    lines = (site.path / "heard").read_text().splitlines()
    return sorted(map(json.loads, lines), key=lambda one: str(one[0]).partition("::")[0])


def test_what_is_reported_is_the_same(site: pytest.Pytester) -> None:
    (site.path / "docs" / "two.rst").write_text(page(wrong=5, slow=3))
    alone, shared = heard(site), heard(site, "-n", "2")
    messages = [one for one in shared if one[0] == ""]
    told = [one for one in shared if one[0] != ""]
    assert told == alone
    # A page's last step, the slow one and the wrong one are reported at once, in three each.
    assert 0 < len(messages) < len(told) / 3


@pytest.mark.parametrize("option", ["-x", "--maxfail=1"])
def test_a_run_that_a_failure_ends_goes_no_further(site: pytest.Pytester, option: str) -> None:
    (site.path / "docs" / "one.rst").write_text(page(wrong=2))
    told = heard(site, "-n", "1", option)
    called = [one[2] for one in told if one[1] == "call"]
    assert called == ["passed", "passed", "failed"]


def test_a_plugin_that_runs_each_test_twice_still_does(site: pytest.Pytester) -> None:
    with (site.path / "conftest.py").open("a") as conftest:
        conftest.write(AGAIN)
    told = heard(site, "-n", "2")
    called = [one[0] for one in told if one[1] == "call"]
    assert [len(list(group)) for _, group in groupby(called)] == [2] * len(set(called))


def test_a_worker_that_dies_takes_no_other_page_with_it(site: pytest.Pytester) -> None:
    with (site.path / "conftest.py").open("a") as conftest:
        conftest.write(DIES)
    told = heard(site, "-n", "2")
    outcomes = {str(one[0]): one[2] for one in told if one[1] in ("call", "???")}
    assert [one for one, outcome in outcomes.items() if outcome == "failed"] == [
        "docs/two.rst::$ echo 5"
    ]
    assert len([one for one in outcomes if one.startswith("docs/one.rst")]) == STEPS + 2
