"""Which versions of an app run, and what each column holds, from expand to contract."""

from __future__ import annotations

from canvas import Canvas

TITLE = "Expand, migrate, contract: six steps from nickname to name"
TEXT = (
    "A timeline of six steps, with lanes for the versions of the app and for both columns. "
    "Step 1, expand, is a migration: it adds the column name, which may be NULL. Only the old "
    "version runs, and it knows only nickname. Step 2 deploys a version that writes both columns "
    "and reads nickname. Step 3, migrate, is a migration that fills name in all old rows. Step 4 "
    "deploys a version that writes both and reads name. Step 5 deploys one that knows only name, "
    "and from then on nickname is incomplete. At each deployment, two versions run side by side "
    "for a while. Step 6, contract, is a migration that drops nickname, when no older version is "
    "running."
)

STEPS = (
    ("Expand", "migration"),
    ("Write both", "deploy"),
    ("Migrate", "migration"),
    ("Read new", "deploy"),
    ("Write new", "deploy"),
    ("Contract", "migration"),
)
VERSIONS = (
    (0, 1.5, 0, ("knows only", "nickname"), ""),
    (1, 3.5, 1, ("writes both,", "reads nickname"), "key"),
    (3, 4.5, 0, ("writes both,", "reads name"), "key"),
    (4, 6, 1, ("knows only", "name"), "good"),
)
HIGH = 44


def wide() -> Canvas:
    """Draw it with the names of lanes at the left, and of steps above."""
    canvas = Canvas(650, 296)
    left, unit = 86, 94
    for number, (name, kind) in enumerate(STEPS):
        x = left + unit * (number + 0.5)
        canvas.text(x, 14, f"{number + 1} {name}", "bold small", "middle")
        canvas.text(x, 32, kind, "small soft", "middle")
    _guides(canvas, left, unit, 44, 292)
    _versions(canvas, left, unit, 52)
    canvas.text(0, 98, "App", "bold")
    canvas.text(0, 116, "its versions", "small soft")
    for name, y in (("nickname", 188), ("name", 254)):
        canvas.text(0, y + 12, "Column", "small soft")
        canvas.text(0, y + 29, name, "code bold")
    _columns(canvas, left, unit, 186, 252)
    return canvas


def narrow() -> Canvas:
    """Draw it with the names of lanes above them, and of steps below."""
    canvas = Canvas(340, 408)
    left, unit = 2, 56
    for number in range(len(STEPS)):
        canvas.text(left + unit * (number + 0.5), 14, str(number + 1), "bold", "middle")
    _guides(canvas, left, unit, 22, 322)
    canvas.text(left, 42, "App", "bold")
    _versions(canvas, left, unit, 52)
    for name, y in (("nickname", 184), ("name", 268)):
        canvas.text(left, y, "Column", "bold")
        canvas.text(left + 62, y, name, "code")
    _columns(canvas, left, unit, 194, 278)
    for number, (name, kind) in enumerate(STEPS):
        x, y = left + 172 * (number // 3), 352 + 24 * (number % 3)
        canvas.text(x, y, f"{number + 1} {name}", "bold")
        canvas.text(x + 104, y, kind, "small soft")
    return canvas


def _guides(canvas: Canvas, left: float, unit: float, top: float, bottom: float) -> None:
    for number in range(len(STEPS) + 1):
        canvas.line((left + unit * number, top), (left + unit * number, bottom), kind="guide")


def _versions(canvas: Canvas, left: float, unit: float, top: float) -> None:
    for begin, end, lane, words, kind in VERSIONS:
        x, y = left + begin * unit + 2, top + lane * (HIGH + 10)
        canvas.box(x, y, (end - begin) * unit - 4, HIGH, kind)
        for row, line in enumerate(words):
            centre = left + (begin + end) / 2 * unit
            canvas.text(centre, y + 19 + 16 * row, line, "small", "middle")


def _columns(canvas: Canvas, left: float, unit: float, old: float, new: float) -> None:
    canvas.bar(left + 2, old, 4 * unit - 4, 36, "holds all values")
    canvas.bar(left + 4 * unit + 2, old, 1.5 * unit - 4, 36, "incomplete", "wait")
    canvas.text(left + 5.75 * unit, old + 23, "✗", "bold bad", "middle")
    canvas.bar(left + 0.5 * unit, new, 2 * unit - 2, 36, "may be NULL", "wait")
    canvas.bar(left + 2.5 * unit + 2, new, 3.5 * unit - 4, 36, "holds all values", "good")
