"""A page begins with all that the page before has left, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runthrough.running.runner import Runner

LEFT, RESTORED, UNTOUCHED = "snapshot-left", "snapshot-restored", "snapshot-untouched"


@pytest.mark.parametrize(
    "order",
    [(RESTORED,), (LEFT, RESTORED, UNTOUCHED), (UNTOUCHED, RESTORED), (RESTORED, UNTOUCHED)],
    ids="-".join,
)
def test_pages_begin_with_what_the_page_before_has_left(
    order: tuple[str, ...], passes: Callable[[str], None]
) -> None:
    for docname in order:
        passes(docname)


def test_steps_of_pages_may_come_in_turn(runner: Runner) -> None:
    pages = [runner.site.page(docname) for docname in (UNTOUCHED, RESTORED)]
    for position in range(max(len(page.steps) for page in pages)):
        for page in pages:
            if position < len(page.steps):
                assert runner.result(page, position).verdict == "passed"
