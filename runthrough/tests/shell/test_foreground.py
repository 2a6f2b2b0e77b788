"""A command runs on while its reader does something elsewhere, until Ctrl-C ends it."""

from __future__ import annotations

from pathlib import Path

from runthrough.shell.foreground import Foreground
from runthrough.shell.shell import Shell
from tests.living import wait_until

COUNTING = "python3 -uc 'import itertools, time\nfor n in itertools.count():\n{}'"
TICKING = COUNTING.format(" print(n); time.sleep(.05)")
UNTIL_GO = "until [ -e go ]; do sleep 0.01; done"
FLOODING = COUNTING.format(" print(n * str(9))")


def started(shell: Shell, command: str, text: bytes) -> Foreground:
    ran, running = shell.start(command, (), 60, lambda printed: text in printed)
    assert (ran.ended, running is None) == ("running", False)
    assert running is not None
    return running


def test_a_command_runs_on_once_its_output_is_there(shell: Shell) -> None:
    running = started(shell, TICKING, b"3\r\n")
    ran = running.look(lambda printed: b"9\r\n" in printed, 60)
    assert (ran.ended, running.is_over) == ("running", False)


def test_ctrl_c_ends_it_and_the_shell_goes_on(shell: Shell) -> None:
    running = started(shell, TICKING, b"3\r\n")
    ran, before = running.interrupt(20)
    assert (ran.ended, ran.status, running.is_over) == ("done", 130, True)
    assert b"3\r\n" in ran.output[:before]
    assert b"^C" in ran.output[before:]
    assert shell.run("echo next").output == b"next\r\n"


def test_what_nobody_reads_does_not_stop_it(shell: Shell) -> None:
    """A terminal holds some kilobytes; whatever is printed beyond waits for a reader."""
    running = started(shell, FLOODING, b"999\r\n")
    attempt = running.attempt
    before = attempt.output.total
    wait_until(lambda: attempt.output.total > before + 5_000_000)
    ran = running.look()
    assert len(ran.output) < 3_000_000  # of a long output, both ends are kept, and so in memory
    assert len(attempt.terminal.pending) < 100_000
    assert ran.ended == "running"


def test_one_that_ends_before_its_output_is_there(shell: Shell) -> None:
    ran, running = shell.start("echo bye; false", (), 60, lambda printed: b"never" in printed)
    assert (ran.ended, ran.status, ran.output, running) == ("done", 1, b"bye\r\n", None)


def test_one_that_never_prints_what_is_waited_for(shell: Shell) -> None:
    ran, running = shell.start("sleep 60", (), 0.3, lambda printed: False)
    assert ran.ended == "timeout"
    assert running is not None


def test_one_that_has_ended_meanwhile(shell: Shell, tmp_path: Path) -> None:
    running = started(shell, f"echo ready; {UNTIL_GO}", b"ready")
    (tmp_path / "go").touch()
    ran = running.look(lambda printed: False, 60)
    assert (ran.ended, running.is_over) == ("done", True)


def test_one_that_ignores_ctrl_c(shell: Shell) -> None:
    running = started(shell, "(trap '' INT; echo ready; sleep 60)", b"ready")
    ran, _ = running.interrupt(0.5)
    assert (ran.ended, running.is_over) == ("timeout", False)


def test_a_shell_that_is_ended_meanwhile(shell: Shell) -> None:
    started(shell, TICKING, b"3\r\n")
    shell.end()
    assert shell.process.others() == []


def test_a_prompt_that_comes_late_is_waited_for(shell: Shell, tmp_path: Path) -> None:
    shell.run("PS1='$(sleep 0.5)$ '")
    running = started(shell, f"echo ready; {UNTIL_GO}; (exit 7)", b"ready")
    (tmp_path / "go").touch()
    while not running.is_over:
        ran = running.look()
    assert (ran.ended, ran.status) == ("done", 7)
    assert shell.run("echo next").output == b"next\r\n"
