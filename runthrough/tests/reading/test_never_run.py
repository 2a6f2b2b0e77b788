"""What a reader does not see as a session is not run: it leaves no trace."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runthrough.model.site import Site
from runthrough.running.context import Context


@pytest.mark.parametrize(
    ("docname", "commands", "left"),
    [
        ("commented-out", 2, ["seen"]),
        ("only-elsewhere", 2, ["seen"]),
        ("shown-in-rst", 1, ["page.rst"]),
    ],
)
def test_an_unseen_block_leaves_no_trace(
    docname: str, commands: int, left: list[str], ran: Callable[[str], Context]
) -> None:
    context = ran(docname)
    assert context.commands == commands
    assert context.printed == left  # the page ends with `ls`


def test_a_block_for_another_builder_is_no_step(samples: Site) -> None:
    titles = samples.page("only-elsewhere").titles
    assert titles == ("$ touch seen", "$ ls", "nothing is left running")


def test_a_skipped_block_says_why_it_is_not_run(samples: Site) -> None:
    steps = samples.page("shown-in-rst").steps
    reasons = [getattr(step, "reason", None) for step in steps]
    assert reasons == [*["shows how a page is written"] * 2, None, None, None]
