"""A file that's part of no Sphinx project, such as a README, is a page by itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from runthrough.model.site import Site

Run = Callable[..., pytest.RunResult]
README = """\
Tea
===

.. code-block:: console

   $ echo green
   green
"""
MARKDOWN = """\
# Tea

```console
$ echo green
green
```
"""


@pytest.fixture
def root(pytester: pytest.Pytester, samples: Site) -> Path:
    """A folder with a README; the samples are read before, since pytester forgets imports."""
    (pytester.path / "README.rst").write_text(README)
    return pytester.path


@pytest.fixture
def run(pytester: pytest.Pytester, root: Path) -> Run:
    def run(*arguments: str | Path) -> pytest.RunResult:
        return pytester.runpytest_inprocess("--runthrough", "-p", "no:cacheprovider", *arguments)

    return run


def configure(root: Path, *lines: str) -> None:
    (root / "pyproject.toml").write_text("\n".join(["[tool.runthrough]", *lines, ""]))


@pytest.mark.parametrize("arguments", [(), ("-n1",)])
def test_a_readme_is_run(run: Run, arguments: tuple[str, ...]) -> None:
    result = run("README.rst", *arguments)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["ran 1 page: 2 steps, 1 command*"])


def test_a_failure_is_at_its_line(root: Path, run: Run) -> None:
    (root / "README.rst").write_text(README.replace("   green\n", "   black\n"))
    run("README.rst").stdout.fnmatch_lines(["README.rst:7: the output is not what the page shows"])


def test_a_step_can_be_named(run: Run) -> None:
    run("README.rst::$ echo green").assert_outcomes(passed=1)


def test_a_readme_in_markdown_is_run(root: Path, run: Run) -> None:
    (root / "README.md").write_text(MARKDOWN)
    run("README.md").assert_outcomes(passed=2)
    (root / "README.md").write_text(MARKDOWN.replace("\ngreen", "\nblack"))
    run("README.md").stdout.fnmatch_lines(["README.md:5: the output is not what the page shows"])


def test_markdown_needs_a_parser(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "README.md").write_text(MARKDOWN)
    monkeypatch.setitem(sys.modules, "myst_parser", None)
    said = run("README.md").stdout.str()
    assert "README.md is Markdown, and myst-parser, which reads it, isn't installed" in said
    assert "pip install myst-parser" in said


def test_an_include_is_found_from_the_file_and_has_places_of_its_own(root: Path, run: Run) -> None:
    parts = root / "shop" / "parts"
    parts.mkdir(parents=True)
    (parts / "tea.inc").write_text(README.replace("   green\n", "   black\n"))
    (root / "shop" / "README.rst").write_text(".. include:: parts/tea.inc\n")
    run("shop/README.rst").stdout.fnmatch_lines(
        ["shop/parts/tea.inc:7: the output is not what the page shows"]
    )


def test_links_and_pictures_of_the_repository_do_not_matter(root: Path, run: Run) -> None:
    links = "\nSee `more <docs/more.rst>`_ and `the licence <LICENSE>`_.\n\n.. image:: logo.svg\n"
    (root / "README.rst").write_text(README + links)
    run("README.rst").assert_outcomes(passed=2)


def test_no_other_file_and_no_conf_py_is_read(root: Path, run: Run) -> None:
    (root / "broken.rst").write_text("Tea\n===\n\n.. code-block:: console\n\n   $ false\n")
    (root / "below").mkdir()
    (root / "below" / "README.rst").write_text(README)
    (root / "tools").mkdir()
    (root / "tools" / "conf.py").write_text("raise AssertionError('executed')")
    run("README.rst").assert_outcomes(passed=2)


def test_two_files_are_two_pages(root: Path, run: Run) -> None:
    (root / "shop").mkdir()
    (root / "shop" / "README.rst").write_text(README)
    configure(root)
    result = run("README.rst", "shop/README.rst")
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["ran 2 pages: 4 steps*"])


def test_a_page_of_a_site_stays_one(root: Path, run: Run) -> None:
    (root / "docs").mkdir()
    (root / "docs" / "conf.py").write_text("runthrough_variables = {'KIND': 'green'}")
    (root / "docs" / "index.rst").write_text(README.replace("$ echo green", "$ echo $KIND"))
    result = run("README.rst", "docs/index.rst")
    result.assert_outcomes(passed=4)


def test_a_file_is_read_by_itself_only_where_it_is_named(root: Path, run: Run) -> None:
    result = run(".")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.fnmatch_lines(["*there's no Sphinx project in it*"])


def test_a_file_that_asks_nothing_says_so(root: Path, run: Run) -> None:
    (root / "README.rst").write_text("Tea\n===\n\nOnly text.\n")
    run("README.rst").stdout.fnmatch_lines(
        ["README.rst: nothing was run, because this page asks nothing of its reader*"]
    )


def test_settings_come_from_pyproject_toml_beside_it_or_above(root: Path, run: Run) -> None:
    configure(root, "path = ['bin']", "patterns = { number = '[0-9]+' }", "timeout = 20")
    (root / "bin").mkdir()
    (root / "bin" / "brew").write_text("#!/bin/sh\necho $$ cups\n")
    (root / "bin" / "brew").chmod(0o755)
    (root / "shop").mkdir()
    (root / "shop" / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    page = README.replace("$ echo green\n   green", "$ brew\n   7 cups")
    for file in (root / "README.rst", root / "shop" / "README.rst"):
        file.write_text(page)
        run(file.relative_to(root)).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["columns = 'wide'"],
            "pyproject.toml: tool.runthrough.columns is 'wide'; expected a number above 20. Fix it "
            "in pyproject.toml.",
        ),
        (["timeout = false"], "tool.runthrough.timeout is False; expected a number above 0"),
        (
            ["time_out = 3"],
            "pyproject.toml: there's no setting tool.runthrough.time_out; did you mean "
            "tool.runthrough.timeout? Fix the name, or remove it.",
        ),
        (["must_have_steps = ['tea*']"], "tool.runthrough.must_have_steps is 'tea*'"),
    ],
)
def test_a_wrong_setting_is_named(root: Path, run: Run, lines: list[str], expected: str) -> None:
    configure(root, *lines)
    result = run("README.rst")
    assert result.ret != 0
    said = result.stdout.str()
    assert expected in said
    assert "conf.py" not in said


def test_the_table_must_be_one(root: Path, run: Run) -> None:
    (root / "pyproject.toml").write_text("[tool]\nrunthrough = 3\n")
    assert "tool.runthrough is 3; expected a table of settings" in run("README.rst").stdout.str()


def test_a_pyproject_toml_that_cannot_be_read_is_named(root: Path, run: Run) -> None:
    (root / "pytest.ini").write_text("[pytest]\n")  # pytest looks no further
    (root / "pyproject.toml").write_text("[tool\n")
    result = run("-c", "pytest.ini", "README.rst")
    assert "pyproject.toml can't be read: " in result.stdout.str()


def test_its_blocks_mean_what_they_commonly_do(root: Path, run: Run) -> None:
    (root / "README.rst").write_text("Tea\n===\n\n.. code-block:: bash\n\n   echo green\n")
    run("README.rst").stdout.fnmatch_lines(["ran 1 page: 2 steps, 1 command,*"])


def test_a_side_file_says_what_it_starts_with(root: Path, run: Run) -> None:
    configure(root)
    (root / "tea.txt").write_text("green\n")
    (root / "CONTRIBUTING.rst").write_text(README)
    (root / "README.rst").write_text(README.replace("echo green", "cat tea.txt"))
    entries = '[README]\nstarts-with = ["tea.txt"]\n\n[CONTRIBUTING]\ntimeout = 20\n'
    (root / "runthrough.toml").write_text(entries)
    run("README.rst").assert_outcomes(passed=2)
    (root / "runthrough.toml").write_text(f"{entries}\n[REDME]\ntimeout = 20\n")
    run("README.rst").stdout.fnmatch_lines(["runthrough.toml:7: *isn't a page of this site*"])


def test_what_is_no_step_is_counted_unless_a_setting_says_otherwise(root: Path, run: Run) -> None:
    (root / "README.rst").write_text(f"{README}\n.. code-block:: python\n\n   import tea\n")
    result = run("README.rst")
    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.fnmatch_lines(["*1 unchecked*"])
    configure(root, "dialects = {'*' = 'strict'}")
    run("README.rst").stdout.fnmatch_lines(["*can't tell what this 'python' block asks*"])


def test_an_update_rewrites_it(root: Path, run: Run) -> None:
    file = root / "README.rst"
    file.write_text(README.replace("   green\n", "   black\n"))
    subprocess.run("git init -q && git add .", shell=True, cwd=root, check=True)
    identity = ["-c", "user.name=a", "-c", "user.email=a@invalid"]
    subprocess.run(["git", *identity, "commit", "-qm", "tea"], cwd=root, check=True)
    assert run("--runthrough-update", "README.rst").ret == 0
    assert file.read_text() == README


def test_the_command_runs_and_lists_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from runthrough.cli import main

    monkeypatch.chdir(root)
    assert main(["list", "README.rst"]) == 0
    assert "README.rst:6: $ echo green" in capsys.readouterr().out
    done = subprocess.run(
        [sys.executable, "-m", "runthrough", "run", "README.rst"], capture_output=True, text=True
    )
    assert "2 passed" in done.stdout
