"""Say what was found on a page, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def refuse(page: str, findings: Iterable[str], advice: str) -> None:
    """Fail where anything was found, with a line for each finding and none of this code."""
    lines = [f"  - {finding}" for finding in findings]
    if lines:
        pytest.fail("\n".join([f"{page}:", *lines, f"What to do: {advice}"]), pytrace=False)
