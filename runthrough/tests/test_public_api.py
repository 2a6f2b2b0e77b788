"""`runthrough.__all__` is what others may use: it's loaded on demand, and enough for our tools."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import runthrough

ROOT = Path(__file__).parents[1]
HEAVY = {"docutils", "fcntl", "psycopg", "pty", "pytest", "sphinx", "termios"}


@pytest.mark.parametrize("name", runthrough.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(runthrough, name) is not None
    assert name in dir(runthrough)


def test_no_other_name_is() -> None:
    with pytest.raises(AttributeError, match="module 'runthrough' has no attribute 'Walks'"):
        runthrough.Walks  # noqa: B018


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse((ROOT / "src" / "runthrough" / "__init__.py").read_text())
    (guard,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {
        (node.module, alias.name)
        for node in guard.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("runthrough.")
        for alias in node.names
    }
    homes = runthrough.HOMES.items()
    assert seen == {(f"runthrough.{module}", name) for module, names in homes for name in names}
    assert {name for _, name in seen} | {"__version__", "setup"} == set(runthrough.__all__)


def test_importing_the_package_loads_nothing_else() -> None:
    program = "import sys, runthrough; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    loaded = set(ran.stdout.split())
    assert loaded & HEAVY == set()
    assert {name for name in loaded if name.startswith("runthrough.")} == {"runthrough._version"}


def internal_names(file: Path) -> Iterator[str]:
    """Yield what a file imports of the package that isn't public."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "runthrough":
            public = runthrough.__all__
            names = [f"runthrough.{one.name}" for one in node.names if one.name not in public]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        yield from (name for name in names if name.startswith("runthrough."))


def test_the_benchmarks_use_what_is_public(tmp_path: Path) -> None:
    wrong = "from runthrough.running.runner import Runner\nfrom runthrough import HOMES, Runner\n"
    (tmp_path / "wrong.py").write_text(f"{wrong}import runthrough.shell\n")
    assert list(internal_names(tmp_path / "wrong.py")) == [
        "runthrough.running.runner",
        "runthrough.HOMES",
        "runthrough.shell",
    ]
    files = sorted((ROOT / "bench").rglob("*.py"))
    assert [f"{file}: {one}" for file in files for one in internal_names(file)] == []


def test_the_reference_has_every_public_name() -> None:
    pages = ("api", "dialects")
    text = "\n".join((ROOT / "docs" / f"{name}.rst").read_text() for name in pages)
    documented = set(
        re.findall(r"^\.\. (?:auto|py:)\w+:: (?:runthrough\.)?(\w+)", text, re.MULTILINE)
    )
    assert set(runthrough.__all__) - {"__version__", "setup"} == documented
