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
from runthrough.running.faults import failure_of
from runthrough.running.page_run import Walk
from runthrough.running.runner import Walks
from runthrough.running.snapshots.snapshot import StateError

if TYPE_CHECKING:
    from conftest import Walked

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
    assert any(line.startswith("places.py:") for line in failure.printed)
    assert not any(str(Path.home()) in line for line in failure.printed)
    assert "Please report it" in explain(failure)


def test_memory_and_what_is_known() -> None:
    assert failure_of(MemoryError(), PLACE, "doing").what == "doing: there is not enough memory"
    failure = failure_of(StateError("bash is gone"), PLACE, "doing")
    assert failure.what == "doing: bash is gone"


def fail_in(method: str, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **named: object) -> None:
        raise error

    monkeypatch.setattr(method, fail)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "this step can't be performed: No space",
        ),
        (MemoryError(), "this step can't be performed: there is not enough memory"),
        (RecursionError("deep"), "internal error: this step can't be performed: RecursionError"),
        (ValueError("odd"), "internal error: this step can't be performed: ValueError: odd"),
    ],
)
def test_a_step_fails_at_its_place_whatever_is_raised(
    walk: Callable[[str], Walked], monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    fail_in("runthrough.running.page_run.perform_console", error, monkeypatch)
    walked = walk("same-command-twice")
    assert walked.failure.what.startswith(said)
    assert walked.failure.place.file == walked.file
    assert walked.verdicts[0] == "failed"
    assert set(walked.verdicts[1:]) == {"blocked"}


def test_a_page_that_cannot_begin_fails_and_others_go_on(
    walks: Walks, walk: Callable[[str], Walked], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = OSError(errno.ENOSPC, "No space left on device", "/tmp/x")
    with monkeypatch.context() as patched:
        fail_in("runthrough.running.start.make_workspace", error, patched)
        walked = walk("same-command-twice")
    assert walked.verdicts[0] == "failed"
    assert "the page can't begin: No space left on device" in walked.failure.what
    assert walk("here-document").verdicts[0] == "passed"
    assert walks.obstacle is None


def test_a_page_that_cannot_be_kept_fails_at_its_end(
    walks: Walks, walk: Callable[[str], Walked], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_in("runthrough.running.runner.keep_stage", StateError("bash is gone"), monkeypatch)
    walked = walk("state-left")
    assert walked.verdicts[-1] == "failed"
    assert walked.failure.what == "what the page leaves can't be kept: bash is gone"
    assert set(walk("state-taken-up").verdicts) == {"blocked"}
    assert walk("here-document").verdicts[0] == "passed"


def test_a_walk_that_does_not_end_keeps_no_other_from_it(
    walks: Walks, walk: Callable[[str], Walked], monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in ("same-command-twice", "here-document"):
        walks.outcome(walks.site.page(page), 0)
    ended: list[str] = []

    def end(self: Walk) -> None:
        ended.append(self.page.docname)
        self.stage.shell.end()
        raise StepFailed(failure_of(OSError("busy"), PLACE, "ending"))

    monkeypatch.setattr(Walk, "end", end)
    walks.end()
    assert sorted(ended) == ["here-document", "same-command-twice"]
