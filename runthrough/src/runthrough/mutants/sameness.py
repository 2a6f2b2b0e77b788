"""Recognise an edit that changes nothing but comments, docstrings or blank lines of a file."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from runthrough.model.steps import Listing, Patch, Step


def same_meaning(before: Step, after: Step) -> bool:
    """Return whether two steps leave files that do the same."""
    if isinstance(before, Listing) and isinstance(after, Listing) and before.path == after.path:
        texts = [[line.text for line in step.lines] for step in (before, after)]
        return meaning(texts[0]) == meaning(texts[1])
    if isinstance(before, Patch) and isinstance(after, Patch) and before.path == after.path:
        return changes(before) == changes(after)
    return False


def meaning(lines: Sequence[str]) -> object:
    """Return what a file does: Python's syntax tree, or the lines that aren't comments."""
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError):
        return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:]
    return ast.dump(tree)


def changes(step: Patch) -> list[str]:
    """Return the lines that a diff adds or removes, without comments and blank lines."""
    lines = (line.text for hunk in step.hunks for line in hunk)
    return [
        line
        for line in lines
        if line[:1] in ("+", "-") and line[1:].strip() and not line[1:].lstrip().startswith("#")
    ]
