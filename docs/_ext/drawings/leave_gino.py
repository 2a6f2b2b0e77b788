"""From GINO to SQLAlchemy 2: what runs when, and until when there's an easy way back."""

from __future__ import annotations

from canvas import Canvas

TITLE = "From GINO to SQLAlchemy 2, with the point of no return"
TEXT = (
    "A timeline of five steps: second environment, models, queries, switch, and new migrations. "
    "The database keeps its tables and rows throughout. The old app, with GINO, runs until the "
    "switch, and can be started again until the new migrations begin. The new app, with SQLAlchemy "
    "2, runs from the third step on, so in that step both work on one database. The point of no "
    "return is between the switch and the first migration that only the new models know about. "
    "Before it, you can go back by starting the old app. After it, you have to downgrade, and may "
    "lose data."
)

STEPS = (
    ("Second", "environment"),
    ("Models", ""),
    ("Queries", ""),
    ("Switch", ""),
    ("New", "migrations"),
)
HIGH = 32


def wide() -> Canvas:
    """Draw it with the names of lanes at the left, and of steps above."""
    canvas = Canvas(650, 266)
    left, unit, last = 110, 105, 120
    for number, words in enumerate(STEPS):
        x = left + unit * (number + 0.5) if number < 4 else left + 4 * unit + last / 2
        for row, line in enumerate(filter(None, words)):
            canvas.text(x, 14 + 17 * row, line, "bold", "middle")
    for number, (name, about) in enumerate(
        (("Old app", "GINO"), ("New app", "SQLAlchemy 2"), ("Database", ""), ("Way back", ""))
    ):
        y = 50 + 46 * number
        canvas.text(0, y + (13 if about else HIGH / 2 + 4.5), name, "bold")
        canvas.text(0, y + 30, about, "small soft")
    _lanes(canvas, left, unit, last, 50, 46)
    canvas.text(left + 4 * unit, 258, "point of no return", "bold bad", "middle")
    return canvas


def narrow() -> Canvas:
    """Draw it with the names of lanes above them, and of steps below."""
    canvas = Canvas(340, 418)
    left, unit, last = 2, 57, 108
    for number in range(len(STEPS)):
        x = left + unit * (number + 0.5) if number < 4 else left + 4 * unit + last / 2
        canvas.text(x, 14, str(number + 1), "bold", "middle")
    for number, name in enumerate(
        ("Old app: GINO", "New app: SQLAlchemy 2", "Database", "Way back")
    ):
        canvas.text(left, 42 + 64 * number, name, "bold")
    _lanes(canvas, left, unit, last, 50, 64)
    canvas.text(left + 4 * unit, 304, "point of no return", "bold bad", "middle")
    for number, words in enumerate(STEPS):
        x, y = left + 180 * (number // 3), 346 + 24 * (number % 3)
        canvas.text(x, y, f"{number + 1} {' '.join(words).strip()}", "small")
    return canvas


def _lanes(canvas: Canvas, left: float, unit: float, last: float, top: float, step: float) -> None:
    end = left + 4 * unit + last
    edge = left + 4 * unit
    canvas.line((edge, top - 6), (edge, top + 3 * step + HIGH + 8), kind="bad")
    canvas.bar(left, top, 3 * unit - 2, HIGH, "runs")
    canvas.bar(left + 3 * unit, top, unit - 4, HIGH, "ready", "open")
    both = left + 2 * unit
    canvas.bar(both, top + step, edge - both - 4, HIGH, "runs", "key")
    canvas.bar(edge + 4, top + step, last - 5, HIGH, "runs", "key")
    canvas.bar(left, top + 2 * step, edge - left - 4, HIGH, "the same tables and rows")
    canvas.bar(edge + 4, top + 2 * step, last - 5, HIGH, "changes", "")
    canvas.bar(left, top + 3 * step, edge - left - 4, HIGH, "✓ start the old app", "good")
    canvas.bar(edge + 4, top + 3 * step, end - edge - 5, HIGH, "! downgrade", "bad")
