"""The projects in examples/ are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples import PROJECTS, try_example

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", PROJECTS)
def test_an_example_is_green(name: str, tmp_path: Path) -> None:
    try_example(name, tmp_path)
