"""Two workers that start at the same moment, without a lock and with one."""

from __future__ import annotations

from canvas import Canvas

TITLE = "Two workers start at once, without and with an advisory lock"
TEXT = (
    "Two timelines, each with a lane for two workers. Without a lock, worker 1 reads the revision "
    "id of the database and adds a column. Worker 2 reads the same id before that is committed, "
    "waits for the table, and then fails with DuplicateColumn, so only worker 1 serves. With "
    "advisory lock 7241, worker 1 gets the lock, reads the id and migrates. Worker 2 waits for the "
    "lock until worker 1 has finished. It then reads the new id, finds nothing to do, and both "
    "workers serve."
)

Piece = tuple[float, float, str, str, str]

WITHOUT: tuple[tuple[Piece, ...], ...] = (
    ((0, 2, "reads the id", "reads id", ""), (2, 6, "migrates", "migrates", "key")),
    (
        (1, 3, "reads the id", "reads id", ""),
        (3, 6, "waits for the table", "waits", "wait"),
        (6, 10, "✗ DuplicateColumn", "✗ DuplicateColumn", "bad small"),
    ),
)
WITH: tuple[tuple[Piece, ...], ...] = (
    (
        (0, 2, "gets the lock", "locks", "key"),
        (2, 6, "migrates", "migrates", "key"),
    ),
    (
        (1, 6, "waits for the lock", "waits for the lock", "wait"),
        (6, 8.5, "nothing to do", "no work", ""),
        (8.5, 10, "✓ serves", "✓", "good"),
    ),
)
SERVES: Piece = (6, 10, "✓ serves", "✓ serves", "good")
BAR = 30


def wide() -> Canvas:
    """Draw it with the names at the left."""
    canvas = Canvas(650, 246)
    _panels(canvas, 84, 56.4, 126, 44, 0)
    return canvas


def narrow() -> Canvas:
    """Draw it with the names above the bars."""
    canvas = Canvas(340, 362)
    _panels(canvas, 2, 33.6, 190, 62, 1)
    return canvas


def _panels(
    canvas: Canvas, left: float, unit: float, panel: float, step: float, layout: int
) -> None:
    for number, (heading, lanes) in enumerate(
        (("Without a lock", WITHOUT), ("With advisory lock 7241", WITH))
    ):
        top = number * panel
        canvas.text(0, top + 16, heading, "bold big")
        for lane, pieces in enumerate(lanes):
            y = top + (56 if layout else 32) + lane * step
            place = y - 8 if layout else y + BAR / 2 + 4.5
            canvas.text(0, place, f"Worker {lane + 1}", "bold")
            for begin, end, long, short, kind in (*pieces, *([] if lane else [SERVES])):
                words = short if layout else long
                canvas.span(left, unit, begin, end, y, BAR, words, kind)
