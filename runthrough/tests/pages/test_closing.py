"""The closing line names versions in the order in which they were released."""

from __future__ import annotations

import pytest

from runthrough.model.recorded import RecordedResult
from runthrough.model.report import listed
from runthrough.pages import closing


def recorded(**packages: str) -> RecordedResult:
    when = "2026-01-02T03:04:05+00:00"
    found = tuple(packages.items())
    return RecordedResult(0, "", "", "passed", when, "3.11.7", 1, packages=found)


@pytest.mark.parametrize(
    "versions",
    [
        ["1.9", "1.10"],
        ["1.4.0b1", "1.4.0"],
        ["1.4.0rc1", "1.4.0", "1.4.0.post1"],
        ["2.0.dev3", "2.0a1", "2.0"],
        ["18.4 (Debian)", "1.0"],
    ],
)
def test_versions_are_in_order(versions: list[str]) -> None:
    every = [recorded(tea=version) for version in reversed(versions)]
    assert closing.versions(every) == f"Python 3.11.7 and tea {listed(versions)}"
