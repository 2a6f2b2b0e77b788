"""Workflows, ours and those on pages, run what was typed, and nothing that may change."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.listings import DOCS, listing, source_of

ROOT = DOCS.parent
USED = re.compile(r"^ *(?:- )?uses: +([\w-]+/[\w./-]+)@(\S+)(?: +# (v\S+))?$", re.MULTILINE)
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


def uses_of_actions() -> list[tuple[str, str, str, str]]:
    """Return file, action, reference and named version of each use, in workflows and on pages."""
    folders = ((".github", "*.yml"), ("docs", "*.rst"), ("runthrough/docs", "*.rst"))
    return [
        (str(file.relative_to(ROOT)), *found)
        for folder, pattern in folders
        for file in sorted((ROOT / folder).rglob(pattern))
        for found in USED.findall(file.read_text(encoding="utf-8"))
    ]


def test_pages_and_workflows_pin_each_action_to_one_commit() -> None:
    commits: dict[str, dict[str, list[str]]] = {}
    for file, action, reference, _ in uses_of_actions():
        assert re.fullmatch("[0-9a-f]{40}", reference), f"{file}: {action}@{reference} is no commit"
        commits.setdefault(action, {}).setdefault(reference, []).append(file)
    assert {"actions/checkout", "actions/setup-python"} <= commits.keys()
    for action, files in commits.items():
        assert len(files) == 1, f"{action} is pinned to different commits: {files}"


def test_each_workflow_of_ours_names_the_version_behind_a_commit() -> None:
    versions: dict[str, set[str]] = {}
    for file, action, _, version in uses_of_actions():
        if file.startswith(".github"):
            assert version, f"{file}: write the version of {action} behind its commit: # v1.2.3"
        if version:
            versions.setdefault(action, set()).add(version)
    assert all(len(named) == 1 for named in versions.values()), versions
