"""A project for each test, whose kept snapshots are where no other test looks."""

from __future__ import annotations

import tempfile

import pytest

from runthrough.model.site import Site
from tests.running.snapshots.projects import Project


@pytest.fixture
def project(
    pytester: pytest.Pytester,
    samples: Site,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    """A small project, and an empty folder for what its runs keep."""
    temporary = str(tmp_path_factory.mktemp("temporary"))
    monkeypatch.setenv("TMPDIR", temporary)
    monkeypatch.setattr(tempfile, "tempdir", temporary)
    return Project(pytester, monkeypatch)
