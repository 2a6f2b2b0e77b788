"""A run doesn't read pages again that nobody has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_tests.guide import read_guide


@pytest.mark.usefixtures("guide")
def test_an_unchanged_site_is_not_read_again(doctrees: Path) -> None:
    before = times(doctrees)
    assert before
    read_guide(doctrees)
    again = [name for name, time in times(doctrees).items() if before.get(name) != time]
    assert not again, "an extension of the site says at each run that these pages are outdated"


def times(doctrees: Path) -> dict[str, int]:
    """Return when each page was read last, by the path of its doctree."""
    files = doctrees.rglob("*.doctree")
    return {str(file.relative_to(doctrees)): file.stat().st_mtime_ns for file in files}
