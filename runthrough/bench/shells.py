"""What it costs to run a page of cheap commands, and to compare what they print."""

from __future__ import annotations

import subprocess

from bench.figures import Figure, compare, cpu_seconds
from bench.pages import command, page, run

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
CHEAP = "printf '%s\\n' one two three"
MANY = 1000


def typed(number: int) -> None:
    """Run a page with a cheap command so many times."""
    run(page(*[command(CHEAP, ("one", "two", "three"))] * number))


def script(number: int) -> None:
    """Have bash run the same from a script."""
    subprocess.run(
        ["bash", "-e"],
        input=f"{CHEAP}\n" * number,
        stdout=subprocess.DEVNULL,
        env=ENVIRONMENT,
        text=True,
        check=True,
    )


def growth() -> Figure:
    """Compare ten times as many commands."""
    return compare(lambda: typed(MANY), lambda: typed(MANY // 10))


def against_bash() -> Figure:
    """Compare with bash alone."""
    return compare(lambda: typed(MANY), lambda: script(MANY))


def cpu_of_a_command() -> Figure:
    """Take the processor's seconds of one command, and of one in a script of bash.

    What starting costs is left out of both. The difference is what a command costs more.
    """
    full = compare(lambda: typed(MANY), lambda: script(MANY), unit=cpu_seconds)
    empty = compare(lambda: typed(0), lambda: script(0), unit=cpu_seconds)
    one = (full.seconds - empty.seconds) / MANY
    other = (full.against - empty.against) / MANY
    return Figure(one, other, one / other)


def start() -> Figure:
    """Compare a page on which nothing is typed with a bash that has nothing to do."""
    return compare(lambda: typed(0), lambda: script(0))
