"""Whether git could bring a file back as it is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

OUTSIDE = "not a git repository"


def uncommitted(file: Path) -> str | None:
    """Tell why git could not bring a file back as it is; None where it could.

    None, too, for what git has no part in: files outside of a repository, and ignored ones.
    """
    asked = ("git", "status", "--porcelain", "--untracked-files=all", "--", file.name)
    try:
        git = subprocess.run(
            asked,
            cwd=file.parent,
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        inside = any((folder / ".git").exists() for folder in file.parents)
        return (
            "it is in a git repository, and there is no git to ask. Install git" if inside else None
        )
    said = git.stderr.decode(errors="replace").strip()
    if git.returncode:
        return (
            None
            if OUTSIDE in said
            else f"git cannot tell whether it is committed: {said}. Mend that"
        )
    return "it has changes that are not committed. Commit them first" if git.stdout else None
