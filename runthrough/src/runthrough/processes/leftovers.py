"""What this process couldn't clean up, kept until the end of the run reports it.

Code that can't remove a folder, end a process or drop a database calls `note`. The run
prints all notes in its last lines; a worker of pytest-xdist hands its own to the controller.
"""

from __future__ import annotations

_noted: dict[str, None] = {}


def note(*sentences: str) -> None:
    """Keep sentences that each name one thing that is left, and why; said twice counts once."""
    _noted.update(dict.fromkeys(sentences))


def take() -> list[str]:
    """Return all notes so far, in order, and forget them."""
    taken = list(_noted)
    _noted.clear()
    return taken
