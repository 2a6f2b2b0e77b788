"""Which pages a command collects, and what it says where there is nothing to run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runthrough.model.site import Site

Run = Callable[..., pytest.RunResult]
WRONG = "Page\n====\n\n.. code-block:: console\n\n   $ echo hi\n   ho\n"
RIGHT = WRONG.replace("ho\n", "hi\n")
PROSE = "Page\n====\n\nOnly text.\n"
SKIPPED_BLOCK = "Page\n====\n\n.. code-block:: console\n   :skip: it needs root\n\n   $ reboot\n"
UNCHECKED = "Page\n====\n\n.. code-block:: bash\n\n   ecoh one\n"
TEST = "def test_ok(): pass\n"


@pytest.fixture
def root(pytester: pytest.Pytester, samples: Site) -> Path:
    """An empty folder; the samples are read before, since pytester forgets what it imports."""
    return pytester.path


@pytest.fixture
def run(pytester: pytest.Pytester, root: Path) -> Run:
    def run(*arguments: str | Path) -> pytest.RunResult:
        return pytester.runpytest_inprocess("--runthrough", "-p", "no:cacheprovider", *arguments)

    return run


def write(folder: Path, conf: str = "", **pages: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "conf.py").write_text(conf)
    for name, text in pages.items():
        (folder / f"{name}.rst").write_text(text)
    return folder


def said(result: pytest.RunResult) -> str:
    """The one line that says why there is nothing to run."""
    (line,) = [line for line in result.outlines if "nothing was run" in line]
    return line


@pytest.mark.parametrize(
    "arguments",
    [
        ["docs", "test_ok.py"],
        ["docs/index.rst"],
        ["docs/../docs"],
        ["docs", "real"],
        ["-n", "2", "docs", "test_ok.py"],
    ],
    ids=" ".join,
)
def test_a_folder_behind_a_link_is_followed_by_its_name(
    root: Path, run: Run, arguments: list[str]
) -> None:
    write(root / "real", index=WRONG)
    (root / "docs").symlink_to("real")
    (root / "test_ok.py").write_text(TEST)
    result = run(*arguments)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["docs/index.rst:7: the output is not what the page shows"])
    result.assert_outcomes(failed=1, passed=2 if "test_ok.py" in arguments else 1)


@pytest.mark.parametrize(
    ("link", "target", "argument", "place"),
    [
        ("above", ".", "above/docs", "above/docs/index.rst:7"),
        ("page.rst", "docs/index.rst", "page.rst", "docs/index.rst:7"),
        ("docs/other.rst", "../parts/other.rst", "docs/other.rst", "docs/other.rst:7"),
        ("docs/sub", "../parts", "docs/sub/other.rst", "docs/sub/other.rst:7"),
        ("guide", "docs/guide", "guide", "docs/guide/first.rst:7"),
    ],
    ids=["a folder above", "from outside", "a page", "a folder of pages", "into a site"],
)
def test_a_link_on_the_way_to_a_page_is_followed(
    root: Path, run: Run, link: str, target: str, argument: str, place: str
) -> None:
    write(root / "docs", index=WRONG)
    for folder, name in (("parts", "other"), ("docs/guide", "first")):
        (root / folder).mkdir()
        (root / folder / f"{name}.rst").write_text(WRONG)
    (root / link).symlink_to(target)
    result = run(argument)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"{place}: the output is not what the page shows"])


def test_a_conf_py_may_be_a_link(root: Path, run: Run) -> None:
    write(root / "docs", index=WRONG)
    (root / "docs" / "conf.py").rename(root / "shared.py")
    (root / "docs" / "conf.py").symlink_to("../shared.py")
    run("docs").stdout.fnmatch_lines(["docs/index.rst:7: *"])


def test_two_sites_with_equal_names_are_two(root: Path, run: Run) -> None:
    for language in ("de", "en"):
        write(root / language, index=RIGHT)
    run(".").stdout.fnmatch_lines(["ran 2 pages: 4 steps, 2 commands, *"])


def test_doctests_of_a_page_are_run_where_they_are_asked_for(root: Path, run: Run) -> None:
    page = RIGHT + "\n.. code-block:: pycon\n\n   >>> nothere\n   1\n"
    write(root, "runthrough_unclassified = 'count'", index=page)
    for argument in ("index.rst", "."):
        run(argument).assert_outcomes(passed=2, skipped=1)
    run("--doctest-glob=*.rst", ".").assert_outcomes(passed=2, skipped=1, failed=1)


def test_the_conf_py_of_a_package_is_not_sphinx_s(root: Path, run: Run) -> None:
    write(root / "docs", index=RIGHT)
    write(root / "shop", "raise AssertionError('executed')")
    (root / "shop" / "tests").mkdir()
    (root / "shop" / "tests" / "test_ok.py").write_text(TEST)
    run(".").assert_outcomes(passed=3)


def test_the_conf_py_of_a_package_with_an_index_is_not_sphinx_s(root: Path, run: Run) -> None:
    write(root / "docs", index=RIGHT)
    write(root / "shop", "raise AssertionError('executed')", index=PROSE)
    (root / "shop" / "__init__.py").touch()
    run(".").assert_outcomes(passed=2)


@pytest.mark.parametrize("arguments", [["docs/ext"], ["docs/test_ok.py"], ["-n2", "docs/ext"]])
def test_no_conf_py_is_executed_where_no_page_is_asked_for(
    pytester: pytest.Pytester, root: Path, arguments: list[str]
) -> None:
    write(root / "docs", "raise AssertionError('executed')", index=RIGHT)
    (root / "docs" / "ext").mkdir()
    for folder in ("docs", "docs/ext"):
        (root / folder / f"test_{'ok' if folder == 'docs' else 'ext'}.py").write_text(TEST)
    pytester.makeini("[pytest]\nrunthrough = true\n")
    pytester.runpytest_inprocess(*arguments).assert_outcomes(passed=1)


def test_a_first_page_of_another_name_is_found(root: Path, run: Run) -> None:
    write(root, "import sys\nroot_doc = 'README'\n", README=RIGHT)
    run("README.rst").assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("tea.txt", "it isn't a page of a Sphinx project: no folder above it has a conf.py"),
        ("empty", "there's no Sphinx project in it"),
        ("package", "its conf.py doesn't look like that of a Sphinx project"),
        ("docs/draft.rst", "Sphinx leaves it out: exclude_patterns in docs/conf.py has 'dra*'"),
        ("docs/_build", "Sphinx leaves it out: exclude_patterns in docs/conf.py has '_build'"),
        ("docs/_build/a.txt", "exclude_patterns in docs/conf.py has '_build'"),
        ("docs/part.inc", "it isn't a page: pages of docs end with .rst (source_suffix)"),
        ("docs/prose.rst", "this page asks nothing of its reader"),
        ("docs/static", "it contains no page of docs"),
        ("prose", "none of its 1 page asks anything of its reader"),
        ("site", "none of the 1 page below it asks anything of its reader"),
    ],
)
def test_an_argument_without_anything_to_run_says_why(
    root: Path, run: Run, argument: str, reason: str
) -> None:
    pages = {"index": RIGHT, "draft": RIGHT, "prose": PROSE}
    docs = write(root / "docs", "exclude_patterns = ['_build', 'dra*']", **pages)
    for folder in ("_build", "static", "../empty"):
        (docs / folder).mkdir()
    for file in ("_build/a.txt", "part.inc", "static/a.css", "../tea.txt"):
        (docs / file).write_text(RIGHT)
    write(root / "package", "X = 1")
    write(root / "prose", index=PROSE)
    write(root / "site" / "docs", index=PROSE)
    (root / "test_ok.py").write_text(TEST)
    alone = run(argument)
    assert alone.ret in (pytest.ExitCode.NO_TESTS_COLLECTED, pytest.ExitCode.USAGE_ERROR)
    assert said(alone).startswith(f"{argument}: nothing was run, because ")
    assert reason in said(alone)
    beside_others = run("docs/index.rst", argument, "test_ok.py")
    assert beside_others.ret in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.USAGE_ERROR)
    assert said(beside_others) == said(alone)


def test_workers_say_it_once(root: Path, run: Run) -> None:
    write(root / "docs", index=RIGHT, prose=PROSE)
    result = run("-n", "2", "docs/index.rst", "docs/prose.rst")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "docs/prose.rst: nothing was run, because this page asks nothing" in said(result)


def test_a_run_of_tests_alone_has_run_no_page(root: Path, run: Run) -> None:
    (root / "test_ok.py").write_text(TEST)
    result = run(".")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "there's no Sphinx project in it" in said(result)


def test_a_project_that_sets_it_for_each_run_may_run_tests_alone(
    pytester: pytest.Pytester, root: Path
) -> None:
    pytester.makeini("[pytest]\nrunthrough = true\n")
    (root / "tests").mkdir()
    (root / "tests" / "test_ok.py").write_text(TEST)
    (root / "data").mkdir()
    result = pytester.runpytest_inprocess("tests", "data")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.no_fnmatch_line("*nothing was run*")


@pytest.mark.parametrize("workers", [[], ["-n2"]])
def test_a_run_that_does_nothing_is_red(root: Path, run: Run, workers: list[str]) -> None:
    write(root, "runthrough_unclassified = 'count'", index=UNCHECKED, other=SKIPPED_BLOCK)
    result = run(*workers, ".")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "no command, file or edit was tried" in said(result)
    assert "1 block skipped, 1 block unchecked" in said(result)
    assert run(*workers, "-o", "runthrough_allow_empty=true", ".").ret == pytest.ExitCode.OK


@pytest.mark.parametrize("workers", [[], ["-n2"]])
def test_a_run_whose_blocks_are_all_skipped_says_so(
    root: Path, run: Run, workers: list[str]
) -> None:
    write(root, index=SKIPPED_BLOCK)
    result = run(*workers, ".")
    assert result.ret == pytest.ExitCode.OK
    assert "nothing was run: this run has 1 block, skipped" in said(result)


def test_steps_that_are_only_selected_away_are_no_problem(root: Path, run: Run) -> None:
    write(root, index=RIGHT)
    (root / "test_ok.py").write_text(TEST)
    result = run("-k", "test_ok", ".")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.no_fnmatch_line("*nothing was run*")


@pytest.mark.parametrize("at", [".pytest_cache", ".pytest_cache/d/runthrough"])
def test_a_cache_that_cannot_be_written_is_done_without(
    pytester: pytest.Pytester, root: Path, at: str
) -> None:
    write(root / "docs", index=RIGHT)
    (root / at).parent.mkdir(parents=True, exist_ok=True)
    (root / at).write_text("a file in the place of a folder")
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.assert_outcomes(passed=2)


NASTY = (
    "echo a.b.c",
    "echo x::y ::: z",
    "echo x:y ::: z",
    "test -n '[ = [' || [ -e . ]",
    "echo 'it''s' \"q\" `true` \\\\ $HOME",
    "echo [a]::[b.c]",
    "echo \u202e\u2066 \x07\x1b[31m",
    "echo Grüße 日本 🎉",
)


@pytest.mark.parametrize("option", ["-v", "-vv"])
def test_each_id_that_is_printed_can_be_given_back(root: Path, run: Run, option: str) -> None:
    blocks = "".join(f".. code-block:: console\n\n   $ {one} >/dev/null\n\n" for one in NASTY)
    write(root / "docs", index=f"Page\n====\n\n{blocks}")
    lines = run(option, "docs").outlines
    ids = [line.rpartition(" PASSED")[0] for line in lines if " PASSED" in line]
    assert len(ids) == len(set(ids)) == len(NASTY) + 1
    for one in ids:
        assert one.isprintable()
        run(one).assert_outcomes(passed=1)


def test_a_command_cannot_reach_the_terminal(root: Path, run: Run) -> None:
    evil = "echo \x1b]0;pwned\x07\x1b[31mred\u202e; false"
    write(root / "docs", index=f"Page\n====\n\n.. code-block:: console\n\n   $ {evil}\n")
    for options in (
        [],
        ["-v"],
        ["--runthrough-show-steps"],
        ["--collect-only"],
        ["-n2", "-v"],
        ["-rA"],
    ):
        text = "\n".join(run(*options, "--junitxml=report.xml", "docs").outlines)
        text += (root / "report.xml").read_text()
        assert "pwned" in text
        assert not {char for char in text if not char.isprintable()} - {"\n", "\t"}
