"""Private API of pytest and pytest-xdist is in one module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import runthrough.plugin

FOLDER = Path(runthrough.plugin.__file__).parent
COMPAT = FOLDER / "_compat.py"
UNDOCUMENTED = {"showfspath", "global_and_fixture_disabled", "workerinput", "workeroutput"}
"""Names without an underscore that the documentation doesn't have all the same."""


def private(file: Path) -> Iterator[str]:
    """Yield each place of a module where it uses what others don't promise."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.ImportFrom(module=str(name)) if name.split(".")[0] == "_pytest":
                yield f"{file.name}:{node.lineno}: {name}"
            case ast.Attribute(value=owner, attr=name) if is_private(name) and not is_ours(owner):
                yield f"{file.name}:{node.lineno}: {name}"
            case ast.Constant(value=str(name)) if name in UNDOCUMENTED:
                yield f"{file.name}:{node.lineno}: {name}"


def is_private(name: str) -> bool:
    return name in UNDOCUMENTED or (name.startswith("_") and not name.endswith("__"))


def is_ours(owner: ast.expr) -> bool:
    return isinstance(owner, ast.Name) and owner.id in ("self", "cls", "_compat")


def test_no_other_module_uses_private_names() -> None:
    assert [
        place for file in FOLDER.glob("*.py") if file != COMPAT for place in private(file)
    ] == []


def test_what_is_found_is_found() -> None:
    """A check of the check: the one module that may use them does."""
    found = {place.rpartition(" ")[2] for place in private(COMPAT)}
    assert {"_pytest.fixtures", "_fixturemanager", *UNDOCUMENTED} <= found
