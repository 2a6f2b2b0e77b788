"""Imports go one way: each package may import the ones that the table names, and no other."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import runthrough

PACKAGE = Path(runthrough.__file__).parent
BELOW = {
    "model": set[str](),
    "matching": {"model"},
    "processes": {"model"},
    "shell": {"model", "processes"},
    "services": {"model", "processes"},
    "sources": {"model"},
    "reading": {"model", "matching", "shell"},
    "running": {"model", "matching", "processes", "shell", "services", "sources"},
    "updating": {"model", "matching", "sources"},
    "pages": {"model", "reading"},
    "cache": {"model", "running", "services", "sources"},
}
"""What each package may import of the others, beside itself. Those not named may import all."""
ON_TOP = {"plugin", "mutants", "twice", "cli"}
SPHINX = {"reading", "pages", *ON_TOP}
"""Packages that may load Sphinx."""
PYTEST = {"plugin", "cli"}
POSIX = ("fcntl", "grp", "pty", "pwd", "resource", "termios")
"""What Windows doesn't have."""


def package(dotted: str) -> str:
    """Return the package of a module's name: "model" for "runthrough.model.steps"."""
    return [*dotted.split("."), ""][1]


def arrows() -> Iterator[tuple[str, str, str]]:
    """Yield who imports what: a place, and both packages."""
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        if len(parts) == 1:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            for name in names:
                if name.startswith("runthrough."):
                    yield f"{'/'.join(parts)}.py:{node.lineno}", parts[0], package(name)


def test_imports_follow_the_table() -> None:
    packages = {child.name for child in PACKAGE.iterdir() if (child / "__init__.py").exists()}
    assert packages <= BELOW.keys() | ON_TOP
    wrong = [
        f"{place}: {who} may not import {what}"
        for place, who, what in arrows()
        if who in BELOW and what in packages and what != who and what not in BELOW[who]
    ]
    assert wrong == []


def loaded_by(name: str) -> set[str]:
    """Import every module of a package in a new process; return the names of all it loads."""
    modules = [
        ".".join(["runthrough", *file.relative_to(PACKAGE).with_suffix("").parts])
        for file in sorted((PACKAGE / name).rglob("*.py"))
        if file.name not in ("__main__.py", "supervisor.py")
    ]
    program = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return set(ran.stdout.split())


@pytest.mark.slow
@pytest.mark.parametrize("name", BELOW)
def test_a_package_can_be_imported_alone(name: str) -> None:
    loaded = loaded_by(name)
    ours = {package(one) for one in loaded if one.startswith("runthrough.")}
    below = {name, *BELOW[name], *(two for one in BELOW[name] for two in BELOW[one])}
    assert ours & {*BELOW, *ON_TOP} <= below
    assert name in SPHINX or "sphinx" not in loaded
    assert name in PYTEST or "pytest" not in loaded


PAGE = """\
Page
====

.. code-block:: console

   $ echo hello
   hello
"""
CONF = "extensions = ['runthrough']\nrunthrough_results = 'results.json'\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a page whose results can be shown."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text(CONF)
    (docs / "index.rst").write_text(PAGE)
    return docs


def without_posix(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program's main function, which is `module:name`, where Windows' Python would fail."""
    module, name = program.split(":")
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({POSIX!r}));"
        f"from {module} import {name} as main; sys.exit(main(sys.argv[1:]))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_a_site_with_badges_is_built_without_what_windows_lacks(site: Path) -> None:
    results = str(site / "results.json")
    command = [sys.executable, "-m", "pytest", "-q", "--runthrough", str(site)]
    subprocess.run(
        [*command, "--runthrough-results", results], cwd=site, check=True, capture_output=True
    )
    built = without_posix("sphinx.cmd.build:main", "-q", "-W", str(site), str(site / "_build"))
    assert (built.returncode, built.stderr) == (0, "")
    assert 'aria-label="Tested"' in (site / "_build" / "index.html").read_text()


@pytest.mark.slow
def test_a_run_without_what_windows_lacks_says_why_it_cannot_be(site: Path) -> None:
    ran = without_posix("pytest:main", "-q", "--runthrough", str(site))
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR, ran.stdout + ran.stderr
    assert ran.stderr.strip() == (
        "ERROR: Pages can't be run on this system, because Python has no pseudo-terminals here; "
        "on Windows, run this inside WSL (the Windows Subsystem for Linux)."
    )
    assert ran.stdout == ""


@pytest.mark.slow
def test_other_tests_are_run_without_what_windows_lacks(site: Path) -> None:
    (site / "test_ordinary.py").write_text("def test_it(): pass\n")
    ran = without_posix("pytest:main", "-q", str(site))
    assert ran.returncode == 0, ran.stdout + ran.stderr
