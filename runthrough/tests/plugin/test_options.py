"""Installing the package changes nothing for projects that don't use it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from runthrough.plugin.options import OPTIONS, SETTINGS

TAKEN = ("keep", "update", "export", "reuse", "outcomes", "results", "show-steps", "set")
"""Options that a project may well have of its own."""
CONFTEST = f"""\
def pytest_addoption(parser):
    for name in {TAKEN!r}:
        parser.addoption(f"--{{name}}", action="store_true")
    parser.addini("results", "where they go")
"""
TEST = f"""\
import pytest

@pytest.mark.parametrize("name", {TAKEN!r})
def test_it_is_ours(pytestconfig, name):
    assert pytestconfig.getoption(name.replace("-", "_")) is True
"""
HELP_TITLE = "runthrough: run the pages of a Sphinx site as tests:"


def group(helped: str) -> str:
    """The part of pytest's help that is the plugin's."""
    return helped.partition(HELP_TITLE)[2].partition("\n\n")[0]


def test_a_project_may_have_options_with_the_names_that_ours_are_about(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_ordinary=TEST)
    result = pytester.runpytest_subprocess(*(f"--{name}" for name in TAKEN))
    result.assert_outcomes(passed=len(TAKEN))
    assert result.ret == pytest.ExitCode.OK


def test_only_what_runs_pages_loads_sphinx(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_ordinary="import sys\ndef test_it():\n    assert 'sphinx' not in sys.modules\n"
    )
    ran = subprocess.run([sys.executable, "-m", "pytest"], capture_output=True, text=True)
    assert ran.returncode == pytest.ExitCode.OK, ran.stdout


def test_all_options_are_in_one_group_of_the_help(pytester: pytest.Pytester) -> None:
    helped = pytester.runpytest_inprocess("--help").stdout.str()
    listed = re.findall(r"^  (--runthrough[-\w]*)", helped, re.MULTILINE)
    assert listed == [option.name for option in OPTIONS]
    assert listed == re.findall(r"^  (--[-\w]*)", group(helped), re.MULTILINE)


def test_every_name_begins_with_the_plugins() -> None:
    named = [
        *(option.name.removeprefix("--") for option in OPTIONS),
        *(one.name for one in SETTINGS),
    ]
    assert [name for name in named if not name.startswith("runthrough")] == []


def test_settings_are_in_the_help(pytester: pytest.Pytester) -> None:
    helped = pytester.runpytest_inprocess("--help").stdout.str()
    for setting in SETTINGS:
        assert re.search(rf"^  {setting.name} \({setting.type}\)", helped, re.MULTILINE), setting


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--runthrough-update"], "*add --runthrough"),
        (
            ["--runthrough", "--runthrough-reuse", "--runthrough-export"],
            "*Leave --runthrough-reuse*",
        ),
        (
            ["--runthrough", "--runthrough-reuse", "--runthrough-set", "A=b"],
            "*Leave one of these options out*",
        ),
        *(
            (["--runthrough", "--runthrough-cache", "c", other], f"{other} needs all pages*")
            for other in (
                *("--runthrough-update", "--runthrough-export", "--runthrough-reuse"),
                "--runthrough-keep",
            )
        ),
        (["--runthrough", "--runthrough-cache-refresh"], "*add --runthrough-cache DIR"),
        (["--runthrough", "--runthrough-cache-days", "1"], "*add --runthrough-cache DIR"),
        (
            ["--runthrough", "--runthrough-cache", "c", "--runthrough-cache-days", "0"],
            "--runthrough-cache-days '0': expected a number of days*",
        ),
        (
            ["--runthrough", "--runthrough-cache", "c", "--runthrough-cache-days", "nan"],
            "--runthrough-cache-days 'nan': expected a number of days*",
        ),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_options_that_cannot_be_combined_are_refused(
    pytester: pytest.Pytester, options: list[str], said: str
) -> None:
    result = pytester.runpytest_inprocess(*options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {said}"])
