"""Ask bash whether a command is complete."""

from __future__ import annotations

import re
import subprocess
from functools import lru_cache

from runthrough.shell.bash import find_bash

MAYBE_OPEN = re.compile(
    r"""["'`({[|&\\]|<<|\b(?:for|while|until|if|case|select|do|then|else|elif|in|function)\b"""
)
"""What a line must contain for bash to ask for another one after it."""


@lru_cache(maxsize=4096)
def is_complete(command: str) -> bool:
    """Return whether bash would run this command, rather than ask for another line of it."""
    if not MAYBE_OPEN.search(command):
        return True
    if command.endswith("\\") and is_open(command[:-1] + "'"):
        return False  # a quote counts there, so the backslash does: it is in no comment
    return not is_open(command)


def is_open(command: str) -> bool:
    """Ask bash whether a command lacks its end; a last backslash doesn't count."""
    checked = subprocess.run(
        [str(find_bash().path), "--norc", "--noprofile", "-n"],
        input=command.encode() + b"\n",
        capture_output=True,
        env={"LC_ALL": "C"},
        check=False,
    )
    complaints = checked.stderr.decode(errors="replace")
    return bool(re.search(r"unexpected (end of file|EOF)|delimited by end-of-file", complaints))
