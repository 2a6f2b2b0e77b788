"""The last page that continues from another goes on in its files, as if they were a copy."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from runthrough.model.report import explain
from runthrough.reading.site import read_site
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner
from tests.running.snapshots.projects import Project

pytestmark = pytest.mark.slow

Start = Callable[..., Runner]
CONF = 'extensions = ["runthrough"]\n'
KEPT_IN_PLACE = "test $(stat -c %i tea.txt) = $(cat inode) && echo the same || echo another"
"""A command that finds out whether the file is the one of the page before."""


def page(continues: str | None, *lines: str) -> str:
    head = f":continues: {continues}\n\n" if continues else ""
    block = "".join(f"   {line}\n" for line in lines)
    return f"{head}Tea\n===\n\n.. code-block:: console\n\n{block}"


FIRST = page(None, "$ echo green > tea.txt; stat -c %i tea.txt > inode")
SAME = f"$ {KEPT_IN_PLACE}", "the same"
ANOTHER = f"$ {KEPT_IN_PLACE}", "another"
AGAIN = "$ stat -c %i tea.txt >| inode"


@pytest.fixture
def start(tmp_path: Path, request: pytest.FixtureRequest) -> Start:
    """Begin the run of a site with these pages."""

    def start(
        expected: Collection[str] | None, options: Options | None = None, **pages: str
    ) -> Runner:
        pages["index"] = "Tea\n===\n\n.. toctree::\n   :glob:\n\n   *\n"
        (tmp_path / "conf.py").write_text(CONF)
        for name, text in pages.items():
            (tmp_path / f"{name}.rst").write_text(text)
        runner = Runner(read_site(tmp_path, tmp_path / ".doctrees"), options or Options())
        request.addfinalizer(runner.end)
        if expected is not None:
            runner.expect(expected)
        return runner

    return start


def passes(runner: Runner, *docnames: str) -> None:
    for docname in docnames:
        one = runner.site.page(docname)
        for result in runner.run(one):
            assert result.failure is None, explain(result.failure, one.file)


def test_a_chain(start: Start) -> None:
    second, third = page("first", *SAME, AGAIN), page("second", *SAME)
    runner = start(["first", "second", "third"], first=FIRST, second=second, third=third)
    passes(runner, "first", "second", "third")


def test_a_chain_of_which_the_last_page_alone_is_asked_for(start: Start) -> None:
    second, third = page("first", *SAME, AGAIN), page("second", *SAME)
    passes(start(["third"], first=FIRST, second=second, third=third), "third")


def test_a_page_that_has_failed(start: Start) -> None:
    second = page("first", "$ echo black", "green", AGAIN)
    runner = start(["second", "third"], first=FIRST, second=second, third=page("second", *SAME))
    assert runner.run(runner.site.page("second"))[0].verdict == "failed"
    passes(runner, "third")


def test_the_last_of_two_pages(start: Start) -> None:
    pages = {"first": FIRST, "one": page("first", *ANOTHER), "other": page("first", *SAME)}
    passes(start(["first", "one", "other"], **pages), "one", "other")


def test_the_last_of_two_pages_is_not_asked_for(start: Start) -> None:
    pages = {"first": FIRST, "one": page("first", *SAME), "other": page("first", "$ true")}
    passes(start(["first", "one"], **pages), "one")


def test_a_page_of_which_another_one_is_asked_for(start: Start) -> None:
    pages = {
        "first": FIRST,
        "one": page("first", *ANOTHER),
        "other": page("first", *SAME),
        "after": page("other", "$ true"),
    }
    passes(start(["one", "after"], **pages), "one", "after")


@pytest.mark.parametrize(
    ("expected", "options"),
    [
        (None, Options()),
        (["second"], Options(reuse=True)),
        (["second"], Options(keep=True, show=lambda said: None)),
    ],
    ids=["not_known", "reuse", "keep"],
)
def test_somebody_else_may_need_the_files(
    start: Start, expected: list[str] | None, options: Options
) -> None:
    runner = start(expected, options, first=FIRST, second=page("first", *ANOTHER))
    passes(runner, "second")
    assert runner.records["first"].snapshot is not None


def test_a_page_that_was_not_expected(start: Start) -> None:
    pages = {"first": FIRST, "second": page("first", *SAME, "$ echo black > tea.txt")}
    after = page("first", "$ cat tea.txt", "green")
    passes(start(["second"], **pages, other=after), "second", "other")


UNLIKE_A_COPY = {
    "other_names": ("ln tea.txt other", "stat -c %h tea.txt", "1"),
    "socket": (
        "python3 -c \"import socket; socket.socket(socket.AF_UNIX).bind('socket')\"",
        "ls socket 2> /dev/null; echo end",
        "end",
    ),
    "owner": ("chown 1234 tea.txt", "stat -c %u tea.txt", str(os.geteuid())),
}


@pytest.mark.parametrize("expected", [None, ["second"]], ids=["copied", "in_place"])
@pytest.mark.parametrize("what", UNLIKE_A_COPY)
def test_what_a_copy_would_not_have(start: Start, what: str, expected: list[str] | None) -> None:
    made, looked, shown = UNLIKE_A_COPY[what]
    if what == "owner" and os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    first = FIRST + f"   $ {made}\n"
    second = page("first", f"$ {looked}", shown, *ANOTHER)
    passes(start(expected, first=first, second=second), "second")


@pytest.mark.parametrize("expected", [None, ["second"]], ids=["copied", "in_place"])
def test_names_of_the_home(start: Start, expected: list[str] | None) -> None:
    first = page(
        None,
        "$ mkdir project; cd project; echo $PWD > where; ln -s $PWD/where link; ln -s where near",
        "$ echo $HOME > compiled.pyc; chmod 440 where",
        "$ touch -d '2020-02-02 02:02:02' where; touch -d '2021-01-01' .",
    )
    second = page(
        "first",
        "$ cat where link near; readlink near; stat -c '%a %y' where; stat -c '%y' .",
        *["/home/reader/dev/project"] * 3,
        "where",
        "440 2020-02-02 02:02:01.000000000 +0000",
        "2021-01-01 00:00:00.000000000 +0000",
        "$ grep -q $HOME compiled.pyc || echo its first home; ls -A | wc -l",
        *("its first home", "4"),
    )
    passes(start(expected, first=first, second=second), "second")


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["docs"], "the same"),
        (["docs/second.rst"], "the same"),
        (["-k", "second"], "the same"),
        (["-n", "1", "docs"], "another"),
        (["--runthrough-reuse", "docs"], "another"),
        (["--runthrough-keep", "docs"], "another"),
    ],
    ids=["all", "by_name", "by_a_word", "worker", "reuse", "keep"],
)
def test_in_a_run_of_pytest(project: Project, arguments: list[str], shown: str) -> None:
    for docname in ("third", "side", "alone"):
        (project.docs / f"{docname}.rst").unlink()
    with (project.docs / "conf.py").open("a") as conf:
        # Long, so that the homes are in TMPDIR, too: none is moved to another file system.
        conf.write(f"runthrough_directory = '/home/{'x' * 200}/dev'\n")
    (project.docs / "index.rst").write_text("Tea\n===\n\n.. toctree::\n\n   first\n   second\n")
    (project.docs / "first.rst").write_text(FIRST)
    (project.docs / "second.rst").write_text(page("first", f"$ {KEPT_IN_PLACE}", shown))
    ran = project.pytester.runpytest_inprocess("--runthrough", *arguments)
    assert ran.ret == 0
