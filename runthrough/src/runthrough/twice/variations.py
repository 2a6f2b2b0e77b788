"""The circumstances of a run that a page must not depend on, and another value for each."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

ELSEWHERE = "Asia/Kathmandu"
"""UTC+5:45: neither whole hours nor summer time hide a difference."""
LATER = timedelta(days=3)
"""Far enough for another date and another weekday; certificates stay valid."""
PRELOADED = "datefudge/datefudge.so"
"""Where distributions put the library that shifts a program's clock, below a lib folder.

It isn't libfaketime: under that one, `time.sleep` and other waits fail or hang.
"""


@dataclass(frozen=True)
class Variation:
    """One circumstance, and the variables in a page's environment that change it."""

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""
    """Why this machine can't vary it; empty if it can."""

    def __str__(self) -> str:
        changed = " ".join(f"{name}={value}" for name, value in self.environment.items())
        return f"{self.name} ({changed})"


def variations() -> list[Variation]:
    """Return everything that is varied on purpose.

    Every run has a home, a port and a database of its own anyway.
    """
    return [
        Variation("time zone", {"TZ": ELSEWHERE}),
        other_locale(),
        Variation("hash seed", {"PYTHONHASHSEED": "4711"}),
        Variation("user name", {"USER": "somebody", "LOGNAME": "somebody"}),
        other_clock(),
    ]


def other_locale() -> Variation:
    """Choose a locale that is installed and sorts and writes numbers and dates otherwise.

    Messages stay in English: pages show them in English, and their authors can't do anything about
    a reader's system that translates them.
    """
    for name in installed_locales():
        if "utf" in name.lower() and not name.startswith(("C.", "en_US")):
            return Variation("locale", {"LANG": name, "LC_MESSAGES": "C.UTF-8", "LC_ALL": ""})
    return Variation(
        "locale",
        missing="only C and English locales are installed (see 'locale -a'); generate another one",
    )


def installed_locales() -> list[str]:
    """List the locales of this machine."""
    try:
        listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return listed.stdout.split()


def other_clock() -> Variation:
    """Shift the clock of the programs that a page starts, if the library for it is installed."""
    library = next(clock_libraries(), None)
    if library is None:
        return Variation("clock", missing="datefudge isn't installed (on Debian: datefudge)")
    # What is taken off the time, in seconds.
    shift = f"{-LATER.total_seconds():.0f}"
    return Variation("clock", {"LD_PRELOAD": str(library), "DATEFUDGE": shift})


def clock_libraries() -> Iterator[Path]:
    """Find datefudge's library."""
    for folder in ("/usr/lib", "/usr/local/lib", "/usr/lib64"):
        yield from (*Path(folder).glob(f"*/{PRELOADED}"), *Path(folder).glob(PRELOADED))
