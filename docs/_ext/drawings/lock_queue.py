"""Who waits for whom while a migration waits for a lock, with and without a limit."""

from __future__ import annotations

from canvas import Canvas

TITLE = "The queue for a lock, without and with a lock_timeout"
TEXT = (
    "Two timelines of 14 seconds, each with a lane for a report, a migration and the app. "
    "In both, the report reads users until second 10 and holds ACCESS SHARE all that time. At "
    "second 2, the migration asks for ACCESS EXCLUSIVE, and has to wait for the report. "
    "Without a limit, it waits until second 10 and is done at second 11. Every query of the app "
    "waits behind it, so the app is blocked for nine seconds. "
    "With lock_timeout=2s, the migration gives up at second 4, and the app goes on. It tries again "
    "at second 7, and gives up at second 9. At second 12, after the report has ended, it gets the "
    "lock at once. The app has waited for two seconds, twice."
)

END = 14
ROW, BAR = 40, 28
Piece = tuple[float, float, str, str]

LANES = (
    ("Report", "holds ACCESS SHARE"),
    ("Migration", "wants ACCESS EXCLUSIVE"),
    ("App", "reads and writes"),
)
WITHOUT: tuple[tuple[Piece, ...], ...] = (
    ((0, 10, "reads users", "key"),),
    ((2, 10, "waits for the report", "wait"), (10, 11, "✓", "good")),
    ((0, 2, "✓", "good"), (2, 11, "waits behind the migration", "wait"), (11, END, "✓", "good")),
)
WITH: tuple[tuple[Piece, ...], ...] = (
    ((0, 10, "reads users", "key"),),
    ((2, 4, "waits", "wait"), (7, 9, "waits", "wait"), (12, 13, "✓", "good")),
    (
        (0, 2, "✓", "good"),
        (2, 4, "waits", "wait"),
        (4, 7, "✓", "good"),
        (7, 9, "waits", "wait"),
        (9, END, "✓", "good"),
    ),
)
GIVES_UP = (4, 9)


def wide() -> Canvas:
    """Draw it with the names at the left."""
    canvas = Canvas(650, 412)
    for top, heading, lanes in ((0, "Without a limit", WITHOUT), (212, "lock_timeout = 2s", WITH)):
        _panel(canvas, 174, 34, top, heading, lanes, named_left=True)
    return canvas


def narrow() -> Canvas:
    """Draw it with the names above the bars."""
    canvas = Canvas(340, 560)
    for top, heading, lanes in ((0, "Without a limit", WITHOUT), (286, "lock_timeout = 2s", WITH)):
        _panel(canvas, 4, 23.6, top, heading, lanes, named_left=False)
    return canvas


def _panel(
    canvas: Canvas,
    left: float,
    unit: float,
    top: float,
    heading: str,
    lanes: tuple[tuple[Piece, ...], ...],
    named_left: bool,
) -> None:
    step = ROW + (8 if named_left else 30)
    first = top + (34 if named_left else 56)
    bottom = first + 2 * step + BAR + 8
    canvas.text(0 if named_left else left, top + 16, heading, "bold big")
    for second in range(0, END + 1, 2):
        x = left + second * unit
        canvas.line((x, first - 6), (x, bottom), kind="guide")
        anchor = "start" if not second and not named_left else "middle"
        if second < END:
            label = f"{second} s" if second in (0, 10, 12) or named_left else str(second)
            canvas.text(x, bottom + 15, label, "small soft", anchor)
    for number, ((name, lock), pieces) in enumerate(zip(LANES, lanes, strict=True)):
        y = first + number * step
        if named_left:
            canvas.text(0, y + 12, name, "bold")
            canvas.text(0, y + 29, lock, "small soft")
        else:
            canvas.text(left, y - 9, name, "bold")
            canvas.text(left + 84, y - 9, lock, "small soft")
        for begin, end, words, kind in pieces:
            canvas.span(left, unit, begin, end, y, BAR, words, kind)
        if number == 1 and lanes is WITH:
            for second in GIVES_UP:
                words, kind = ("✗ gives up", "bold bad") if named_left else ("✗ fails", "small bad")
                canvas.text(left + second * unit + 6, y + BAR / 2 + 4.5, words, kind)
