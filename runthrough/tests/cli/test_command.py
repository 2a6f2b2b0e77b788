"""The command `runthrough`: its subcommands, their help, and what it says of bad input."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from runthrough.cli import SUBCOMMANDS, main

pytestmark = pytest.mark.slow


def runthrough(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as `python -m runthrough`, in a folder."""
    command = [sys.executable, "-m", "runthrough", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_it_is_installed_as_a_command() -> None:
    (found,) = entry_points(group="console_scripts", name="runthrough")
    assert found.load() is main


def test_its_help_has_every_subcommand_and_an_example() -> None:
    for arguments in ([], ["--help"]):
        ran = runthrough(*arguments)
        assert ran.returncode == 0, ran.stderr
        listed = ran.stdout.partition("commands:\n")[2].partition("\n\n")[0]
        assert [line.split()[0] for line in listed.splitlines()] == list(SUBCOMMANDS)
        assert "examples:\n  runthrough run " in ran.stdout


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_the_help_of_a_subcommand_shows_an_example(name: str) -> None:
    ran = runthrough(name, "--help")
    assert ran.returncode == 0, ran.stderr
    assert f"example:\n  runthrough {name} " in ran.stdout


def test_help_does_not_wait_for_sphinx_or_pytest() -> None:
    program = "import atexit, sys; atexit.register(lambda: print(*sys.modules)); "
    program += "from runthrough.cli import main; main(['serve', '--help'])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    loaded = set(ran.stdout.splitlines()[-1].split())
    assert "runthrough.cli" in loaded
    assert loaded & {"sphinx", "docutils", "pytest", "pty", "watchfiles", "psycopg"} == set()


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["rnu"], "runthrough: error: there's no command 'rnu': did you mean 'run'?"),
        (["x"], "there's no command 'x': expected run, update, init, list, serve, "),
        (["--no-such"], "unrecognized arguments: --no-such"),
        (
            ["list", "--jsn"],
            "there's no option '--jsn'; 'runthrough list --help' lists the options",
        ),
        (["run", "-k", "wc"], "there's no option '-k'; options of pytest go after '--'; "),
        (["run", "docs", "--update"], "there's no option '--update'; options of pytest go after"),
        (["list", "--", "-x"], "this command takes nothing after '--': remove '-x'"),
        (
            ["list", "nowhere"],
            "there's no file or folder nowhere: give the folder of a site, or its pages",
        ),
        (["serve", "nowhere"], "there's no conf.py in nowhere: give the folder of your site"),
        (["postgres"], "the following arguments are required: --like"),
        (["mutants", "--number", "none"], "argument --number: 'none' isn't a number from 1 up"),
    ],
)
def test_bad_input_is_named_with_the_way_out(
    tmp_path: Path, arguments: list[str], error: str
) -> None:
    ran = runthrough(*arguments, folder=tmp_path)
    assert error in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.returncode == 2
