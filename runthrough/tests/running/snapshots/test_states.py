"""A page begins with all that the page before has left, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runthrough.running.runner import Walks

LEFT, TAKEN_UP, UNTOUCHED = "state-left", "state-taken-up", "state-untouched"


@pytest.mark.parametrize(
    "order",
    [(TAKEN_UP,), (LEFT, TAKEN_UP, UNTOUCHED), (UNTOUCHED, TAKEN_UP), (TAKEN_UP, UNTOUCHED)],
    ids="-".join,
)
def test_pages_begin_with_what_the_page_before_has_left(
    order: tuple[str, ...], passes: Callable[[str], None]
) -> None:
    for docname in order:
        passes(docname)


def test_steps_of_pages_may_come_in_turn(walks: Walks) -> None:
    pages = [walks.site.page(docname) for docname in (UNTOUCHED, TAKEN_UP)]
    for position in range(max(len(page.steps) for page in pages)):
        for page in pages:
            if position < len(page.steps):
                assert walks.outcome(page, position).verdict == "passed"
