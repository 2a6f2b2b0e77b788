"""`pip install` of the project under test takes the commit that is run, built once."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from runthrough.model.site import Site
from runthrough.reading.site import read_site
from runthrough.running.project import open_project
from runthrough.running.workspace import WorkspaceError

BACKEND = """\
import pathlib
import zipfile

VERSION = "1.2"
METADATA = f"Metadata-Version: 2.1\\nName: brew\\nVersion: {VERSION}\\nProvides-Extra: nice\\n"
ENTRIES = "[console_scripts]\\nbrew = brew:main\\n"
WHEEL = "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"


def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = f"brew-{VERSION}-py3-none-any.whl"
    pathlib.Path("left-by-the-build").touch()
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        info = f"brew-{VERSION}.dist-info"
        files = {"METADATA": METADATA, "WHEEL": WHEEL, "entry_points.txt": ENTRIES, "RECORD": ""}
        for file, text in files.items():
            wheel.writestr(f"{info}/{file}", text)
        wheel.write("brew.py")
    return name
"""
PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
PAGE = """\
Tea
===

.. code-block:: console

   $ python3 -m venv .venv
   $ source .venv/bin/activate
   $ pip install -q --no-compile REQUIREMENT
   $ brew
   a cup of green
"""


def module(text: str) -> str:
    return f"def main():\n    print({text!r})\n"


@pytest.fixture
def project(
    pytester: pytest.Pytester, samples: Site, monkeypatch: pytest.MonkeyPatch, made: Path
) -> Path:
    """A project with docs, and an index that has the same version of it, and a newer one."""
    root = pytester.path
    for name, text in {
        "backend.py": BACKEND,
        "pyproject.toml": PYPROJECT,
        "brew.py": module("a cup of green"),
        "docs/conf.py": "runthrough_projects = {'brew': '..'}\n",
        "docs/index.rst": PAGE.replace("REQUIREMENT", "brew"),
    }.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    index = root / "index" / "simple" / "brew"
    index.mkdir(parents=True)
    for version in ("1.2", "2.0"):
        published = root / f"published-{version}"
        published.mkdir()
        (published / "backend.py").write_text(BACKEND.replace("1.2", version))
        (published / "brew.py").write_text(module(f"as published in {version}"))
        build = f"import backend; backend.build_wheel({str(index)!r})"
        subprocess.run([sys.executable, "-c", build], cwd=published, check=True)
    links = [f'<a href="{path.name}">{path.name}</a>' for path in sorted(index.glob("*.whl"))]
    (index / "index.html").write_text("<!DOCTYPE html><html><body>" + "".join(links))
    monkeypatch.setenv("PIP_INDEX_URL", f"file://{index.parent}")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("HOME", str(made.parent))  # pytester's is the project itself
    return root


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that wheels are put in, outside of the project."""
    return tmp_path_factory.mktemp("run") / "made"


@pytest.mark.parametrize("requirement", ["brew", '"brew[nice]"', "brew==1.2", "-U brew"])
def test_pip_installs_the_commit_that_is_run(
    project: Path, pytester: pytest.Pytester, requirement: str
) -> None:
    (project / "docs" / "index.rst").write_text(PAGE.replace("REQUIREMENT", requirement))
    pytester.runpytest_inprocess("--runthrough", "docs").assert_outcomes(passed=2)


def test_workers_share_one_wheel(project: Path, pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--runthrough", "-n1", "docs")
    result.assert_outcomes(passed=2)


def test_the_working_tree_stays_as_it_is(project: Path, made: Path) -> None:
    opened = open_project(read_site(project / "docs"), made)
    (wheel,) = (made / "wheels").glob("*.whl")
    assert "brew.py" in zipfile.ZipFile(wheel).namelist()
    assert (made / "wheels" / "constraints.txt").read_text() == "brew==1.2\n"
    assert not (project / "left-by-the-build").exists()
    assert not (made / "wheels" / "source").exists()
    assert opened.key


def test_what_git_ignores_is_no_part_of_it(project: Path, made: Path) -> None:
    (project / ".gitignore").write_text("secret.py\n")
    (project / "secret.py").write_text("raise AssertionError\n")
    (project / "backend.py").write_text(
        "import os\nassert not os.path.exists('secret.py')\n" + BACKEND
    )
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    open_project(read_site(project / "docs"), made)
    status = subprocess.run(
        ["git", "status", "--short", "--ignored"], cwd=project, capture_output=True, text=True
    )
    assert "left-by-the-build" not in status.stdout


def test_a_change_of_the_project_is_another_key(project: Path, made: Path) -> None:
    site = read_site(project / "docs")
    first = open_project(site, made).key
    (project / "docs" / "index.rst").write_text("Other\n=====\n")
    assert open_project(site, made).key == first
    (project / "brew.py").write_text(module("a cup of black"))
    assert open_project(site, made).key != first
    (wheel,) = (made / "wheels").glob("*.whl")
    assert b"black" in zipfile.ZipFile(wheel).read("brew.py")


def test_a_change_of_a_project_whose_pages_are_all_over_it_is_another_key(
    project: Path, made: Path
) -> None:
    (project / "conf.py").write_text(
        "runthrough_projects = {'brew': '.'}\nexclude_patterns = ['docs']\n"
    )
    (project / "index.rst").write_text(PAGE.replace("REQUIREMENT", "brew"))
    site = read_site(project)
    first = open_project(site, made).key
    (project / "brew.py").write_text(module("a cup of black"))
    assert open_project(site, made).key != first
    (wheel,) = (made / "wheels").glob("*.whl")
    assert b"black" in zipfile.ZipFile(wheel).read("brew.py")


def test_what_an_earlier_run_has_kept_is_not_used_for_another_commit(
    project: Path, pytester: pytest.Pytester
) -> None:
    for _ in range(2):
        result = pytester.runpytest_inprocess("--runthrough", "--runthrough-reuse", "docs")
        result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*reused*"])
    (project / "brew.py").write_text(module("a cup of black"))
    result = pytester.runpytest_inprocess("--runthrough", "--runthrough-reuse", "docs")
    result.stdout.fnmatch_lines(["*+a cup of black"])


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("backend.py", "raise SystemExit('no kettle')\n", "no kettle"),
        ("backend.py", BACKEND.replace('f"brew-{VERSION}-py', 'f"tea-{VERSION}-py'), "'tea'"),
        ("docs/conf.py", "runthrough_projects = {'brew': '../nothing'}\n", "no pyproject.toml"),
    ],
)
def test_a_wheel_that_cannot_be_built_is_one_error(
    project: Path, made: Path, file: str, text: str, expected: str
) -> None:
    (project / file).write_text(text)
    with pytest.raises(WorkspaceError) as caught:
        open_project(read_site(project / "docs"), made)
    assert str(caught.value).startswith("no page can begin: conf.py: runthrough_projects['brew']")
    assert expected in str(caught.value)
    assert "To fix this" in str(caught.value)
