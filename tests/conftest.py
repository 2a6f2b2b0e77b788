"""What the tests of the site share."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

LONG = ("test_tutorial_checkpoints.py", "test_reading_paths.py", "test_alembic_sample.py")
"""The modules whose tests install packages, or run many pages."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the few tests that take long, so that no worker is left with one at the end."""
    items.sort(key=lambda item: item.path.name not in LONG)
