"""What a reader has at the end of a page, with the page's values: files, and services' data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from runthrough.running.context import Context
from runthrough.services import Instances, RunningService

VOLATILE = {".venv", "__pycache__", ".cache", ".local", ".bash_history", ".python_history"}
"""Names of what installers, interpreters and shells leave, which says nothing about the page."""
HEADING = "\1"
"""The start of a line that names a file, or a part of a service's data. Files that people write
have no such line."""


def ending(context: Context, services: Mapping[str, RunningService]) -> dict[str, str]:
    """Return what a page leaves: each file and part of a service, and a digest of its lines."""
    lines = [*files(context.workspace.home), *held(context.instances, services)]
    left: dict[str, list[str]] = {}
    for line in context.placeholders.normalise(context.placeholders.lines_to_page(lines)):
        if line.startswith(HEADING):
            here = left.setdefault(line, [])
        else:
            here.append(line)
    return {name: digest("\n".join(lines)) for name, lines in left.items()}


def digest(text: str) -> str:
    """Return a short text that stands for a long one."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def unstable(left: Mapping[str, str], again: Mapping[str, str]) -> frozenset[str]:
    """Return the names of what two runs of the same page leave differently."""
    return frozenset(name for name in {*left, *again} if left.get(name) != again.get(name))


def same_but(left: Mapping[str, str], other: Mapping[str, str], ignored: frozenset[str]) -> bool:
    """Return whether two runs leave the same, apart from what is ignored."""
    return unstable(left, other) <= ignored


def files(home: Path) -> Iterator[str]:
    """Yield the name and the lines of each file below a home that pages write themselves."""
    for file in sorted(home.rglob("*")):
        if file.is_file() and not VOLATILE & set(file.relative_to(home).parts):
            yield f"{HEADING}file {file}"
            yield from file.read_bytes().decode("utf-8", "backslashreplace").split("\n")


def held(instances: Instances, services: Mapping[str, RunningService]) -> Iterator[str]:
    """Yield the name and the lines of each part of what a page's instances hold."""
    for name, instance in instances.items():
        for part, lines in services[name].contents(instance).items():
            yield f"{HEADING}{name}: {part}"
            yield from lines
