"""What bash says of background jobs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from runthrough.running import jobs
from runthrough.running.jobs import Jobs

STOPPED = "[1]+  Terminated              sleep 60"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass where it only has to pass."""
    monkeypatch.setattr(jobs, "BREATH", 0.0)
    monkeypatch.setattr(jobs, "PATIENCE", 0.05)


def nobody_looks() -> tuple[Sequence[str], set[int]]:
    raise AssertionError("there is nothing to wait for")


def lacks_nothing(lines: Sequence[str]) -> bool:
    return False


def started(command: str = "sleep 60 &") -> Jobs:
    """Know one job: 4242 on the page, 7 in the run."""
    known = Jobs()
    known.learn(command, ["[1] 7"], ["[1] 4242"], last=7)
    return known


def test_a_process_id_of_the_page_stands_for_the_one_of_the_run() -> None:
    known = started()
    assert known.to_run("kill 4242; echo 14242") == "kill 7; echo 14242"
    assert known.to_page(["[1] 7"], ["[1] 4242"], nobody_looks, lacks_nothing) == ["[1] 4242"]


def test_a_number_that_the_page_does_not_show_as_a_process_stays() -> None:
    assert started().to_page(["7 rows"], ["7 rows"], nobody_looks, lacks_nothing) == ["7 rows"]


def test_numbers_that_look_like_a_job_are_compared() -> None:
    known = Jobs()
    known.learn("Rscript -e 6*7", ["[1] 42"], ["[1] 41"], last=None)
    assert known.to_page(["[1] 42"], ["[1] 41"], nobody_looks, lacks_nothing) == ["[1] 42"]
    known.learn("Rscript -e 6*7 &", ["[1] 7", "[1] 42"], ["[1] 4242", "[1] 41"], last=7)
    assert known.pids == {"4242": "7"}


def test_a_job_whose_number_differs_is_not_the_pages() -> None:
    known = Jobs()
    known.learn("sleep 1 &", ["[2] 7"], ["[1] 4242"], last=7)
    assert known.to_page(["[2] 7"], ["[1] 4242"], nobody_looks, lacks_nothing) == ["[2] 7"]


def test_a_notice_may_be_left_out() -> None:
    assert started().to_page(["next", STOPPED], ["next"], nobody_looks, lacks_nothing) == ["next"]


def test_a_notice_that_came_before_may_be_shown_later() -> None:
    known = started()
    assert known.to_page([STOPPED], [], nobody_looks, lacks_nothing) == []
    later = "[1]   Terminated    sleep 60"
    assert known.to_page(["next"], ["next", later], nobody_looks, lacks_nothing) == ["next", later]


def test_a_notice_that_comes_later_is_waited_for() -> None:
    says = iter([([], {7}), (["[1]+  Done     sleep 60"], {7})])
    shown = ["[1]+  Done                    sleep 60"]
    assert started().to_page([], shown, lambda: next(says), lacks_nothing) == shown


def test_a_notice_that_bash_keeps_to_itself_needs_the_job_to_be_gone() -> None:
    assert started().to_page([], [STOPPED], lambda: ([], set()), lacks_nothing) == [STOPPED]
    assert started().to_page([], [STOPPED], lambda: ([], {7}), lacks_nothing) == []
    assert Jobs(last=7).to_page([], [STOPPED], lambda: ([], set()), lacks_nothing) == []


def test_a_notice_of_another_command_does_not_hold() -> None:
    wrong = "[1]+  Terminated              sleep 61"
    assert started().to_page([], [wrong], lambda: ([], set()), lacks_nothing) == []
    assert started().to_page([STOPPED], [wrong], nobody_looks, lacks_nothing) == [STOPPED]


def test_a_job_that_failed_is_not_passed_over() -> None:
    failed = "[1]+  Exit 1                  sleep 60"
    assert started().to_page([failed], [], nobody_looks, lacks_nothing) == [failed]


def test_the_folder_that_a_notice_comes_with_is_no_surprise() -> None:
    lines = ["[1]+  Done                    sleep 60  (wd: ~/project)", "(wd now: ~)"]
    assert started().to_page(lines, [], nobody_looks, lacks_nothing) == []
    assert started().to_page(lines, lines, nobody_looks, lacks_nothing) == lines


def test_without_a_job_such_lines_are_an_output_like_any_other() -> None:
    assert Jobs().to_page([STOPPED], [], nobody_looks, lacks_nothing) == [STOPPED]


def test_a_notice_before_an_output_may_be_left_out() -> None:
    done = "[1]+  Done                    sleep 60"
    known = started()
    assert known.to_page([done, "next"], ["next"], nobody_looks, lacks_nothing) == ["next"]
    assert known.ended == {"1": done}
    shown = [done, "next"]
    assert started().to_page(shown, shown, nobody_looks, lacks_nothing) == shown


def test_a_failure_or_another_command_before_an_output_stays() -> None:
    for notice in ("[1]+  Exit 3   sleep 60", "[1]+  Done   sleep 61", "[2]+  Done   sleep 60"):
        said = [notice, "next"]
        assert started().to_page(said, ["next"], nobody_looks, lacks_nothing) == said


def test_the_lines_of_a_loop_are_one_notice() -> None:
    known = started("for i in 1 2; do echo $i; done &")
    notice = ["[1]+  Done                    for i in 1 2;", "do", "    echo $i;", "done"]
    assert known.folded([*notice, "done"]) == ["\n".join(notice), "done"]
    assert known.folded(["[2]+  Done    for i in 1 2;", "do"]) == [
        "[2]+  Done    for i in 1 2;",
        "do",
    ]
    assert jobs.unfolded(known.folded(notice)) == notice
