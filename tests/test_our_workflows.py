"""Our workflows run every test, pin what they use, and keep their rights apart from pages."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
USED = re.compile(r"^ *(?:- )?uses: +([\w-]+/[\w./-]+)@(\S+)(?: +# (v\S+))?$", re.MULTILINE)


def jobs(name: str) -> dict[str, Any]:
    """Return the jobs of one of our workflows."""
    jobs: dict[str, Any] = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))["jobs"]
    return jobs


def commands() -> list[str]:
    """Return every command of our workflows, with those that come from a matrix."""
    found = []
    for file in sorted(WORKFLOWS.glob("*.yml")):
        for job in jobs(file.name).values():
            rows = job.get("strategy", {}).get("matrix", {}).get("include", [])
            found += [row["command"] for row in rows if "command" in row]
            found += [step["run"] for step in job["steps"] if "run" in step]
    return found


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


def test_the_jobs_of_a_pull_request_share_out_every_test() -> None:
    shares = [row["paths"] for row in jobs("ci.yml")["tests"]["strategy"]["matrix"]["include"]]
    named = [path for share in shares for path in share.split() if not path.startswith("--")]
    missing = [path for path in named if not list(ROOT.glob(path))]
    assert not missing, f"ci.yml names tests that aren't there: {missing}"
    given = [file for path in named for file in ROOT.glob(path)]
    tests = [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("runthrough/tests/**/test_*.py")]
    left_out = [
        str(test.relative_to(ROOT)) for test in tests if not {test, *test.parents} & {*given}
    ]
    assert not left_out, f"no job of ci.yml runs {left_out}"
    assert len(named) == len({*named}), f"two jobs of ci.yml run the same: {named}"


def test_workflows_name_sessions_that_there_are() -> None:
    file = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    sessions = {name.replace("_", "-") for name in re.findall(r"^def (\w+)\(session:", file, re.M)}
    for command in commands():
        for name in re.findall(r"nox (?:--\S+ )?-s ([a-z-]+?)(?:-\$\{\{.*)?(?= |$)", command):
            assert name in sessions, f"{command!r}: noxfile.py has no session {name!r}"


def test_workflows_install_nothing_of_ours_without_a_version() -> None:
    installed = [command for command in commands() if "nox[uv]" in command]
    assert installed
    assert {*installed} == {"python -m pip install -c requirements-docs.txt 'nox[uv]'"}


def test_a_job_in_a_container_has_a_clone_that_git_accepts() -> None:
    contained = [
        [step.get("uses", step.get("run", "")) for step in job["steps"]]
        for file in sorted(WORKFLOWS.glob("*.yml"))
        for job in jobs(file.name).values()
        if "container" in job
    ]
    assert contained
    for steps in contained:
        (checkout,) = (at for at, step in enumerate(steps) if step.startswith("actions/checkout@"))
        before, after = "\n".join(steps[:checkout]), steps[checkout + 1]
        assert re.search(r"install .*\bca-certificates git\b", before), "no git when it's needed"
        assert after == "git config --system --add safe.directory '*'"


def test_the_job_that_may_write_issues_runs_no_code_of_a_page() -> None:
    for file in sorted(WORKFLOWS.glob("*.yml")):
        for name, job in jobs(file.name).items():
            if "write" in job.get("permissions", {}).values():
                used = [step.get("uses", "") for step in job["steps"]]
                assert not any("checkout" in use for use in used), f"{file.name}: {name}"


def test_results_of_pages_go_from_main_to_pull_requests_and_never_back() -> None:
    given = {}
    for file in ("ci.yml", "nightly.yml", "release.yml"):
        for job in jobs(file).values():
            for step in job["steps"]:
                if (action := step.get("uses", "").partition("@")[0]).startswith("actions/cache"):
                    given[file, action] = step["with"]
    assert {*given} == {
        ("ci.yml", "actions/cache/restore"),
        ("ci.yml", "actions/cache/save"),
        ("nightly.yml", "actions/cache/save"),  # it runs from nothing
    }
    assert {one["path"] for one in given.values()} == {".runthrough-cache"}
    assert len({one["key"] for one in given.values()}) == 1
    restored = given["ci.yml", "actions/cache/restore"]
    assert restored["key"].startswith("pages-${{ github.ref }}-")
    assert restored["restore-keys"].split("\n")[:-1] == [
        "pages-${{ github.ref }}-",
        "pages-refs/heads/main-",
    ]


def ask(folder: Path, open_issue: str) -> str:
    """Run the script that asks, with a gh that prints the number of an open issue or nothing."""
    gh = folder / "gh"
    gh.write_text(f'#!/bin/sh\n[ "$2" = list ] && echo "{open_issue}" || echo "$@" >> asked\n')
    gh.chmod(0o755)
    (step,) = jobs("nightly.yml")["ask"]["steps"]
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={"PATH": f"{folder}:{os.environ['PATH']}", "RUN": "https://forge.example/run/1"},
        check=True,
    )
    return (folder / "asked").read_text()


def test_a_red_night_asks_once_and_adds_to_the_question(tmp_path: Path) -> None:
    asked = ask(tmp_path, "")
    assert asked.startswith("issue create --title Has a release made a page untrue?")
    assert asked.rstrip().endswith("https://forge.example/run/1")
    (tmp_path / "asked").unlink()
    assert ask(tmp_path, "7").startswith("issue comment 7 --body")
