"""What a run finds in the folder that it starts in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runthrough.running.workspace import (
    Workspace,
    WorkspaceError,
    copy_given,
    make_environment,
)


def test_what_python_compiles_beside_given_files_stays_behind(tmp_path: Path) -> None:
    given = tmp_path / "src"
    (given / "__pycache__").mkdir(parents=True)
    (given / "__pycache__" / "module.cpython-311.pyc").write_bytes(b"compiled")
    (given / "module.py").write_text("one = 1\n")
    directory = tmp_path / "home" / "dev"
    copy_given(Workspace(directory.parent, directory, "/home/reader", "/home/reader/dev"), [given])
    assert sorted(path.name for path in directory.rglob("*")) == ["module.py", "src"]


def workspace(folder: Path) -> Workspace:
    (folder / "home" / "dev").mkdir(parents=True)
    return Workspace(folder / "home", folder / "home" / "dev", "/home/reader", "/home/reader/dev")


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A folder in a repository, with files that git holds, ignores, or doesn't know yet."""
    clone = tmp_path / "clone"
    given = clone / "given"
    (given / "built").mkdir(parents=True)
    (given / "deep" / "built").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(clone)], check=True)
    (clone / ".gitignore").write_text("*.cfg\nbuilt/\n!kept.cfg\n")
    for name in ("new", "mine.cfg", "kept.cfg", "built/x", "deep/new", "deep/mine.cfg"):
        (given / name).write_text("")
    (given / "deep" / "built" / "x").write_text("")
    return given


def test_files_that_git_ignores_stay_behind(given: Path, tmp_path: Path) -> None:
    begun = workspace(tmp_path)
    copy_given(begun, [given])
    names = {
        one.relative_to(begun.directory / "given").as_posix()
        for one in (begun.directory / "given").rglob("*")
        if one.is_file()
    }
    assert names == {"new", "kept.cfg", "deep/new"}


def test_a_tracked_file_is_given_although_git_would_ignore_it(given: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "add", "-f", "mine.cfg"], cwd=given, check=True)
    begun = workspace(tmp_path)
    copy_given(begun, [given, given / "mine.cfg"])
    assert (begun.directory / "given" / "mine.cfg").exists()
    assert (begun.directory / "mine.cfg").exists()


@pytest.mark.parametrize("name", ["mine.cfg", "built", "deep/built/x"])
def test_a_path_that_git_ignores_is_refused(given: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(WorkspaceError, match="but git ignores it"):
        copy_given(workspace(tmp_path), [given / name])


def test_outside_of_git_everything_is_given(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / ".gitignore").write_text("*\n")
    begun = workspace(tmp_path)
    copy_given(begun, [tmp_path / "given"])
    assert (begun.directory / "given" / ".gitignore").exists()


def test_pytest_on_a_page_keeps_its_files_in_the_pages_home(tmp_path: Path) -> None:
    begun = workspace(tmp_path)
    begun.tools.mkdir(parents=True)
    test = begun.directory / "test_where.py"
    test.write_text("def test_where(tmp_path):\n    open('where', 'w').write(str(tmp_path))\n")
    made = make_environment(begun, 80, caller={})
    command = [sys.executable, "-m", "pytest", "-q", test.name]
    subprocess.run(command, cwd=begun.directory, env=made, capture_output=True, check=True)
    assert (begun.directory / "where").read_text().startswith(str(begun.home.resolve()))


def test_the_callers_path_is_searched_first_where_it_is_asked_for(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, tmp_path / "dev", "/home/reader", "/home/reader/dev")
    caller = {"PATH": "/project/bin:/usr/bin", "TZ": "Europe/Berlin", "USER": "ada"}
    made = make_environment(workspace, 80, allowed=["PATH", "TZ"], caller=caller)
    assert made["PATH"].split(":")[:3] == ["/project/bin", "/usr/bin", str(workspace.tools)]
    assert (made["TZ"], made["USER"], made["HOME"]) == ("Europe/Berlin", "reader", str(tmp_path))
    assert "/project/bin" not in make_environment(workspace, 80, caller=caller)["PATH"]
