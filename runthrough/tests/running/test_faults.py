"""What goes wrong in a step without being the page's doing, as its author is told of it."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runthrough.model.places import Place
from runthrough.model.report import explain
from runthrough.model.results import StepFailed
from runthrough.model.steps import Console, Step
from runthrough.running.faults import failure_of
from runthrough.running.kinds import KINDS
from runthrough.running.page_run import PageRun
from runthrough.running.runner import Runner
from runthrough.running.snapshots.snapshot import SnapshotError

if TYPE_CHECKING:
    from tests.conftest import RanPage

PLACE = Place(Path("docs/index.rst"), 7)


def caught(raise_it: Callable[[], object]) -> Exception:
    try:
        raise_it()
    except Exception as error:
        return error
    raise AssertionError("nothing is raised")


def test_what_the_system_refuses_is_named_in_its_own_words() -> None:
    error = OSError(errno.ENOSPC, "No space left on device", "/tmp/rtabc/dev/f")
    failure = failure_of(error, PLACE, "doing", lambda text: text.replace("/tmp/rtabc", "~"))
    assert failure.what == "doing: No space left on device: ~/dev/f"
    assert "TMPDIR" in failure.advice
    assert failure.printed == ()


def test_no_file_of_the_machine_is_named() -> None:
    error = OSError(errno.ENOSPC, "No space left on device", "/tmp/rtabc/dev/f")
    assert failure_of(error, PLACE, "doing").what == "doing: No space left on device"


def test_a_fault_of_ours_shows_its_calls_and_asks_to_be_reported() -> None:
    failure = failure_of(caught(lambda: Place.__str__(None)), PLACE, "doing")  # type: ignore[arg-type]
    assert failure.what.startswith("internal error: doing: AttributeError: 'NoneType'")
    assert any(line.startswith("model/places.py:") for line in failure.printed)
    assert not any(str(Path.home()) in line for line in failure.printed)
    assert "Please report it" in explain(failure)


def test_memory_and_what_is_known() -> None:
    assert failure_of(MemoryError(), PLACE, "doing").what == "doing: there isn't enough memory"
    failure = failure_of(SnapshotError("bash is gone"), PLACE, "doing")
    assert failure.what == "doing: bash is gone"


def failing(error: Exception) -> Callable[..., None]:
    def fail(*arguments: object, **named: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "this step can't be run: No space",
        ),
        (MemoryError(), "this step can't be run: there isn't enough memory"),
        (RecursionError("deep"), "internal error: this step can't be run: RecursionError"),
        (ValueError("odd"), "internal error: this step can't be run: ValueError: odd"),
    ],
)
def test_a_step_fails_at_its_place_whatever_is_raised(
    run_page: Callable[[str], RanPage], monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    kinds: dict[type[Step], Callable[..., None]] = {**KINDS, Console: failing(error)}
    monkeypatch.setattr("runthrough.running.kinds.KINDS", kinds)
    ran = run_page("same-command-twice")
    assert ran.failure.what.startswith(said)
    assert ran.failure.place.file == ran.file
    assert ran.verdicts[0] == "failed"
    assert set(ran.verdicts[1:]) == {"blocked"}


def test_a_page_that_cannot_begin_fails_and_others_go_on(
    runner: Runner, run_page: Callable[[str], RanPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = OSError(errno.ENOSPC, "No space left on device", "/tmp/x")
    with monkeypatch.context() as patched:
        patched.setattr("runthrough.running.start.make_workspace", failing(error))
        ran = run_page("same-command-twice")
    assert ran.verdicts[0] == "failed"
    assert "the page can't begin: No space left on device" in ran.failure.what
    assert run_page("here-document").verdicts[0] == "passed"
    assert runner.obstacle is None


def test_a_page_that_cannot_be_kept_fails_at_its_end(
    runner: Runner, run_page: Callable[[str], RanPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "runthrough.running.runner.keep_snapshot", failing(SnapshotError("bash is gone"))
    )
    ran = run_page("snapshot-left")
    assert ran.verdicts[-1] == "failed"
    assert ran.failure.what == "what the page leaves can't be kept: bash is gone"
    assert set(run_page("snapshot-restored").verdicts) == {"blocked"}
    assert run_page("here-document").verdicts[0] == "passed"


def test_a_run_that_does_not_end_keeps_no_other_from_it(
    runner: Runner, run_page: Callable[[str], RanPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in ("same-command-twice", "here-document"):
        runner.result(runner.site.page(page), 0)
    ended: list[str] = []

    def end(self: PageRun) -> None:
        ended.append(self.page.docname)
        self.context.shell.end()
        raise StepFailed(failure_of(OSError("busy"), PLACE, "ending"))

    monkeypatch.setattr(PageRun, "end", end)
    runner.end()
    assert sorted(ended) == ["here-document", "same-command-twice"]
