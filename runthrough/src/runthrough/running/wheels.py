"""Build a wheel of the project under test, so that `pip install` means this commit of it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename

from runthrough.model.contents import contents
from runthrough.model.converting import PREFIX
from runthrough.model.places import shown
from runthrough.model.site import Site
from runthrough.running.prepared import call, filled
from runthrough.running.workspace import WorkspaceError, base_python
from runthrough.sources.git import GitError, ask, run

BUILD_TAG = "999999999"
"""Part of a wheel's name by which pip and uv prefer it to a published one of the same version."""
CONSTRAINTS = "constraints.txt"
LEFT_OUT = (".git", ".venv", "venv", "build", "dist", "node_modules", "__pycache__", ".tox", ".nox")
"""Folders that don't belong to a project, if git can't say which do."""


@dataclass(frozen=True)
class Source:
    """A project under test, as it is in the working tree."""

    name: str
    folder: Path
    """That of its pyproject.toml."""
    top: Path
    """That of the repository, which a build may read as a whole."""
    files: tuple[Path, ...]
    """Those that belong to it, below `top`."""
    git: str = ""
    """The folder in which git keeps the repository; empty outside of git."""
    commit: str = ""

    @classmethod
    def find(cls, name: str, folder: Path) -> Source:
        """Find the files of a project; those that git ignores aren't part of it."""
        try:
            top = Path(os.fsdecode(ask(folder, "rev-parse", "--show-toplevel")).rstrip("\n"))
            git = os.fsdecode(ask(folder, "rev-parse", "--absolute-git-dir")).rstrip("\n")
            listed = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
            names = os.fsdecode(ask(top, *listed)).split("\0")[:-1]
        except GitError:
            return cls(name, folder, folder, tuple(files_below(folder)))
        files = [top / one for one in dict.fromkeys(names)]
        commit = run(folder, "rev-parse", "--verify", "--quiet", "HEAD").stdout.decode()
        return cls(name, folder, top, tuple(one for one in files if one.exists()), git, commit)

    def key(self, without: Path) -> str:
        """Return what changes with the project, but not with the pages in the folder `without`.

        A project that is in this folder itself counts as a whole, with its pages.
        """
        is_inside = self.folder.is_relative_to(without)
        counted = [one for one in self.files if is_inside or not one.is_relative_to(without)]
        parts = [part for one in sorted(counted) for part in (str(one), *contents(one))]
        return hashlib.sha256("\0".join([self.commit, *parts]).encode()).hexdigest()

    def copy_to(self, target: Path) -> Path:
        """Copy the files, so that a build leaves nothing next to them; return the project's folder.

        The copy is a work tree of the same repository, from which some builds take the version.
        """
        for file in self.files:
            copy = target / file.relative_to(self.top)
            copy.parent.mkdir(parents=True, exist_ok=True)
            if file.is_dir() and not file.is_symlink():  # a submodule
                shutil.copytree(file, copy, symlinks=True)
            else:
                shutil.copy2(file, copy, follow_symlinks=False)
        if self.git:
            (target / ".git").write_text(f"gitdir: {self.git}\n")
        return target / self.folder.relative_to(self.top)


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the files of a project that's in no git repository."""
    for root, folders, names in os.walk(folder):
        left_out = [one for one in folders if one in LEFT_OUT or one.endswith(".egg-info")]
        folders[:] = [one for one in folders if one not in left_out]
        yield from (Path(root, name) for name in names)


def build_wheels(site: Site, folder: Path) -> str:
    """Fill a folder with a wheel of each project and their constraints; return a key for them.

    What a run before has left there is used again if the projects are the same. Raises
    WorkspaceError with what the builder has printed.
    """
    sources = [find_source(site, *given) for given in site.settings.projects.items()]
    without = site.confdir.resolve()
    key = " ".join(source.key(without) for source in sources)
    with filled(folder, key) as is_empty:
        if is_empty:
            pins = [build(source, folder) for source in sources]
            (folder / CONSTRAINTS).write_text("".join(f"{pin}\n" for pin in pins))
    return key


def find_source(site: Site, name: str, path: str) -> Source:
    """Find a project that conf.py names; raises WorkspaceError if there's none."""
    folder = (site.confdir / path).resolve()
    if not any((folder / one).is_file() for one in ("pyproject.toml", "setup.py")):
        raise cannot_begin(
            name,
            f"is {path!r}, but there's no pyproject.toml in {shown(folder)}",
            "give the folder of the project's pyproject.toml, relative to conf.py",
        )
    return Source.find(name, folder)


def build(source: Source, folder: Path) -> str:
    """Build the wheel of a project in a folder; return the requirement that takes it alone."""
    copy, made = folder / "source", folder / "built"
    try:
        command = [*pip(folder), "wheel", "--no-deps", "--wheel-dir", str(made)]
        status, printed = call([*command, str(source.copy_to(copy))], {"GIT_OPTIONAL_LOCKS": "0"})
        wheels = list(made.glob("*.whl"))
        if status or len(wheels) != 1:
            raise cannot_begin(
                source.name,
                f"can't be built as a wheel. The end of what pip printed:\n{printed}",
                f"try it by hand: python3 -m pip wheel --no-deps {shown(source.folder)}",
            )
        return take(source, wheels[0], folder)
    finally:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.rmtree(made, ignore_errors=True)


def take(source: Source, wheel: Path, folder: Path) -> str:
    """Put a wheel that was built where pages find it; return the requirement that takes it."""
    name, version, _, _ = parse_wheel_filename(wheel.name)
    if name != canonicalize_name(source.name):
        raise cannot_begin(
            source.name,
            f"is a folder whose wheel has a different name, {str(name)!r}",
            f"write runthrough_projects = {{{str(name)!r}: ...}} in conf.py",
        )
    parts = wheel.name.split("-")
    wheel.rename(folder / "-".join([*parts[:2], BUILD_TAG, *parts[-3:]]))
    return f"{name}=={version}"


def pip(folder: Path) -> Sequence[str]:
    """Return the command for pip: ours, or one of a new environment where we have none."""
    if find_spec("pip") is not None:
        return sys.executable, "-m", "pip"
    environment = folder / "pip"
    if not environment.exists():
        subprocess.run([base_python(), "-m", "venv", environment], check=True, capture_output=True)
    return (str(environment / "bin" / "pip"),)


def cannot_begin(name: str, what: str, advice: str) -> WorkspaceError:
    """Return the error for a project whose wheel can't be built."""
    return WorkspaceError(
        f"no page can begin: conf.py: {PREFIX}projects[{name!r}] {what}\nTo fix this, {advice}."
    )


def environment(folder: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables by which pip and uv take the wheels of a folder.

    They add to those that a page already has from its caller.
    """
    added = {
        "PIP_FIND_LINKS": (" ", folder),
        "UV_FIND_LINKS": (",", folder),
        "PIP_CONSTRAINT": (" ", folder / CONSTRAINTS),
        "UV_CONSTRAINT": (" ", folder / CONSTRAINTS),
    }
    return {
        name: separator.join(filter(None, [given.get(name), str(path)]))
        for name, (separator, path) in added.items()
    }
