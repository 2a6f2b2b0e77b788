"""The markers that bash prints around each command, and what makes bash print them.

Markers are kept apart from outputs by a nonce. In bash's words: PS0 is printed when a command
begins (marker S); PROMPT_COMMAND runs when it has ended, and reports its status (E); PS1 is the
prompt, with a marker at its beginning and its end (B and P); PS2 is the prompt for a further line
(C). A page may set all four. Two of them therefore guard each other:

- Our part of PROMPT_COMMAND puts the markers back into PS0, PS1 and PS2. Since bash 5.1 the
  variable is an array, and ours is its last element: a page that sets PROMPT_COMMAND sets the
  first, and both run.
- If PS1 is printed and PROMPT_COMMAND has reported nothing, the page has replaced it. Then we
  type a line that reports the status and adds our part again.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from runthrough.shell.bash import find_bash

BEGIN, FIELD, END = b"\x1e", b"\x1d", b"\x1f"
ARRAY = (5, 1)
"""The first release of bash whose PROMPT_COMMAND may be an array."""
NEGATIVE = (5, 0)
"""The first release whose `history -d` counts from the end."""


@dataclass(frozen=True)
class CommandEnd:
    """What bash reports at the end of a command."""

    status: int
    directory: str
    background: int | None
    """Process id of the job started last in the background."""
    options: frozenset[str]
    """The shell options that are on, such as errexit and pipefail."""
    virtual_env: str
    parts: tuple[int, ...]
    """The status of each part of the last pipeline."""
    trapped: bytes
    """What a DEBUG trap of the page prints before each command of ours."""


def new_nonce() -> bytes:
    """Make up a string that no command prints by chance."""
    return b"RT" + secrets.token_hex(8).encode()


def read_end(fields: Sequence[bytes]) -> CommandEnd | None:
    """Read the fields of a marker E; None if they aren't what our part of bash prints."""
    try:
        _, status, directory, background, options, virtual_env, *parts, trapped = fields
        return CommandEnd(
            int(status),
            os.fsdecode(directory),
            int(background) if background else None,
            frozenset(options.decode().split(":")),
            os.fsdecode(virtual_env),
            tuple(int(part) for part in parts if part),
            trapped,
        )
    except ValueError:
        return None


class Markers:
    """The lines that make one bash print markers with a nonce."""

    def __init__(self, nonce: bytes) -> None:
        self.nonce = nonce
        self.name = nonce.decode()
        self.written = re.compile(rb"\\036" + nonce + rb"\\035[SBPC]\\035\\037")
        """A marker as it is written in a prompt."""

    def printed(self, kind: str) -> str:
        """Write a marker as bash's prompts do, so that `echo "$PS1"` prints no marker."""
        return rf"'\036{self.name}\035{kind}\035\037'"

    def report(self) -> str:
        """Write the command that prints marker E.

        It goes to the terminal, wherever `exec` has sent the shell's output. Each command of ours
        contains the nonce, so that its trace under `set -x` can be told from the page's.
        """
        told = '"$?" "$PWD" "${!-}" "$SHELLOPTS" "${VIRTUAL_ENV-}" "${PIPESTATUS[@]}"'
        return (
            rf"{{ \builtin printf '%s\035' $'\036{self.name}' E {told}; "
            rf"\builtin printf '\037%.0s' {self.name}; }} >/dev/tty"
        )

    def guard(self) -> str:
        """Write the command that puts the markers into PS0, PS1 and PS2 if one is missing."""
        begins, before, after, further = map(self.printed, "SBPC")
        return (
            f"case {self.name}${{PS0-}}${{PS1-}}${{PS2-}} in "
            f"{self.name}*{begins}{before}*{after}*{further}) ;; "
            f"*) PS0={begins}${{PS0-}} PS0=${{PS0//{begins}}}{begins} "
            f"PS1={after}${{PS1-}} PS1={before}${{PS1//{before}}} PS1=${{PS1//{after}}}{after} "
            f"PS2={further}${{PS2-}} PS2=${{PS2//{further}}}{further};; esac"
        )

    def forget(self) -> str:
        """Write the command that removes the line being run from the history, if it's there."""
        last = "-1" if find_bash().version >= NEGATIVE else '"$HISTCMD"'
        return (
            rf"case $(HISTTIMEFORMAT= \builtin history 1) in *{self.name}*) "
            rf"\builtin history -d {last};; esac"
        )

    def take_part(self) -> str:
        """Write the command that adds our part to PROMPT_COMMAND."""
        ours = shlex.quote(f"{self.report()}; {self.guard()}")
        if find_bash().version >= ARRAY:
            return f"PROMPT_COMMAND[${{#PROMPT_COMMAND[@]}}+9]={ours}"
        return f"PROMPT_COMMAND={ours}${{PROMPT_COMMAND:+$'\\n'$PROMPT_COMMAND}}"

    def restoration(self) -> str:
        """Write the line that reports the last command's status and brings the markers back."""
        return f"{self.report()}; {self.take_part()}; {self.forget()}"

    def introduction(self) -> str:
        """Write the first line of a shell.

        History and its expansion are on, as for any reader; but no file is written.
        """
        return (
            rf"\builtin umask 022; \builtin unset HISTFILE; PS1='$ '; {self.take_part()}; "
            rf"\builtin history -c"
        )

    def adoption(self) -> str:
        """Write the first line for a shell that the page has started within its own."""
        return (
            r"\builtin set +o emacs; \builtin set +o vi; \builtin unset HISTFILE; "
            f"{self.restoration()}"
        )
