"""Base, a branch with two heads, and the merge that makes them one."""

from __future__ import annotations

from typing import NamedTuple

from canvas import Canvas

TITLE = "A graph of revisions: base, a branch with two heads, and a merge"
TEXT = (
    "Six places, joined by arrows that go back in time: each revision names the one before it as "
    "its down_revision. The first is base, a database without tables. c9f371d33812, which creates "
    "users, names base. 6d9aa2101b39, which adds active, names c9f371d33812. It's the branchpoint, "
    "because both email and phone name it; these two are heads until they're merged. merged names "
    "email and phone, and is the only head now. An upgrade runs against the arrows, from base to "
    "the head."
)


class Names(NamedTuple):
    """What the revisions after the branchpoint are called, and what each of them does."""

    one: tuple[str, str]
    other: tuple[str, str]
    merge: tuple[str, str]


NAMES = Names(("email", "add email"), ("phone", "add phone"), ("merged", "merge both"))
BEFORE = (("c9f371d33812", "create users"), ("6d9aa2101b39", "add active"))
BOX, HIGH = 112, 46


def wide(names: Names = NAMES) -> Canvas:
    """Draw it from left to right."""
    canvas = Canvas(656, 214)
    middle, up, down = 74, 22, 126
    canvas.card(0, middle, 60, HIGH, ["base"], "open", "code")
    for x, words in zip((92, 236), BEFORE, strict=True):
        canvas.card(x, middle, BOX, HIGH, words, "", "code")
    for y, words in ((up, names.one), (down, names.other)):
        canvas.card(390, y, BOX, HIGH, words, "key", "code")
    canvas.card(544, middle, BOX, HIGH, names.merge, "good", "code")
    row = middle + HIGH / 2
    canvas.arrow((92, row), (60, row))
    canvas.arrow((236, row), (92 + BOX, row))
    for level, end in ((up + HIGH / 2, row - 9), (down + HIGH / 2, row + 9)):
        canvas.arrow((390, level), (369, level), (369, end), (236 + BOX, end))
        start = middle if level < row else middle + HIGH
        canvas.arrow((600, start), (600, level), (390 + BOX, level))
    canvas.text(30, middle - 9, "no tables", "small soft", "middle")
    canvas.text(236 + BOX / 2, middle - 9, "branchpoint", "small soft", "middle")
    canvas.text(390 + BOX / 2, row + 4.5, "two heads", "small soft", "middle")
    canvas.text(656, middle - 9, "head", "bold good", "end")
    canvas.arrow((36, 205), (0, 205))
    canvas.text(44, 209, "down_revision names the one before", "small soft")
    canvas.text(612, 209, "upgrade", "small soft", "end")
    canvas.arrow((620, 205), (656, 205), kind="good")
    return canvas


def narrow(names: Names = NAMES) -> Canvas:
    """Draw it from the bottom to the top, as `alembic history` does."""
    canvas = Canvas(340, 428)
    step, centre = 78, 120
    for number, words in enumerate((names.merge, None, BEFORE[1], BEFORE[0])):
        if words:
            kind = "" if number else "good"
            canvas.card(centre - BOX / 2, 2 + step * number, BOX, HIGH, words, kind, "code")
    for x, words in ((0, names.one), (128, names.other)):
        canvas.card(x, 2 + step, BOX, HIGH, words, "key", "code")
        side = 56 if x == 0 else 184
        turn = centre - 20 if x == 0 else centre + 20
        top, foot = 2 + HIGH / 2, 2 + step + HIGH
        edge = centre - BOX / 2 if x == 0 else centre + BOX / 2
        down = side - 8 if x == 0 else side + 8
        canvas.arrow((edge, top), (down, top), (down, 2 + step))
        canvas.arrow((side, foot), (side, foot + 16), (turn, foot + 16), (turn, 2 + 2 * step))
    canvas.card(centre - 30, 2 + 4 * step, 60, HIGH, ["base"], "open", "code")
    for number in (2, 3):
        canvas.arrow((centre, 2 + step * number + HIGH), (centre, 2 + step * (number + 1)))
    for number, label, kind in (
        (0, "head", "bold good"),
        (1, "two heads", "small soft"),
        (2, "branchpoint", "small soft"),
        (4, "no tables", "small soft"),
    ):
        canvas.text(252, 2 + step * number + HIGH / 2 + 4.5, label, kind)
    canvas.arrow((6, 392), (6, 418))
    canvas.text(18, 411, "down_revision", "small soft")
    canvas.arrow((334, 418), (334, 392), kind="good")
    canvas.text(322, 411, "upgrade", "small soft", "end")
    return canvas
