"""What a person sees who runs pytest over pages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from runthrough.model.site import Site

FIRST = """\
First
=====

.. code-block:: console

   $ mkdir project
   $ cd project

.. code-block:: python
   :caption: hello.py
   :create:

   print("hello")

.. code-block:: console

   $ python3 hello.py
   hello

.. code-block:: diff
   :caption: hello.py

   -print("hello")
   +print("goodbye")
"""

SECOND = """\
:continues: first

Second
======

.. code-block:: console

   $ python3 hello.py
   goodbye

.. code-block:: console
   :skip: asks for a password

   $ sudo reboot
"""

INDEX = """\
Index
=====

.. toctree::

   first
   second
"""


@pytest.fixture
def site(pytester: pytest.Pytester, samples: Site) -> Path:
    """A small Sphinx project that does not name our extension.

    The samples are read before it, since pytester forgets what is imported while it runs.
    """
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text("project = 'x'\nrunthrough_after_failure = 'stop'\n")
    for name, text in (("index", INDEX), ("first", FIRST), ("second", SECOND)):
        (docs / f"{name}.rst").write_text(text)
    return docs


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


def test_pages_are_run_only_when_asked_for(pytester: pytest.Pytester, site: Path) -> None:
    pytester.runpytest_inprocess("docs").assert_outcomes()


def test_the_setting_is_as_good_as_the_option(pytester: pytest.Pytester, site: Path) -> None:
    pytester.makeini("[pytest]\nrunthrough = true\n")
    pytester.runpytest_inprocess("docs").assert_outcomes(passed=7, skipped=1)


def test_a_run_closes_with_what_was_run(pytester: pytest.Pytester, site: Path) -> None:
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.assert_outcomes(passed=7, skipped=1)
    line = next(line for line in result.outlines if line.startswith("ran"))
    said = r"ran 2 pages: 7 steps, 4 commands, 1 file, 1 edit in \d+ seconds?; 1 block skipped"
    assert re.fullmatch(said, line)


def test_a_verbose_run_names_each_skipped_block_with_its_reason(
    pytester: pytest.Pytester, site: Path
) -> None:
    result = pytester.runpytest_inprocess("--runthrough", "-v", "docs")
    result.stdout.fnmatch_lines(["skipped docs/second.rst:14: asks for a password"])


def test_steps_are_named_after_what_they_ask(pytester: pytest.Pytester, site: Path) -> None:
    result = pytester.runpytest_inprocess("--runthrough", "--collect-only", "-q", "docs")
    assert [line for line in result.outlines if "::" in line] == [
        "docs/first.rst::$ mkdir project",
        "docs/first.rst::Create hello.py",
        "docs/first.rst::$ python3 hello.py",
        "docs/first.rst::Change hello.py",
        "docs/first.rst::nothing is left running",
        "docs/second.rst::$ python3 hello.py",
        "docs/second.rst::skipped $ sudo reboot",
        "docs/second.rst::nothing is left running",
    ]


def test_each_step_is_shown_as_it_is_run(pytester: pytest.Pytester, site: Path) -> None:
    result = pytester.runpytest_inprocess("--runthrough", "--runthrough-show-steps", "docs")
    result.stdout.fnmatch_lines_random(
        ["first", "  $ mkdir project", "  $ cd project", "  Create hello.py", "  Change hello.py"]
    )


def test_only_the_first_line_of_a_command_is_shown_with_a_prompt(
    pytester: pytest.Pytester, site: Path
) -> None:
    edit(
        site / "first.rst",
        "   $ mkdir project\n",
        "   $ for i in 1 2\n   > do\n   > :\n   > done\n   $ mkdir project\n",
    )
    result = pytester.runpytest_inprocess(
        "--runthrough", "--runthrough-show-steps", "docs/first.rst"
    )
    result.stdout.fnmatch_lines(
        ["  $ for i in 1 2", "    do", "    :", "    done", "  $ mkdir project"], consecutive=True
    )


def test_workers_show_their_steps_page_by_page(pytester: pytest.Pytester, site: Path) -> None:
    result = pytester.runpytest_inprocess(
        "--runthrough", "--runthrough-show-steps", "-n", "2", "docs"
    )
    result.stdout.fnmatch_lines(
        ["first", "  $ mkdir project", "  $ cd project", "  Create hello.py", "  Change hello.py"],
        consecutive=False,
    )
    result.stdout.fnmatch_lines(["second", "  $ python3 hello.py", "  skipped $ sudo reboot"])


def test_one_page_alone_follows_the_pages_that_it_continues(
    pytester: pytest.Pytester, site: Path
) -> None:
    result = pytester.runpytest_inprocess("--runthrough", "docs/second.rst")
    result.assert_outcomes(passed=2, skipped=1)


def test_a_failure_is_red_once_and_blocks_the_rest(pytester: pytest.Pytester, site: Path) -> None:
    edit(site / "first.rst", "   $ python3 hello.py\n   hello", "   $ python3 helo.py\n   hello")
    result = pytester.runpytest_inprocess("--runthrough", "-rs", "docs")
    result.assert_outcomes(passed=2, failed=1, skipped=5)
    result.stdout.fnmatch_lines(
        [
            "docs/first.rst:17: the command ended with status 2; the page expects 0, and *",
            "    $ python3 helo.py",
            "    -hello",
            "    +python3: can't open file '/home/reader/dev/project/helo.py': *",
            "What to do: *",
            "To try it alone: pytest --runthrough --runthrough-keep docs/first.rst",
            "SKIPPED * blocked by docs/first.rst:17",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_a_later_step_alone_is_red_where_an_earlier_one_fails(
    pytester: pytest.Pytester, site: Path
) -> None:
    edit(site / "first.rst", "   hello\n", "   hullo\n")
    result = pytester.runpytest_inprocess("--runthrough", "docs/second.rst")
    result.assert_outcomes(failed=2, skipped=1)
    result.stdout.fnmatch_lines(["docs/first.rst:18: the output is not what the page shows"])


def test_a_workspace_is_kept_on_request(pytester: pytest.Pytester, site: Path) -> None:
    result = pytester.runpytest_inprocess("--runthrough", "--runthrough-keep", "docs")
    lines = [line for line in result.outlines if line.startswith("kept: ")]
    kept = [Path(line.removeprefix("kept: ")) for line in lines]
    assert len(kept) == 2  # one for each page
    for folder in kept:
        assert (folder / "project" / "hello.py").read_text() == 'print("goodbye")\n'
        shutil.rmtree(folder.parent)


def test_a_site_that_cannot_be_read_says_why_once(pytester: pytest.Pytester, site: Path) -> None:
    (site / "conf.py").write_text("extensions = ['no_such_extension']\n")
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["Sphinx can't read docs: *no_such_extension*"])
    assert "Traceback" not in result.stdout.str()


def test_a_site_that_cannot_be_read_says_why_for_whatever_page(
    pytester: pytest.Pytester, site: Path
) -> None:
    (site / "conf.py").write_text("extensions = ['no_such_extension']\n")
    result = pytester.runpytest_inprocess("--runthrough", "docs/second.rst")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["Sphinx can't read docs: *no_such_extension*"])


def test_a_setting_that_makes_no_sense_is_named(pytester: pytest.Pytester, site: Path) -> None:
    (site / "conf.py").write_text("runthrough_timeout = 'long'\n")
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.stdout.fnmatch_lines(
        ["conf.py: runthrough_timeout is 'long'; expected a number above 0. *"]
    )


def test_a_page_that_sphinx_gets_stuck_on_is_red_at_the_line(
    pytester: pytest.Pytester, site: Path
) -> None:
    edit(site / "first.rst", ".. code-block:: python", ".. cod-block:: python")
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.stdout.fnmatch_lines(["docs/first.rst:9: Sphinx can't read this: *cod-block*"])


def test_an_unchanged_site_keeps_its_problems_in_the_next_run(
    pytester: pytest.Pytester, site: Path
) -> None:
    edit(site / "first.rst", ".. code-block:: python", ".. cod-block:: python")
    for _ in range(2):
        result = pytester.runpytest_inprocess("--runthrough", "docs")
        result.stdout.fnmatch_lines(["docs/first.rst:9: Sphinx can't read this: *"])


def test_a_junit_file_carries_the_place_and_the_difference(
    pytester: pytest.Pytester, site: Path
) -> None:
    edit(site / "first.rst", "   hello\n", "   hullo\n")
    pytester.runpytest_inprocess("--runthrough", "--junitxml=junit.xml", "docs")
    (case,) = ElementTree.parse(pytester.path / "junit.xml").findall(".//testcase[failure]")
    said = case.findtext("failure") or ""
    assert "docs/first.rst:18: the output is not what the page shows" in said
    assert "    -hullo\n    +hello\n" in said
    properties = {one.get("name"): one.get("value") for one in case.findall("properties/property")}
    assert properties == {
        "place": "docs/first.rst:18",
        "file": "docs/first.rst",
        "line": "18",
        "verdict": "failed",
    }
    assert case.get("name") == "$ python3 hello.py"
    (failure,) = case.findall("failure")
    assert failure.get("message") == ("docs/first.rst:18: the output is not what the page shows")


@pytest.mark.parametrize("workers", [(), ("--numprocesses=1",)], ids=["alone", "a worker"])
def test_a_run_of_a_ci_system_ends_with_a_line_for_each_failure(
    pytester: pytest.Pytester,
    site: Path,
    monkeypatch: pytest.MonkeyPatch,
    workers: tuple[str, ...],
) -> None:
    edit(site / "first.rst", "   hello\n", "   hullo\n")
    monkeypatch.setenv("CI", "true")
    result = pytester.runpytest_inprocess("--runthrough", *workers, "docs")
    text = result.stdout.str()
    assert text.count("('-' is on the page") == 1
    summary = text.split("short test summary info")[1].split("\n")[1:-1]
    assert summary == [
        "FAILED docs/first.rst::$ python3 hello.py - docs/first.rst:18: the output is not what "
        "the page shows"
    ]


def test_a_forge_is_told_the_file_and_line(
    pytester: pytest.Pytester, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(site / "first.rst", "   hello\n", "   hullo\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    (line,) = [line for line in result.outlines if line.startswith("::error ")]
    what = "the output is not what the page shows"
    assert line.startswith(f"::error file=docs/first.rst,line=18,title={what}::docs/first.rst:18: ")
    assert "%0A    -hullo%0A    +hello%0A" in line


def test_nobody_else_is_told_in_a_forges_words(
    pytester: pytest.Pytester, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(site / "first.rst", "   hello\n", "   hullo\n")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    pytester.runpytest_inprocess("--runthrough", "docs").stdout.no_fnmatch_line("::error*")


def test_two_workers_come_to_the_same_verdicts(pytester: pytest.Pytester, site: Path) -> None:
    edit(site / "second.rst", "   goodbye\n", "   good bye\n")
    result = pytester.runpytest_inprocess("--runthrough", "-n", "2", "docs")
    result.assert_outcomes(passed=5, failed=1, skipped=2)
    result.stdout.fnmatch_lines_random(
        ["docs/second.rst:9: the output is not what the page shows", "ran 2 pages: *"]
    )


@pytest.mark.parametrize("position", range(5))
def test_a_step_alone_is_judged_as_in_the_whole_run(
    pytester: pytest.Pytester, site: Path, position: int
) -> None:
    listed = pytester.runpytest_inprocess("--runthrough", "--collect-only", "-q", "docs")
    item = [line for line in listed.outlines if "::" in line][position]
    result = pytester.runpytest_inprocess("--runthrough", item)
    result.assert_outcomes(passed=1)


def test_a_repaired_page_passes_when_only_its_failure_is_run_again(
    pytester: pytest.Pytester, site: Path
) -> None:
    edit(site / "second.rst", "   goodbye\n", "   good bye\n")
    pytester.runpytest_inprocess("--runthrough", "docs").assert_outcomes(
        passed=5, failed=1, skipped=2
    )
    edit(site / "second.rst", "   good bye\n", "   goodbye\n")
    pytester.runpytest_inprocess("--runthrough", "--lf", "docs").assert_outcomes(passed=1)


def test_a_page_may_not_continue_from_one_that_is_not_there(
    pytester: pytest.Pytester, site: Path
) -> None:
    edit(site / "second.rst", ":continues: first", ":continues: frist")
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.stdout.fnmatch_lines(
        ["docs/second.rst:1: this page continues from 'frist', but there's no such page*"]
    )


def test_doctrees_are_kept_nowhere_where_pytest_keeps_nothing(
    pytester: pytest.Pytester, site: Path
) -> None:
    result = pytester.runpytest_inprocess("--runthrough", "-p", "no:cacheprovider", "docs")
    result.assert_outcomes(passed=7, skipped=1)


def test_an_included_step_is_tried_alone_by_its_page(pytester: pytest.Pytester, site: Path) -> None:
    (site / "part.inc").write_text(".. code-block:: console\n\n   $ false\n")
    (site / "second.rst").write_text("Second\n======\n\n.. include:: part.inc\n")
    result = pytester.runpytest_inprocess("--runthrough", "docs/second.rst")
    result.stdout.fnmatch_lines(
        [
            "docs/part.inc:3: *",
            "To try it alone: pytest --runthrough --runthrough-keep docs/second.rst",
        ]
    )


def test_pages_that_continue_from_each_other_are_named(
    pytester: pytest.Pytester, site: Path
) -> None:
    first = site / "first.rst"
    first.write_text(":continues: second\n\n" + first.read_text())
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*these pages continue from each other*: first, second. *"])


LIMIT = """\
import signal
import pytest

def end(*args):
    pytest.fail("Timeout (>1.0s)")

@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, 1)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
"""
SLOW = """\
Slow
====

.. code-block:: console

   $ true
   $ echo typed >> /tmp/../{log}; sleep 60

.. code-block:: console

   $ true
"""


@pytest.mark.parametrize("selected", ["docs", "docs/slow.rst::nothing is left running"])
def test_a_step_that_a_time_limit_cut_off_is_not_typed_again(
    pytester: pytest.Pytester, site: Path, selected: str
) -> None:
    pytester.makeconftest(LIMIT)
    log = pytester.path / "log"
    (site / "slow.rst").write_text(":orphan:\n\n" + SLOW.format(log=str(log).lstrip("/")))
    result = pytester.runpytest_inprocess("--runthrough", selected)
    result.stdout.fnmatch_lines(["docs/slow.rst:9: this was ended before it finished (*Timeout*"])
    assert result.parseoutcomes()["failed"] == 1
    assert log.read_text() == "typed\n"


def test_a_test_that_is_run_again_is_counted_once_and_typed_once(
    pytester: pytest.Pytester, site: Path
) -> None:
    pytester.makeconftest(
        "from _pytest.runner import runtestprotocol\n"
        "def pytest_runtest_protocol(item, nextitem):\n"
        "    for _ in range(2):\n"
        "        for report in runtestprotocol(item, nextitem=nextitem, log=False):\n"
        "            item.ihook.pytest_runtest_logreport(report=report)\n"
        "    return True\n"
    )
    result = pytester.runpytest_inprocess("--runthrough", "docs/first.rst")
    result.stdout.fnmatch_lines(["ran 1 page: 5 steps, 3 commands, 1 file, 1 edit *"])


def test_a_step_with_which_a_worker_dies_is_red_and_not_run_again(
    pytester: pytest.Pytester, site: Path
) -> None:
    pytester.makeconftest(
        "import os\n"
        "def pytest_runtest_call(item):\n"
        "    if item.name == '$ python3 hello.py' and item.path.name == 'first.rst':\n"
        "        open('died', 'a').write('x')\n"
        "        os.kill(os.getpid(), 9)\n"
    )
    (site / "third.rst").write_text(":orphan:\n\n" + SECOND.partition("first\n")[2])
    edit(site / "third.rst", "   $ python3 hello.py\n   goodbye", "   $ echo hi\n   hi")
    result = pytester.runpytest_inprocess("--runthrough", "-n", "2", "docs")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.parseoutcomes()["failed"] == 1
    result.stdout.fnmatch_lines_random(
        [
            "worker 'gw?' crashed while running 'docs/first.rst::$ python3 hello.py'",
            "not run, because the worker that ran docs/first.rst::$ python3 hello.py is gone: 5 "
            "steps after it",
            "ran 2 pages: *",
        ]
    )
    assert (pytester.path / "died").read_text() == "x"
