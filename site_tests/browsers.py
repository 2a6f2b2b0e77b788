"""Find the browser that this machine has; none is ever downloaded."""

from __future__ import annotations

import os
import shutil

VARIABLE = "CHROME_PATH"
NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    f"no browser: there is no {', '.join(NAMES)} on PATH, and {VARIABLE} names none. To run "
    "these tests, install one (on Debian and Ubuntu: apt-get install chromium)"
)


class NotABrowser(Exception):
    """The variable names something that cannot be started."""


def find() -> str | None:
    """Return the path of a Chromium or Chrome, None where there is none.

    Raises NotABrowser where the variable CHROME_PATH names no program.
    """
    named = os.environ.get(VARIABLE)
    if named and shutil.which(named) is None:
        raise NotABrowser(
            f"{VARIABLE} is {named!r}, which is no program. Let it name a Chromium or Chrome, or "
            f"unset it: then PATH is searched for {', '.join(NAMES)}"
        )
    return next(filter(None, map(shutil.which, [named] if named else NAMES)), None)
