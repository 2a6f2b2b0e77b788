"""The files for the two forges run what the pages have typed, and nothing that may change."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

DOCS = Path(__file__).resolve().parent.parent / "docs"
TYPED = ("tutorial/install", "how-to/check-in-ci")
GITHUB = ".github/workflows/migrations.yml"
GITLAB = ".gitlab-ci.yml"


def source_of(page: str) -> str:
    return (DOCS / f"{page}.rst").read_text(encoding="utf-8")


def workflow(caption: str) -> Any:
    """Return a file that the page on workflows lets its reader make."""
    found = re.search(
        rf"^ +:caption: {re.escape(caption)}\n +:create:\n\n((?: {{9}}.*\n|\n)+)",
        source_of("how-to/ci-workflows"),
        re.MULTILINE,
    )
    assert found, f"docs/how-to/ci-workflows.rst lets its reader make no {caption}"
    return yaml.safe_load(textwrap.dedent(found[1]))


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
