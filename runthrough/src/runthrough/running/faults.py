"""Turn an error that isn't the page's fault into a failure at a place on the page.

A full disk, an unreadable folder or a lost process can affect any step. Each becomes a failure like
any other, so that the run carries on and its report is complete.
"""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Callable
from pathlib import Path

from runthrough.model.places import Place
from runthrough.model.results import Failure
from runthrough.processes.supervised import SupervisionError
from runthrough.running.snapshots.snapshot import SnapshotError
from runthrough.running.workspace import WorkspaceError
from runthrough.services import ServiceError

FRAMES = 8
"""How many of the last calls an internal error shows."""
PACKAGE = Path(__file__).parents[1]
NO_SPACE = "Free some space there, or set TMPDIR to a folder on a disk that has more."
MODES = "Check its permissions and owner: an earlier step may have changed them."
FEWER = "or run fewer workers of pytest-xdist at once."
ADVICE = {
    errno.ENOSPC: NO_SPACE,
    errno.EDQUOT: NO_SPACE,
    errno.EFBIG: "Raise the limit on the size of a file (ulimit -f).",
    errno.EMFILE: f"Raise the limit on open files (ulimit -n), {FEWER}",
    errno.ENFILE: f"Close files elsewhere on this machine, {FEWER}",
    errno.EAGAIN: f"Raise the limit on processes (ulimit -u), {FEWER}",
    errno.ENOMEM: f"Free some memory, {FEWER}",
    errno.EACCES: MODES,
    errno.EPERM: MODES,
    errno.EROFS: "Set TMPDIR to a folder that you can write to.",
}
"""What to do, by the number of the system's error."""
KNOWN = (ServiceError, SnapshotError, WorkspaceError)
"""Errors whose own message says what is wrong."""
KNOWN_ADVICE = "Fix that on the page or on this machine, and run the page again."
REPORT = (
    "This is a bug in runthrough, not a mistake on the page. Please report it, with the lines "
    "above."
)


def failure_of(
    error: Exception, place: Place, doing: str, to_page: Callable[[str], str] | None = None
) -> Failure:
    """Describe an exception that no step raises on purpose; `doing` says what was being done.

    What the system refuses is said in plain words; anything else is an internal error, shown with
    its last calls. `to_page` puts the page's values in place of the run's; without it, no file is
    named, because it would be one of this machine.
    """
    file = getattr(error, "filename", None) if to_page else None
    to_page = to_page or str
    if isinstance(error, SupervisionError):
        return Failure(place, f"{doing}: {error}", lost_advice(error))
    if isinstance(error, KNOWN):
        return Failure(place, f"{doing}: {to_page(str(error))}", KNOWN_ADVICE)
    if isinstance(error, OSError):
        return Failure(place, f"{doing}: {to_page(refusal(error, file))}", advice_on(error))
    if isinstance(error, MemoryError):
        return Failure(place, f"{doing}: there isn't enough memory", ADVICE[errno.ENOMEM])
    what = f"internal error: {doing}: {type(error).__name__}: {to_page(str(error))}"
    return Failure(place, what, REPORT, printed=tuple(map(to_page, last_calls(error))))


def last_calls(error: Exception) -> list[str]:
    """Return where an exception was raised, and the calls that led there."""
    return [
        f"{inside(Path(frame.filename))}:{frame.lineno} in {frame.name}: {frame.line}"
        for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]
    ]


def refusal(error: OSError, file: str | bytes | None = None) -> str:
    """Return what the system refused, and for which file if it's to be named."""
    why = error.strerror or type(error).__name__
    return why if file is None else f"{why}: {os.fsdecode(file)}"


def advice_on(error: OSError) -> str:
    """Return what a person can do about what the system refused."""
    return ADVICE.get(error.errno or 0, "Fix what the system complains about, and run it again.")


def lost_advice(error: SupervisionError) -> str:
    """Return what to do if a page has lost the process that owns its shell."""
    rest = (
        "Every process that descends from the shell was ended."
        if error.cleaned
        else "Processes that the page started may still be running."
    )
    return (
        "A command that stops or kills processes must leave its shell's parent alone. If this "
        "page has no such command, the system or another program did it: run the page again. "
        f"{rest}"
    )


def inside(file: Path) -> str:
    """Return a file's path in our package, so that a report shows no folder of the machine."""
    return str(file.relative_to(PACKAGE)) if file.is_relative_to(PACKAGE) else file.name
