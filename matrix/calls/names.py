"""The public names of a package, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PROTOCOL = {"__aenter__", "__aiter__", "__await__", "__call__", "__iter__"}
"""What `async with`, `async for`, `await`, `()` and `for` call: a user writes these too."""


def public_names(package: Path) -> list[str]:
    """List the functions and classes of a package or module, and the attributes of the classes."""
    files = sorted(package.rglob("*.py")) if package.is_dir() else [package]
    found: list[str] = []
    for file in files:
        parts = file.relative_to(package.parent).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        if not any(part.startswith("__") for part in parts if part != "__init__"):
            found += (f"{module}.{name}" for name in _in_module(ast.parse(file.read_text())))
    return sorted(set(found))


def _in_module(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _is_public(node.name):
            yield node.name
        elif isinstance(node, ast.ClassDef) and _is_public(node.name):
            yield node.name
            yield from (f"{node.name}.{name}" for name in _in_class(node))


def _in_class(tree: ast.ClassDef) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if _is_public(node.name) or node.name in PROTOCOL:
                yield node.name
            if node.name == "__init__":
                yield from _of_instance(node)
        elif isinstance(node, ast.Assign):
            names = (target.id for target in node.targets if isinstance(target, ast.Name))
            yield from (name for name in names if _is_public(name))


def _of_instance(method: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """Yield what `__init__` sets on self."""
    for node in ast.walk(method):
        match node:
            case ast.Attribute(ast.Name("self"), name, ast.Store()) if _is_public(name):
                yield name


def _is_public(name: str) -> bool:
    return not name.startswith("_")
