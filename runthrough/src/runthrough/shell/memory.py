"""Serialise a bash session to a script that restores it.

It restores the folder and those of `pushd`, variables, positional parameters, functions, aliases,
traps, options, the umask and the history, but not open files, jobs and limits.
"""

from __future__ import annotations

import shlex
from pathlib import Path

NOT_CARRIED = (
    *("BASH", "BASHOPTS", "BASHPID", "BASH_ALIASES", "BASH_ARGC", "BASH_ARGV", "BASH_ARGV0"),
    *("BASH_CMDS", "BASH_COMMAND", "BASH_LINENO", "BASH_SOURCE", "BASH_SUBSHELL"),
    *("BASH_VERSINFO", "BASH_VERSION", "COMP_WORDBREAKS", "DIRSTACK", "EPOCHREALTIME"),
    *("EPOCHSECONDS", "EUID", "FUNCNAME", "GROUPS", "HISTCMD", "LINENO", "OLDPWD"),
    *("PIPESTATUS", "PPID", "PWD", "RANDOM", "RUNTHROUGH_NAME", "SECONDS", "SHELLOPTS"),
    *("SRANDOM", "UID", "_", "IFS"),
)
"""Variables that bash itself sets, or that are saved in another way."""

# The variables come one by one: those that bash doesn't let us set must be left out, and a value
# of several lines cannot be told from another variable afterwards. Options come almost last,
# since `set -eu` would hold for the script itself; aliases come last, since they would too.
SCRIPT = """\
builtin shopt -p
builtin umask -p
builtin declare -f
builtin declare -p IFS
(
  IFS=$' \\t\\n'
  for RUNTHROUGH_NAME in $(builtin compgen -v); do
    case $RUNTHROUGH_NAME in
      {names}) ;;
      *) builtin declare -p "$RUNTHROUGH_NAME" || builtin : ;;
    esac
  done
)
builtin printf 'builtin cd -P -- %q\\n' "$PWD"
builtin printf 'builtin set --'
(($#)) && builtin printf ' %q' "$@"
builtin printf '\\n'
(
  for ((RUNTHROUGH_NAME = ${{#DIRSTACK[@]}} - 1; RUNTHROUGH_NAME > 0; RUNTHROUGH_NAME--)); do
    builtin printf 'builtin pushd -n -- %q > /dev/null\\n' "${{DIRSTACK[RUNTHROUGH_NAME]}}"
  done
  HISTTIMEFORMAT=
  builtin history -w {history}
)
[[ -v OLDPWD ]] && builtin declare -p OLDPWD
builtin trap -p
builtin set +o
builtin alias -p
"""


def writer(history: Path) -> str:
    """Return the script that prints the state of a bash, and keeps its history in a file."""
    return SCRIPT.format(names="|".join(NOT_CARRIED), history=shlex.quote(str(history)))


def to_write(script: Path, memory: Path) -> str:
    """Return the command that runs the `script` and keeps what it prints in the file `memory`."""
    return f"builtin . {shlex.quote(str(script))} >| {shlex.quote(str(memory))} 2> /dev/null"


def to_recall(memory: Path, history: Path) -> str:
    """Return the command by which another bash goes on from what the first has written."""
    # The history comes last: what follows `set -o history` in the memory would be part of it.
    read = f"builtin history -c; builtin history -r {shlex.quote(str(history))}"
    return f"builtin . {shlex.quote(str(memory))}; {read}"
