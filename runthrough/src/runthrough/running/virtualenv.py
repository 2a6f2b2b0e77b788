"""A virtual environment that's active when a page begins, like the one that readers prepared."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from runthrough.model.converting import PREFIX
from runthrough.running.prepared import call, filled
from runthrough.running.snapshots.snapshot import ByteSubstitution, copy_tree
from runthrough.running.workspace import WorkspaceError, base_python
from runthrough.shell.shell import Shell

NAME = ".venv"


def make(folder: Path, requirements: Sequence[str], variables: Mapping[str, str], key: str) -> Path:
    """Make the environment that pages get copies of, and install the requirements in it.

    The one of a run before is used again if its `key` is the same. Raises WorkspaceError with what
    the failing command has printed.
    """
    made = folder / NAME
    described = "\n".join([key, str(base_python().resolve()), *requirements])
    with filled(folder, described) as is_empty:
        if is_empty:
            run("be created", [str(base_python()), "-m", "venv", str(made)], {})
            if requirements:
                install = [str(made / "bin" / "python"), "-m", "pip", "install", "--no-compile"]
                run("be filled", [*install, *requirements], variables)
    return made


def run(doing: str, command: Sequence[str], variables: Mapping[str, str]) -> None:
    """Run a command; raises WorkspaceError if it fails."""
    status, printed = call(command, variables)
    if status:
        raise WorkspaceError(
            f"no page can begin: the environment of {PREFIX}virtualenv can't {doing}. The end of "
            f"what was printed:\n{printed}\nTo fix this, try it by hand: {shlex.join(command)}"
        )


def folder(home: Path) -> Path:
    """Return where a page's own copy is."""
    return home / ".local" / NAME


def activate(made: Path, home: Path, shell: Shell) -> None:
    """Give a page its own copy, and activate it; the prompt stays as it is."""
    own = folder(home)
    copy_tree(made, own, ByteSubstitution({str(made): str(own)}))
    script = shlex.quote(str(own / "bin" / "activate"))
    shell.run_unseen(f"VIRTUAL_ENV_DISABLE_PROMPT=1 builtin . {script}")
