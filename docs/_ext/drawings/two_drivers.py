"""One URL, and what each side makes of it."""

from __future__ import annotations

from canvas import Canvas

TITLE = "Two drivers, one URL"
TEXT = (
    "One URL at the top, postgresql:// with a user, a host and a database. An arrow goes from it "
    "to each of two columns. On the left, Alembic uses SQLAlchemy 1.3 and psycopg2, which waits "
    "for each answer, uses the settings after the ? and reads PGOPTIONS. On the right, your app "
    "uses GINO and asyncpg, whose answers are awaited; the settings after the ? are dropped, and "
    "PGOPTIONS isn't read. Both lead to the same PostgreSQL database."
)

SIDES = (
    (
        "Alembic",
        "SQLAlchemy 1.3",
        "psycopg2",
        "waits for answers",
        ("✓ settings after ?", "✓ PGOPTIONS"),
    ),
    ("Your app", "GINO", "asyncpg", "awaits answers", ("✗ settings after ?", "✗ PGOPTIONS")),
)


def wide() -> Canvas:
    """Draw it with room between the columns."""
    return _draw(Canvas(560, 356), 220)


def narrow() -> Canvas:
    """Draw it for a phone."""
    return _draw(Canvas(340, 356), 158)


def _draw(canvas: Canvas, column: float) -> Canvas:
    width, middle = canvas.width, canvas.width / 2
    canvas.box(1, 1, width - 2, 36, "key")
    canvas.text(middle, 24, "postgresql://user@host/database?…", "code", "middle")
    for number, (name, library, driver, how, settings) in enumerate(SIDES):
        x = 1 if not number else width - column - 1
        centre = x + column / 2
        canvas.arrow((centre, 37), (centre, 67))
        canvas.card(x, 67, column, 52, [name, library])
        canvas.arrow((centre, 119), (centre, 149))
        canvas.box(x, 149, column, 132, "good" if not number else "wait")
        canvas.text(centre, 173, driver, "code bold", "middle")
        canvas.text(centre, 194, how, "small", "middle")
        canvas.line((x + 14, 208), (x + column - 14, 208), kind="axis")
        for row, words in enumerate(settings):
            kind = "good" if not number else "bad"
            canvas.text(centre, 234 + 26 * row, words, kind, "middle")
        canvas.arrow((centre, 281), (centre, 315))
    canvas.bar(1, 315, width - 2, 40, "PostgreSQL")
    return canvas
