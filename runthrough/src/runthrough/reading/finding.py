"""Find the Sphinx project that a file or a folder belongs to, without executing anything."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOTS = ("root_doc", "master_doc")
"""Settings that name the first page; Sphinx's default is 'index'."""
SUFFIXES = frozenset({".rst", ".md", ".txt", ".ipynb", ".rest", ".markdown", ".myst"})
"""Suffixes of pages, whatever conf.py says; `source_suffix` there may name others."""
ALONE = frozenset({".rst", ".rest", ".md", ".markdown"})
"""Suffixes of files that can be a page by themselves, without a Sphinx project."""
TELLING = frozenset(
    {
        *("extensions", "exclude_patterns", "html_theme", "source_suffix", "templates_path"),
        *ROOTS,
    }
)
"""Settings that a conf.py of Sphinx often has, and that of another program hardly ever."""


def find_confdir(path: Path) -> Path | None:
    """Find the folder of the Sphinx project that a file or folder belongs to: its own or above.

    The path is taken as it's written: `docs/page.rst` belongs to `docs`, also where `docs` is a
    link to a folder elsewhere.
    """
    for folder in (path, *path.parents) if path.is_dir() else path.parents:
        if is_project(folder):
            return folder
    return None


def is_alone(file: Path) -> bool:
    """Return whether a file can be read by itself: it's part of no Sphinx project, by any way."""
    ways = (file, Path(os.path.realpath(file)))
    return file.suffix in ALONE and file.is_file() and not any(map(find_confdir, ways))


def is_project(folder: Path) -> bool:
    """Return whether a folder's conf.py is that of a Sphinx project.

    Other programs have a conf.py, too. Sphinx's is next to the first page of the site, or assigns
    what Sphinx knows; in a Python package, it needs both.
    """
    conf = folder / "conf.py"
    if not conf.is_file():
        return False
    tells = any(one in TELLING or one.startswith("runthrough_") for one in assignments(conf))
    has_page = first_page(folder) is not None
    return (tells and has_page) if (folder / "__init__.py").exists() else (tells or has_page)


def first_page(folder: Path) -> Path | None:
    """Find the page at which the site of a folder begins."""
    assigned = assignments(folder / "conf.py")
    names = [text for root in ROOTS for text in assigned.get(root, ())] or ["index"]
    suffixes = SUFFIXES | set(assigned.get("source_suffix", ()))
    pages = (folder / f"{name}{suffix}" for name in names for suffix in sorted(suffixes))
    return next((page for page in pages if page.is_file()), None)


def may_be_page(file: Path, confdir: Path) -> bool:
    """Return whether a file can be a page: a module next to the pages is one only if conf.py says.

    So a run that asks for tests in a project's folder doesn't execute its conf.py.
    """
    suffixes = assignments(confdir / "conf.py").get("source_suffix", ())
    return file.suffix != ".py" or ".py" in suffixes


def assignments(conf: Path) -> dict[str, tuple[str, ...]]:
    """Return the names that a conf.py assigns, with the texts that are written in their values."""
    try:
        return parsed(conf, conf.stat().st_mtime_ns)
    except OSError:
        return {}


@lru_cache(maxsize=64)
def parsed(conf: Path, mtime: int) -> dict[str, tuple[str, ...]]:
    """Parse a conf.py; one that isn't Python assigns nothing."""
    try:
        tree = ast.parse(conf.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for name, value in assigned_in(tree):
        found[name] = (*found.get(name, ()), *texts_in(value))
    return found


def assigned_in(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name that is assigned, with its value."""
    for statement in ast.walk(tree):
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, statement.value
        elif (
            isinstance(statement, (ast.AnnAssign, ast.AugAssign))
            and isinstance(statement.target, ast.Name)
            and statement.value is not None
        ):
            yield statement.target.id, statement.value


def texts_in(value: ast.expr) -> Iterator[str]:
    """Yield the texts that are written out in a value."""
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
