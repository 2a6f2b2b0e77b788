"""The project under test: what it adds to every page, and the message if that's missing."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from runthrough.model.converting import PREFIX
from runthrough.model.places import shown
from runthrough.model.site import Site
from runthrough.running import virtualenv, wheels
from runthrough.running.context import Context
from runthrough.running.workspace import WorkspaceError

NOT_FOUND = re.compile(r"bash: (?:line \d+: )?(\S+): command not found")
"""What bash prints for a command that is in no folder of PATH."""


@dataclass(frozen=True)
class Project:
    """What the settings of a site add to the environment of every page."""

    path: tuple[Path, ...] = ()
    """Folders that come first on PATH."""
    wheels: Path | None = None
    """The folder with the wheels of projects that pages install."""
    key: str = ""
    """Changes with these projects."""
    virtualenv: Path | None = None
    """The environment that each page gets a copy of."""

    def variables(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of a page that make pip and uv find the wheels, added to its own."""
        return {} if self.wheels is None else wheels.environment(self.wheels, given)


def open_project(site: Site, folder: Path) -> Project:
    """Find or build in a folder what the settings name; raises WorkspaceError if it can't."""
    project = Project(tuple(folder_on_path(site.confdir, path) for path in site.settings.path))
    if site.settings.projects:
        built = folder / "wheels"
        project = replace(project, wheels=built, key=wheels.build_wheels(site, built))
    requirements = site.settings.virtualenv
    if requirements is not None:
        variables = project.variables(os.environ)
        made = virtualenv.make(folder / "virtualenv", requirements, variables, project.key)
        project = replace(project, virtualenv=made)
    return project


def folder_on_path(confdir: Path, path: str) -> Path:
    """Return a folder that conf.py adds to PATH; raises WorkspaceError if there's none."""
    folder = (confdir / path).resolve()
    if folder.is_dir():
        return folder
    advice = "create it"
    if folder.name == "bin" and "venv" in folder.parent.name:
        environment = shown(folder.parent)
        install = f"{shown(folder)}/pip install -e {shown(folder.parent.parent)}"
        advice = f"create the environment ('python3 -m venv {environment}; {install}')"
    raise WorkspaceError(
        f"no page can begin: conf.py: {PREFIX}path lists {path!r}, but there's no folder "
        f"{shown(folder)}\nTo fix this, {advice}, or give another folder in conf.py."
    )


def not_found_in(line: str) -> str:
    """Return the program that bash says in a line is in no folder of PATH; empty if it doesn't."""
    found = NOT_FOUND.fullmatch(line)
    return found[1] if found and "/" not in found[1] else ""


def advice_on_path(context: Context, printed: Sequence[str]) -> str:
    """Return where bash looked for a command that it hasn't found; nothing if it found all."""
    name = next(filter(None, map(not_found_in, printed)), "")
    if not name:
        return ""
    path = context.shell.run_unseen("builtin printf '%s' \"$PATH\"").output.decode(errors="replace")
    return (
        f"No folder on the page's PATH has {context.to_page(name)!r}: {context.to_page(path)}. If "
        f"it's a command of your project, add its folder to {PREFIX}path in conf.py."
    )
