"""Which markers a page has: from pytest's settings, and from hooks in conftest.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import chain

import pytest

from runthrough.model.steps import Page
from runthrough.plugin import _compat

OWN = "runthrough"
"""The marker of every page: `-m runthrough` selects the pages among other tests."""
SETTING = "runthrough_markers"


@dataclass(frozen=True)
class ExpectedFailure:
    """Why a reader gets stuck on a page, as its author knows."""

    reason: str
    strict: bool
    """Whether the page fails if a reader gets through all the same."""


def register(config: pytest.Config) -> None:
    """Let pytest know our markers, so that `--strict-markers` takes them."""
    config.addinivalue_line("markers", f"{OWN}: a page of a Sphinx site, followed as a reader does")
    for name, patterns in from_setting(config):
        config.addinivalue_line("markers", f"{name}: pages that match {' '.join(patterns)}")


def from_setting(config: pytest.Config) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each marker in pytest's settings, and the patterns of its pages.

    Raises UsageError if a line isn't of the form `NAME: PATTERN ...`.
    """
    for line in config.getini(SETTING):
        name, _, patterns = (part.strip() for part in line.partition(":"))
        if not name.isidentifier() or not patterns:
            raise pytest.UsageError(
                f"{SETTING} has the line {line!r}; expected the name of a marker, a colon and "
                "patterns of page names, such as 'slow: how-to/* tutorial/setup'"
            )
        yield name, patterns.split()


def markers_of(session: pytest.Session, page: Page) -> list[pytest.MarkDecorator]:
    """Return the markers of a page, whether it's collected or not."""
    names = [
        OWN,
        *(
            name
            for name, patterns in from_setting(session.config)
            if any(fnmatchcase(page.document, pattern) for pattern in patterns)
        ),
    ]
    hook = _compat.hooks_for(session, page.file).pytest_runthrough_marks
    given = hook(config=session.config, page=page)
    return [*(getattr(pytest.mark, name) for name in names), *chain.from_iterable(given)]


def expected_failure(
    config: pytest.Config, markers: list[pytest.MarkDecorator]
) -> ExpectedFailure | None:
    """Return what the first `xfail` marker that applies says; `--runxfail` ignores all of them."""
    if config.getoption("runxfail"):
        return None
    for marker in markers:
        condition = marker.args[0] if marker.args else marker.kwargs.get("condition", True)
        if marker.name == "xfail" and condition:
            return ExpectedFailure(
                marker.kwargs.get("reason", ""), strict=bool(marker.kwargs.get("strict", True))
            )
    return None
