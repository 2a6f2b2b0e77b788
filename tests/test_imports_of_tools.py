"""The site's own tools use no more of runthrough than what it offers to everyone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import runthrough

ROOT = Path(__file__).parents[1]
OURS = ("docs/_ext", "docs/conf.py", "matrix", "noxfile.py", "site_tests", "tests")


def internal_names(file: Path) -> Iterator[str]:
    """Yield what a file imports of runthrough that isn't public."""
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


@pytest.mark.parametrize("name", OURS)
def test_only_public_names_are_imported(name: str) -> None:
    path = ROOT / name
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    assert files
    assert [f"{file}: {one}" for file in files for one in internal_names(file)] == []


def test_an_internal_name_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "tool.py"
    file.write_text(
        "import runthrough.shell\nfrom runthrough import HOMES, Site\n"
        "def late():\n    from runthrough.running.runner import Runner\n"
    )
    assert list(internal_names(file)) == [
        "runthrough.shell",
        "runthrough.HOMES",
        "runthrough.running.runner",
    ]
