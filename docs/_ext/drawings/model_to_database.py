"""A changed model, the migration that Alembic writes for it, and the table afterwards."""

from __future__ import annotations

from canvas import Canvas

TITLE = "From your model to a migration, and on to your database"
TEXT = (
    "Three boxes, joined by arrows. The first is your model: class User with id and nickname, and "
    "a new line for email. The command alembic revision --autogenerate makes the second from it, a "
    "migration: upgrade() calls op.add_column, and downgrade() calls op.drop_column. alembic "
    "upgrade head applies it to the third, your database: the table users keeps its rows, 1 ada "
    "and 2 grace, and has a new column email, which is still empty. alembic downgrade -1 goes back."
)

MODEL = (
    ("class User(db.Model):", ""),
    ("  id = Column(…)", ""),
    ("  nickname = Column(…)", ""),
    ("+ email = Column(…)", "good"),
)
MIGRATION = (
    ("def upgrade():", ""),
    ("  op.add_column(…)", "good"),
    ("def downgrade():", ""),
    ("  op.drop_column(…)", "bad"),
)
HIGH, INSIDE = 132, 12
REVISION, UPGRADE, DOWNGRADE = (
    "alembic revision --autogenerate",
    "alembic upgrade head",
    "alembic downgrade -1",
)


def wide() -> Canvas:
    """Draw it from left to right, with the commands above and below."""
    canvas = Canvas(650, 196)
    width, gap, top = 184, 49, 30
    for number in range(3):
        _place(canvas, number, number * (width + gap), top, width)
    first, second = width + gap / 2, 2 * width + 1.5 * gap
    canvas.arrow((width + 6, top + 66), (width + gap - 6, top + 66), kind="key")
    canvas.text(first, 16, REVISION, "code", "middle")
    left, right = 2 * width + gap + 6, 2 * (width + gap) - 6
    canvas.arrow((left, top + 48), (right, top + 48), kind="good")
    canvas.arrow((right, top + 84), (left, top + 84), kind="bad")
    canvas.text(second, 16, UPGRADE, "code good", "middle")
    canvas.text(second, top + HIGH + 24, DOWNGRADE, "code bad", "middle")
    return canvas


def narrow() -> Canvas:
    """Draw it from top to bottom, with the commands beside the arrows."""
    canvas = Canvas(340, 514)
    gap = 58
    for number in range(3):
        _place(canvas, number, 1, 1 + number * (HIGH + gap), 338)
    foot = 1 + HIGH
    canvas.arrow((36, foot + 6), (36, foot + gap - 6), kind="key")
    canvas.text(56, foot + gap / 2 + 4.5, REVISION, "code")
    foot += HIGH + gap
    canvas.arrow((24, foot + 6), (24, foot + gap - 6), kind="good")
    canvas.arrow((42, foot + gap - 6), (42, foot + 6), kind="bad")
    canvas.text(56, foot + 25, UPGRADE, "code good")
    canvas.text(56, foot + 43, DOWNGRADE, "code bad")
    return canvas


def _place(canvas: Canvas, number: int, x: float, y: float, width: float) -> None:
    canvas.box(x, y, width, HIGH, "key" if number == 1 else "")
    name = ("Your model", "A migration", "Your database")[number]
    canvas.text(x + INSIDE, y + 24, name, "bold")
    if number == 2:
        _table(canvas, x + INSIDE, y + 38, width - 2 * INSIDE)
        return
    for row, (line, kind) in enumerate((MODEL, MIGRATION)[number]):
        canvas.code(x + INSIDE, y + 50 + 21 * row, line, kind)


def _table(canvas: Canvas, x: float, y: float, width: float) -> None:
    width = min(width, 240)
    email = x + width - 66
    canvas.box(email, y - 4, 66, 84, "good")
    for row, cells in enumerate(
        (("id", "nickname", "+ email"), ("1", "ada", ""), ("2", "grace", ""))
    ):
        line = y + 16 + 26 * row
        for place, words, kind in zip(
            (x + 2, x + 28, email + 7), cells, ("", "", "good"), strict=True
        ):
            if words:
                canvas.text(place, line, words, f"code {kind}".strip())
        if row < 2:
            canvas.line((x, line + 9), (x + width, line + 9), kind="axis")
