"""Find a docstring that autodoc has put on a page in the module that it comes from."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

from runthrough.model.places import Place

MARK = ":docstring of "
"""How autodoc names the source of a docstring: the module's file, this, and the object."""

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def real(place: Place) -> Place:
    """Turn a line of a docstring into a line of its file; other places stay as they are.

    Only the file is returned where the docstring isn't found in it.
    """
    file, mark, name = str(place.file).partition(MARK)
    if not mark:
        return place
    known = docstrings(Path(file)) if place.line is not None else {}
    first = next((line for own, line in known.items() if name.endswith(own)), None)
    return Place(Path(file), None if first is None else first + (place.line or 1) - 1)


@lru_cache(maxsize=64)
def docstrings(file: Path) -> dict[str, int]:
    """Return the line at which the text of each docstring begins, longest names first.

    A name is as the module has it: `.Kettle.pour` for a method, nothing for the module.
    """
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return {}
    found = dict(documented(tree, ""))
    return dict(sorted(found.items(), key=lambda one: -len(one[0])))


def documented(node: Documented, name: str) -> list[tuple[str, int]]:
    """List an object and its members, each with the first line of its docstring's text."""
    found = []
    text = ast.get_docstring(node, clean=False)
    if text is not None:
        blank = len(text) - len(text.lstrip("\n \t"))
        found.append((name, node.body[0].lineno + text[:blank].count("\n")))
    for child in node.body:
        if isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            found += documented(child, f"{name}.{child.name}")
    return found
