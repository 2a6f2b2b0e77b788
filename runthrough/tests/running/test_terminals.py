"""What keeps running in a terminal: each way in which a page can be wrong about it."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import pytest

from runthrough.model.results import Result
from tests.conftest import RanPage
from tests.living import living, wait_until

pytestmark = pytest.mark.slow

TICK = """\
.. code-block:: python
   :caption: tick.py
   :create:

   import itertools, os, sys, time

   open("pid", "w").write(str(os.getpid()))
   print("Ready", flush=True)
   for number in itertools.count():
       print("tick", number, flush=True)
       time.sleep(0.02)
       if number == int(sys.argv[1]):
           raise SystemExit(4)

"""
STARTED = f"""\
{TICK}
.. code-block:: console
   :until: tick 0
   :terminal: ticker

   $ python3 tick.py 9999
   Ready
   tick 0

"""
STOPPED = """\
.. code-block:: text
   :interrupt:
   :terminal: ticker

   ^C
"""
GONE = """\
.. code-block:: console

   $ while kill -0 $(cat pid) 2> /dev/null; do sleep 0.1; done; sleep 0.5

"""
TYPED = """\
.. code-block:: console
   :terminal: ticker

   $ echo more
   more

"""
RunText = Callable[[str], RanPage]


@pytest.fixture
def run_text(run_text: Callable[..., RanPage]) -> RunText:
    """Run a page that is given as text."""
    return partial(run_text, conf="runthrough_timeout = 60\n")


def failed(results: tuple[Result, ...]) -> list[str]:
    return [result.failure.what for result in results if result.failure]


def test_a_server_that_nobody_stops(run_text: RunText) -> None:
    ran = run_text(STARTED)
    assert ran.failure.place == ran.at("$ python3 tick.py")
    assert ran.failure.what == (
        "nothing stops 'python3 tick.py 9999': it still runs in the terminal 'ticker' at the end "
        "of the page"
    )
    assert "':interrupt:' and ':terminal: ticker'" in ran.failure.advice


def test_one_that_nobody_stops_in_the_first_terminal(run_text: RunText) -> None:
    ran = run_text(STARTED.replace("   :terminal: ticker\n", ""))
    assert "it still runs in the first terminal at the end" in ran.failure.what


def test_a_text_that_never_comes(run_text: RunText) -> None:
    ran = run_text(STARTED.replace(":until: tick 0", ":until: tock\n   :timeout: 3"))
    assert ran.failure.place == ran.at("$ python3 tick.py")
    assert ran.failure.what == ("'tock' hasn't been printed after 3 s, but the command still runs")
    assert ran.failure.printed[:2] == ("Ready", "tick 0")


def test_a_command_that_ends_before_its_text_comes(run_text: RunText) -> None:
    ran = run_text(STARTED.replace("tick 0", "tock").replace("9999", "1"))
    assert ran.failure.place == ran.at("$ python3 tick.py")
    assert ran.failure.what == (
        "the command doesn't keep running: it ended with status 4, before it printed 'tock'"
    )
    assert ran.failure.printed == ("Ready", "tick 0", "tick 1")


def test_a_command_that_ends_right_after_its_text(run_text: RunText) -> None:
    ran = run_text(".. code-block:: console\n   :until: Ready\n\n   $ echo Ready\n   Ready\n")
    assert ran.failure.place == ran.at("$ echo")
    assert "it ended with status 0, after it printed 'Ready'" in ran.failure.what


def test_less_than_is_printed_before_the_text(run_text: RunText) -> None:
    ran = run_text(STARTED.replace("   Ready\n", "") + STOPPED)
    assert ran.failure.place == ran.at("   tick 0")
    assert "+Ready" in ran.failure.difference


def test_the_line_with_the_text_has_to_be_shown(run_text: RunText) -> None:
    ran = run_text(STARTED.replace("   Ready\n   tick 0\n", "") + STOPPED)
    assert ran.failure.place == ran.at("$ python3 tick.py")
    assert "the page shows no output" in ran.failure.what


def test_more_than_is_printed_after_the_text(run_text: RunText) -> None:
    ran = run_text(STARTED.replace("   tick 0\n", "   tick 0\n   tock\n") + STOPPED)
    assert ran.failure.place == ran.at("   tock")


def test_nothing_runs_that_could_be_interrupted(run_text: RunText) -> None:
    ran = run_text(STOPPED)
    assert ran.failure.place == ran.at("^C")
    assert ran.failure.what == "nothing runs in the terminal 'ticker'"
    assert "':until: text'" in ran.failure.advice


def test_what_is_interrupted_has_ended_by_itself(run_text: RunText) -> None:
    ran = run_text(STARTED.replace("9999", "3") + GONE + STOPPED)
    assert ran.failure.place == ran.at("^C")
    assert ran.failure.what == (
        "'python3 tick.py 3' (line 23) no longer runs: it ended by itself, with status 4"
    )
    assert ran.failure.printed[-1] == "tick 3"


@pytest.mark.parametrize(
    ("after", "place"), [("", "$ python3 tick.py"), (TYPED, "$ echo more")], ids=["end", "typed"]
)
def test_what_fails_while_nobody_looks_at_it_is_red(
    run_text: RunText, after: str, place: str
) -> None:
    ran = run_text(STARTED.replace("9999", "3") + GONE + after)
    assert ran.failure.place == ran.at(place)
    assert ran.failure.what == (
        "'python3 tick.py 3' (line 23) no longer runs: it ended by itself, with status 4"
    )
    assert ran.failure.printed[-1] == "tick 3"


@pytest.mark.parametrize("after", ["", TYPED], ids=["end", "typed"])
@pytest.mark.parametrize(
    ("change", "stop"),
    [
        (("SystemExit(4)", "SystemExit"), ""),
        (("$ python3 tick.py 3", "$ timeout 1 python3 tick.py 9999"), ""),
        (("tick.py 3", "tick.py 9999"), "kill $(cat pid); "),
        (("tick.py 3", "tick.py 9999"), "kill -9 $(cat pid); "),
    ],
    ids=["done", "timeout", "TERM", "KILL"],
)
def test_what_is_done_or_stopped_by_the_reader_has_not_failed(
    run_text: RunText, change: tuple[str, str], stop: str, after: str
) -> None:
    started = STARTED.replace("9999", "3").replace(*change)
    ran = run_text(started + GONE.replace("$ while", f"$ {stop}while") + after)
    assert failed(ran.results) == []


def test_a_command_where_another_one_runs(run_text: RunText) -> None:
    ran = run_text(STARTED + TYPED + STOPPED)
    assert ran.failure.place == ran.at("$ echo more")
    assert "'python3 tick.py 9999' (line 23) still runs in this terminal" in ran.failure.what
    assert "':terminal: name'" in ran.failure.advice


def test_further_output_that_never_comes(run_text: RunText) -> None:
    shown = ".. code-block:: text\n   :output:\n   :terminal: ticker\n\n   tick 1\n   tock\n\n"
    ran = run_text(STARTED + shown + STOPPED)
    assert ran.failure.place == ran.at("   tock")


def test_an_output_of_a_terminal_in_which_nothing_runs(run_text: RunText) -> None:
    ran = run_text(".. code-block:: text\n   :output:\n   :terminal: ticker\n\n   tick 1\n")
    assert ran.failure.place == ran.at("code-block")
    assert "nothing is running in the terminal 'ticker' here" in ran.failure.what


def test_what_is_printed_at_the_end_is_compared_where_it_is_shown(run_text: RunText) -> None:
    ending = "   ...\n   KeyboardInterrupt\n"
    assert failed(run_text(STARTED + STOPPED + ending).results) == []
    ran = run_text(STARTED + STOPPED + ending.replace("KeyboardInterrupt", "Goodbye"))
    assert ran.failure.place == ran.at("Goodbye")


def test_what_was_printed_before_ctrl_c_is_compared_where_it_is_shown(run_text: RunText) -> None:
    assert failed(run_text(STARTED + STOPPED.replace("   ^C", "   tick 1\n   ^C")).results) == []
    ran = run_text(STARTED + STOPPED.replace("   ^C", "   tick 2\n   ^C"))
    assert ran.failure.place == ran.at("   tick 2")


def test_what_ignores_ctrl_c(run_text: RunText) -> None:
    ignoring = STARTED.replace("$ python3 tick.py 9999", "$ (trap '' INT; python3 tick.py 9999)")
    ran = run_text(ignoring + STOPPED.replace("\n\n", "\n   :timeout: 0.5\n\n", 1))
    assert ran.failure.place == ran.at("^C")
    assert "still runs 0.5 s after Ctrl-C" in ran.failure.what


def test_what_an_idle_terminal_leaves_running(run_text: RunText) -> None:
    typed = ".. code-block:: console\n   :terminal: other\n\n   $ (sleep 1234 &)\n"
    ran = run_text(typed)
    assert ran.failure.place == ran.at("$ (sleep")
    assert "still alive at the end of the run" in ran.failure.what


def test_nothing_is_left_of_a_terminal(run_text: RunText) -> None:
    number = str(10**6 + os.getpid())  # other workers run such pages at the same time
    run_text(STARTED.replace("9999", number))
    wait_until(lambda: living(lambda one: number in one.cmdline()) == [])
