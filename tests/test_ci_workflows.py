"""The files for the two forges run what the pages have typed, and nothing that may change."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.listings import listing, source_of

TYPED = ("tutorial/install", "how-to/check-in-ci")
GITHUB = ".github/workflows/migrations.yml"
GITLAB = ".gitlab-ci.yml"


def workflow(caption: str) -> Any:
    """Read a file that the page on workflows lets its reader make."""
    return yaml.safe_load(listing("how-to/ci-workflows", caption))


def commands_of(caption: str) -> list[str]:
    file = workflow(caption)
    if caption == GITLAB:
        return list(file["migrations"]["script"])
    return [step["run"] for step in file["jobs"]["migrations"]["steps"] if "run" in step]


@pytest.mark.parametrize("caption", [GITHUB, GITLAB])
def test_a_forge_runs_what_the_pages_have_typed(caption: str) -> None:
    typed = {
        line.strip().removeprefix("(.venv) $ ")
        for page in TYPED
        for line in source_of(page).splitlines()
        if "(.venv) $ " in line
    }
    for command in commands_of(caption):
        assert command in typed, f"{caption}: {' and '.join(TYPED)} never type {command!r}"


def test_both_forges_run_the_same() -> None:
    assert commands_of(GITHUB) == commands_of(GITLAB)


def test_actions_are_pinned_to_commits_and_may_only_read() -> None:
    file = workflow(GITHUB)
    assert file["permissions"] == {"contents": "read"}
    for step in file["jobs"]["migrations"]["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
