"""Pythons are found on PATH and where pyenv keeps them, and only those that run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matrix.interpreters import Interpreter, find


def put(path: Path, version: str) -> Path:
    """Make a program that answers as a Python of that version does."""
    answer = json.dumps([str(path), version])
    return script(path, f"echo '{answer}'")


def script(path: Path, line: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path / "home")}


def test_the_one_on_path_comes_first(tmp_path: Path, environ: dict[str, str]) -> None:
    wanted = put(tmp_path / "bin" / "python3.77", "3.77.1")
    put(tmp_path / "home" / ".pyenv" / "versions" / "3.77.2" / "bin" / "python3.77", "3.77.2")
    assert find("3.77", environ) == Interpreter(wanted, "3.77.1")


def test_a_stand_in_that_starts_nothing_is_passed_over(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    script(tmp_path / "bin" / "python3.77", "echo 'pyenv: command not found' >&2; exit 127")
    wanted = put(tmp_path / "root" / "versions" / "3.77.2" / "bin" / "python3.77", "3.77.2")
    found = find("3.77", {**environ, "PYENV_ROOT": str(tmp_path / "root")})
    assert found == Interpreter(wanted, "3.77.2")


def test_pyenv_tells_where_it_keeps_them_and_the_newest_is_taken(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    script(tmp_path / "bin" / "pyenv", f"echo {tmp_path}/elsewhere")
    for patch in ("3.77.9", "3.77.10"):
        put(tmp_path / "elsewhere" / "versions" / patch / "bin" / "python3.77", patch)
    found = find("3.77", environ)
    assert found is not None
    assert found.version == "3.77.10"


def test_one_that_says_that_it_is_another_is_none(tmp_path: Path, environ: dict[str, str]) -> None:
    put(tmp_path / "bin" / "python3.77", "3.7.7")
    assert find("3.77", environ) is None


def test_none_is_none(environ: dict[str, str]) -> None:
    assert find("3.77", environ) is None
