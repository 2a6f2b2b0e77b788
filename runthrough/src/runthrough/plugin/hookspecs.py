"""The hooks that a site's author can define in conftest.py.

Why these two, and why pluggy. Authors who run their pages with pytest know three ways to add
something: fixtures, markers, and hooks in conftest.py. Libraries that test code in documents either
have their own way (sybil's `setup`, `teardown` and `fixtures` arguments), write Python into the
page (doctest's `testsetup`, `fixture:` in an info string), or add one hook for what their code
starts with (pytest-markdown-docs). What a reader doesn't see doesn't belong on a page, so fixtures
set up and tear down, and markers select, as everywhere in pytest. There are two things that they
can't do. They can't say which markers a page has, because a page isn't a function that can be
decorated. And they can't reach into the shell of a page, or of the pages that it continues from,
which pytest doesn't collect when one page is run alone. There's one hook for each. Both may return
or do nothing, and several conftest.py files may define them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from runthrough.model.steps import Page
    from runthrough.running.page_run import PageStart


@pytest.hookspec()
def pytest_runthrough_marks(
    config: pytest.Config, page: Page
) -> Iterable[pytest.MarkDecorator] | None:
    """Return the markers of a page, such as `pytest.mark.slow` or `pytest.mark.usefixtures(...)`.

    It's asked when the page is collected. `pytest.mark.xfail(reason=...)` means that a reader gets
    stuck somewhere on the page; a page that passes all the same fails, unless `strict=False`.
    """


@pytest.hookspec()
def pytest_runthrough_start_page(
    config: pytest.Config, request: pytest.FixtureRequest, page: Page, start: PageStart
) -> None:
    """Add something to a page, right before its shell starts.

    `start` takes variables for the page's environment, values that are known at run time only, and
    functions to call at the end of the page. `request` is that of the step that is being run: its
    `getfixturevalue` reaches each fixture with the scope "session", or one that the step has.
    """
