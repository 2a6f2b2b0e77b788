"""Commands that do not end, that end too much, or that leave something behind."""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from runthrough.model.settings import Settings
from runthrough.model.site import Site
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner
from runthrough.shell.terminal import Capture, Terminal
from tests.living import wait_until

if TYPE_CHECKING:
    from tests.conftest import RanPage

RunPage = Callable[[str], "RanPage"]


def test_a_command_that_hangs(run_page: RunPage) -> None:
    ran = run_page("hangs")
    assert ran.failure.place == ran.at("$ bash -c")
    assert "hasn't ended after 0.5 s" in ran.failure.what
    assert "':timeout: seconds'" in ran.failure.advice


def test_a_command_that_hangs_is_ended_with_all_that_it_started(runner: Runner) -> None:
    runner.result(runner.site.page("hangs"), 0)
    (run_page,) = runner.live.values()
    everybody = run_page.context.shell.everybody
    wait_until(lambda: [one.command for one in everybody()].count("sleep 1234") == 2)
    alive = everybody()
    runner.end()
    assert not any(psutil.pid_exists(one.pid) for one in alive)


@pytest.mark.parametrize(
    ("last", "is_prompt"),
    [("(tea) ada@shop:~$ ", True), ("shop# ", True), ("50%", False), ("#### ", False)],
)
def test_a_command_that_hangs_at_a_prompt_may_have_started_a_shell(
    pytester: pytest.Pytester, last: str, is_prompt: bool
) -> None:
    pytester.makepyfile(conf="extensions = ['runthrough']\nrunthrough_timeout = 0.5\n")
    page = f"Tea\n===\n\n.. code-block:: console\n\n   $ printf %s '{last}'; sleep 60\n"
    (pytester.path / "index.rst").write_text(page)
    result = pytester.runpytest_inprocess("--runthrough", "index.rst")
    result.stdout.fnmatch_lines("*the command hasn't ended after 0.5 s*")
    assert ("If it has started a shell" in result.stdout.str()) == is_prompt


def test_a_command_that_hangs_where_the_page_sets_no_limit(samples: Site) -> None:
    assert Settings.read({}, Path()).timeout == 60
    site = dataclasses.replace(samples, settings=dataclasses.replace(samples.settings, timeout=0.2))
    runner = Runner(site, Options(show=lambda said: None))
    result = runner.result(site.page("hangs-without-limit"), 0)
    runner.end()
    assert result.failure is not None
    assert "hasn't ended after 0.2 s" in result.failure.what


def test_a_command_that_prints_for_ever(run_page: RunPage) -> None:
    ran = run_page("hangs-and-prints")
    assert ran.failure.place == ran.at("$ yes")
    assert "hasn't ended after 0.5 s" in ran.failure.what
    assert any("left out" in line for line in ran.failure.printed)


def test_a_terminal_that_is_never_silent_keeps_to_its_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal(80)
    endless = iter([b"y\n"] * 100_000)
    with monkeypatch.context() as patched:
        patched.setattr("runthrough.shell.terminal.select.select", lambda *streams: ([1], [], []))
        patched.setattr("runthrough.shell.terminal.os.read", lambda *stream: next(endless))
        assert terminal.marker(time.monotonic() + 0.02, Capture()) is None
    assert next(endless) == b"y\n"
    terminal.hand_over()
    terminal.close()
    terminal.close()  # does nothing


@pytest.mark.parametrize(
    ("page", "command", "reader"),
    [
        ("waits-for-input", "$ cat", "'cat'"),
        ("asks-a-question", "$ read", "'bash'"),
        ("asks-for-password", "$ python3", "getpass"),
        ("opens-python", "$ python3", "import readline"),
    ],
)
def test_a_command_that_waits_for_input(
    run_page: RunPage, page: str, command: str, reader: str
) -> None:
    ran = run_page(page)
    assert ran.failure.place == ran.at(command)
    assert "waits for input that the page doesn't give" in ran.failure.what
    assert reader in ran.failure.what
    assert "':input:'" in ran.failure.advice


@pytest.mark.parametrize(
    ("page", "command", "status"),
    [
        ("exit-with-0", "$ exit 0", 0),
        ("exit-with-3", "exit 3", 3),
        ("exit-with-job", "$ exit 0", 0),
        ("exec-ends-shell", "$ exec true", 0),
    ],
)
def test_a_command_that_ends_the_shell(
    run_page: RunPage, page: str, command: str, status: int
) -> None:
    ran = run_page(page)
    assert ran.failure.place == ran.at(command)
    assert f"ended the shell (status {status})" in ran.failure.what
    assert "in a shell of its own" in ran.failure.advice
    assert "set -e" not in ran.report


def test_set_e_that_leaks_into_a_documented_failure(run_page: RunPage) -> None:
    ran = run_page("set-e-leaks")
    assert ran.failure.place == ran.at("$ grep colour")
    assert "ended the shell (status 1)" in ran.failure.what
    assert "'set -e' is on" in ran.failure.what
    assert "'set +e'" in ran.failure.advice


@pytest.mark.parametrize(
    ("page", "command"), [("left-running", "$ (sleep 1234 &)"), ("daemon-left", "$ (setsid")]
)
def test_a_process_that_is_left_running(
    run_page: RunPage, monkeypatch: pytest.MonkeyPatch, page: str, command: str
) -> None:
    monkeypatch.setattr("runthrough.running.checks.STOPPING", 0.1)
    ran = run_page(page)
    assert ran.verdicts == ["passed", "failed"]
    assert ran.failure.place == ran.at(command)
    said = re.search(r"alive at the end of the run: process (\d+), sleep 1234$", ran.failure.what)
    assert said is not None
    assert not psutil.pid_exists(int(said[1])), "it is ended all the same"
    assert "stop what it started" in ran.failure.advice
