"""What a person sees who runs pytest over pages with --runthrough-update."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from runthrough.model.site import Site

PAGE = """\
Page
====

.. code-block:: console

   $ seq 3
   1
   4

.. code-block:: console

   $ mkdir project; echo right > project/file
   $ cat project/file
   wrong
"""
REWRITTEN = PAGE.replace("   4\n", "   2\n   3\n").replace("wrong", "right")
CONF = """\
runthrough_after_failure = "stop"
runthrough_exports = {"../sample": {"page": "index", "folder": "project"}}
"""


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def docs(pytester: pytest.Pytester, samples: Site) -> Path:
    """A site with two wrong outputs and a stale copy of what its run leaves, outside of git."""
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text(CONF)
    (docs / "index.rst").write_text(PAGE)
    (pytester.mkdir("sample") / "file").write_text("stale\n")
    return docs


@pytest.fixture
def committed(docs: Path) -> Path:
    """The same site, in a repository of its own."""
    git(docs.parent, "init")
    git(docs.parent, "add", ".")
    git(docs.parent, "commit", "-m", "Begin")
    return docs


def update(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess("--runthrough", *arguments)


def test_it_says_what_it_has_rewritten(pytester: pytest.Pytester, committed: Path) -> None:
    result = update(pytester, "--runthrough-update", "docs")
    result.assert_outcomes(passed=4)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        [
            "rewritten docs/index.rst:8",
            "    -4",
            "    +2",
            "    +3",
            "rewritten docs/index.rst:14",
            "    -wrong",
            "    +right",
            "ran 1 page: *; rewrote 3 lines of 1 file",
        ]
    )
    assert (committed / "index.rst").read_text() == REWRITTEN


def test_outside_of_git_it_asks_for_an_option(pytester: pytest.Pytester, docs: Path) -> None:
    result = update(pytester, "--runthrough-update", "docs")
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*docs/index.rst: it isn't in a git repository. Put it into one and commit it first, "
            "or use '--runthrough-update-anyway'.*",
            "left as it is: sample/file: it isn't in a git repository. "
            "*'--runthrough-export-outside-git'",
        ]
    )
    assert (docs / "index.rst").read_text() == PAGE
    assert (docs.parent / "sample" / "file").read_text() == "stale\n"
    update(
        pytester, "--runthrough-update-anyway", "--runthrough-export-outside-git", "docs"
    ).assert_outcomes(passed=4)
    assert (docs / "index.rst").read_text() == REWRITTEN
    assert (docs.parent / "sample" / "file").read_text() == "right\n"


def test_it_writes_what_the_run_leaves(pytester: pytest.Pytester, committed: Path) -> None:
    result = update(pytester, "--runthrough-update", "docs")
    result.stdout.fnmatch_lines(["exported sample: 1 file written, 0 removed"])
    assert (committed.parent / "sample" / "file").read_text() == "right\n"


def test_after_it_the_pages_pass_and_another_changes_nothing(
    pytester: pytest.Pytester, committed: Path
) -> None:
    update(pytester, "--runthrough-update", "docs")
    update(pytester, "docs").assert_outcomes(passed=4)
    before = (committed / "index.rst").stat()
    result = update(pytester, "--runthrough-update", "docs")
    result.stdout.fnmatch_lines(["ran 1 page: *; rewrote 0 lines of 0 files"])
    result.stdout.no_fnmatch_line("*rewritten*")
    assert (committed / "index.rst").stat() == before


def test_without_it_nothing_is_rewritten(pytester: pytest.Pytester, docs: Path) -> None:
    result = update(pytester, "docs")
    result.assert_outcomes(failed=1, skipped=3)
    assert "rewrote" not in result.stdout.str()
    assert (docs / "index.rst").read_text() == PAGE


def test_a_committed_file_is_rewritten(pytester: pytest.Pytester, committed: Path) -> None:
    update(pytester, "--runthrough-update", "docs").assert_outcomes(passed=4)
    assert (committed / "index.rst").read_text() == REWRITTEN


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("modified", "it has uncommitted changes. Commit them"),
        ("staged", "it has uncommitted changes. Commit them"),
        ("untracked", "it has uncommitted changes. Commit them"),
        ("assumed unchanged", "it has uncommitted changes. Commit them"),
        ("passed over", "it has uncommitted changes. Commit them"),
        ("never added", "git doesn't track it. Commit it"),
        ("ignored", "git ignores it, so git has no copy. Commit it with 'git add -f'"),
    ],
)
def test_a_file_that_git_does_not_hold_is_red_and_left_alone(
    pytester: pytest.Pytester, committed: Path, how: str, reason: str
) -> None:
    page = committed / "index.rst"
    if how in ("never added", "ignored"):
        git(committed, "rm", "--cached", "index.rst")
        git(committed, "commit", "-m", "Forget")
    if how == "ignored":
        (committed.parent / ".gitignore").write_text("index.rst\n")
    if how == "assumed unchanged":
        git(committed, "update-index", "--assume-unchanged", "index.rst")
    if how == "passed over":
        git(committed, "update-index", "--skip-worktree", "index.rst")
    page.write_text(PAGE + "\nWritten by hand.\n")
    if how == "staged":
        git(committed, "add", "index.rst")
    if how == "untracked":
        git(committed, "rm", "--cached", "index.rst")
    result = update(pytester, "--runthrough-update", "docs")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        [
            "docs/index.rst:8: the output is not what the page shows",
            f"*It was not rewritten: docs/index.rst: {reason} first, or use "
            "'--runthrough-update-anyway'.*",
        ]
    )
    assert page.read_text() == PAGE + "\nWritten by hand.\n"


def test_it_can_be_told_to_rewrite_them_anyway(pytester: pytest.Pytester, committed: Path) -> None:
    page = committed / "index.rst"
    page.write_text(PAGE + "\nWritten by hand.\n")
    update(pytester, "--runthrough-update-anyway", "docs").assert_outcomes(passed=4)
    assert page.read_text() == REWRITTEN + "\nWritten by hand.\n"


@pytest.mark.parametrize("what", ["page", "folder"])
def test_nothing_is_written_through_a_symbolic_link(
    pytester: pytest.Pytester, committed: Path, what: str
) -> None:
    real = pytester.mkdir("real")
    if what == "page":
        (committed / "index.rst").rename(real / "index.rst")
        (committed / "index.rst").symlink_to("../real/index.rst")
    else:
        (real / "part.rst").write_text(PAGE)
        (committed / "parts").symlink_to("../real")
        (committed / "index.rst").write_text("Pages\n=====\n\n.. toctree::\n\n   parts/part\n")
        (committed / "conf.py").write_text("")
    git(committed, "add", "..")
    git(committed, "commit", "-m", "Link")
    result = update(pytester, "--runthrough-update", "docs")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*is a symbolic link, and an update doesn't write through links*"])
    (file,) = real.iterdir()
    assert file.read_text() == PAGE


def test_a_page_of_another_repository_is_held_by_that_one(
    pytester: pytest.Pytester, committed: Path
) -> None:
    other = pytester.mkdir("other")
    (other / "part.rst").write_text(PAGE)
    git(other, "init")
    (committed / "index.rst").write_text(".. include:: ../other/part.rst\n")
    (committed.parent / ".gitignore").write_text("other\n")
    git(committed, "commit", "-am", "Include")
    update(pytester, "--runthrough-update", "docs").assert_outcomes(passed=2, failed=2)
    assert (other / "part.rst").read_text() == PAGE
    git(other, "add", ".")
    git(other, "commit", "-m", "Begin")
    update(pytester, "--runthrough-update", "docs").assert_outcomes(passed=4)
    assert (other / "part.rst").read_text() == REWRITTEN


def test_changes_elsewhere_do_not_matter(pytester: pytest.Pytester, committed: Path) -> None:
    (committed / "new.txt").write_text("new")
    (committed / "conf.py").write_text(CONF + "# changed\n")
    update(pytester, "--runthrough-update", "docs").assert_outcomes(passed=4)


def test_a_repository_without_git_is_left_alone(
    pytester: pytest.Pytester, committed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = pytester.mkdir("bin")
    for name in ("bash", "python3"):
        found = next(
            Path(folder, name)
            for folder in os.environ["PATH"].split(os.pathsep)
            if Path(folder, name).exists()
        )
        (only / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(only))
    result = update(pytester, "--runthrough-update", "docs")
    result.stdout.fnmatch_lines(["*in a git repository, but git isn't installed*"])
    assert (committed / "index.rst").read_text() == PAGE


def test_only_the_steps_of_the_run_are_rewritten(
    pytester: pytest.Pytester, committed: Path
) -> None:
    result = update(pytester, "--runthrough-update", "docs", "-k", "mkdir")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "rewritten docs/index.rst:14",
            "not rewritten docs/index.rst:8: *; the run wasn't asked for this step",
            "*rewrote 1 line of 1 file",
        ]
    )
    assert (committed / "index.rst").read_text() == PAGE.replace("wrong", "right")


def test_what_two_pages_need_differently_is_said_and_fails_the_run(
    pytester: pytest.Pytester, docs: Path
) -> None:
    (docs / "included.txt").write_text(".. code-block:: console\n\n   $ echo $what\n   c\n")
    for what in "ab":
        (docs / f"{what}.rst").write_text(
            f":orphan:\n\nPage\n====\n\n.. code-block:: console\n\n   $ what={what}\n\n"
            ".. include:: included.txt\n"
        )
    result = update(pytester, "--runthrough-update-anyway", "docs/a.rst", "docs/b.rst")
    result.assert_outcomes(passed=6)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "not rewritten docs/included.txt:4: the output is not what the page shows; the step "
            "at docs/included.txt:3, on b, needs other lines",
            "    -c",
            "    +a",
            "not rewritten docs/included.txt:4: *, on a, needs other lines",
            "    -c",
            "    +b",
        ]
    )
    assert (docs / "included.txt").read_text().endswith("   c\n")


def test_a_run_that_is_interrupted_rewrites_nothing(pytester: pytest.Pytester, docs: Path) -> None:
    (docs / "conftest.py").write_text(
        "def pytest_runtest_teardown(item):\n    if 'mkdir' in item.name: raise KeyboardInterrupt\n"
    )
    result = pytester.runpytest_inprocess(
        "--runthrough", "--runthrough-update", "docs", no_reraise_ctrlc=True
    )
    result.stdout.fnmatch_lines(["*; nothing was rewritten, because the run didn't finish"])
    assert (docs / "index.rst").read_text() == PAGE


@pytest.mark.parametrize("workers", [("-n", "1"), ("-d", "--tx", "popen")])
def test_workers_are_refused(
    pytester: pytest.Pytester, docs: Path, workers: tuple[str, ...]
) -> None:
    result = pytester.runpytest("--runthrough", "--runthrough-update", *workers, "docs")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --runthrough-update needs one process*"])


def test_it_needs_pages_to_be_run(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest("--runthrough-update")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --runthrough-update needs *: add --runthrough"])
