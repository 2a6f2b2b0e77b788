"""Draws a terminal whose lines appear one after the other, as an SVG that needs no script.

What the drawing holds by itself is the last moment, in which all lines are there; the animation
takes lines away before it. So a reader who wants no motion, a printer and a program that knows no
animations get the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal

Kind = Literal["file", "line", "typed", "output"]

COLUMNS = {"wide": 80, "narrow": 44}
"""How many characters a line has; a phone shows all of the narrow one at its own size."""
WIDTH, HEIGHT, BASELINE = 7.2, 19, 13.5
"""The size of a character, and where it is in its row."""
EDGE = {"wide": 14, "narrow": 11}
MARGIN, GAP = 9, 8
"""What's free above and below all rows, and between a file and a command."""
KEY, ANSWER, NEXT, READ, HOLD = 0.04, 0.5, 0.25, 1.4, 6.0
"""Seconds: for a key, until a command prints, for a line, to read what it prints, at the end."""
MARK = re.compile(r"\s*([+-])(?![+-])")
VARIABLE = re.compile(r"var\((--[\w-]+)\)")
COLOURS = re.compile(r"(--[\w-]+): light-dark\(([^,]+), ([^)]+)\);")


@dataclass(frozen=True)
class Row:
    """A line on the screen: a file's name, a line of it, a command with its prompt, or output."""

    kind: Kind
    text: str
    prompt: str = ""


@dataclass(frozen=True)
class Moment:
    """A part of a row that fits the screen, when it appears, and until when it's typed."""

    row: Row
    prompt: str
    text: str
    begin: float
    typing: tuple[float, float] | None = None


def moments(rows: Sequence[Row], columns: int) -> tuple[list[Moment], float]:
    """Return what appears when, in seconds, and how long all of it takes."""
    found: list[Moment] = []
    now, before = NEXT, None
    for row in rows:
        if row.kind in ("file", "typed") and before is not None:
            now += READ if row.kind == "file" else 0
        elif before == "typed":
            now += ANSWER
        parts = list(wrapped(row.prompt, row.text, columns))
        start = now
        if row.kind == "typed":
            now += READ if before is not None else ANSWER
        for number, (prompt, text) in enumerate(parts):
            if row.kind != "typed":
                found.append(Moment(row, prompt, text, now))
                continue
            end = now + KEY * len(text)
            found.append(Moment(row, prompt, text, now if number else start, (now, end)))
            now = end
        now += 0 if row.kind == "typed" else NEXT
        before = row.kind
    return found, now + HOLD


def wrapped(prompt: str, text: str, columns: int) -> Iterator[tuple[str, str]]:
    """Break a line that's too long for the screen, at a space where there's one."""
    room = columns - len(prompt)
    while len(text) > room:
        at = text.rfind(" ", 0, room + 1)
        if not text[: max(at, 0)].strip():
            at = room
        yield prompt, text[:at]
        prompt, text, room = "", text[at:].lstrip(), columns
    yield prompt, text


def svg(rows: Sequence[Row], title: str, text: str, name: str, layout: str, style: str = "") -> str:
    """Return the terminal as an element, with names that begin with its own."""
    columns, edge = COLUMNS[layout], EDGE[layout]
    shown, length = moments(rows, columns)
    width = columns * WIDTH + 2 * edge
    parts, frames = [], []
    top, before = MARGIN, None
    for number, moment in enumerate(shown):
        frame = f"{name}-{number}"
        if before is not None and is_file(moment.row) != is_file(before):
            top += GAP
        frames.append(f"@keyframes {frame}{{{hidden(moment.begin, length)}}}")
        drawn = "".join(draw(moment, edge, top, width))
        if moment.typing:
            frames.append(f"@keyframes {frame}-keys{{{typing(moment, length)}}}")
            drawn += cover(moment, edge, top, width, f"{frame}-keys")
        parts.append(f'<g style="animation-name:{frame}">{drawn}</g>')
        top, before = top + HEIGHT, moment.row
    height = top + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{layout}" role="img"'
        f' viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}"'
        f' style="--length:{length:.1f}s"'
        f' aria-labelledby="{name}-title" aria-describedby="{name}-text">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-text">{escape(text)}</desc>'
        f"<style>{style}{''.join(frames)}</style>"
        f'<rect class="screen" width="{width:.0f}" height="{height}" rx="6"/>{"".join(parts)}'
        f'<rect class="edge" x=".5" y=".5" width="{width - 1:.0f}" height="{height - 1}" rx="6"/>'
        "</svg>"
    )


def is_file(row: Row) -> bool:
    """Return whether a row belongs to a file."""
    return row.kind in ("file", "line")


def hidden(until: float, length: float) -> str:
    """Return the frame that hides something until its time. Then it's seen until the next frame."""
    return f"0%,{100 * until / length:.2f}%{{visibility:hidden}}"


def typing(moment: Moment, length: float) -> str:
    """Return the frames in which the cursor appears, waits, moves from key to key, and is gone."""
    assert moment.typing
    begin, end = moment.typing
    keys = len(moment.text)
    return (
        f"{hidden(min(moment.begin, begin - 0.01), length)}{100 * begin / length:.2f}%"
        f"{{visibility:visible;transform:none;animation-timing-function:steps({keys})}}"
        f"{100 * end / length:.2f}%,to"
        f"{{visibility:hidden;transform:translate({keys * WIDTH:.1f}px)}}"
    )


def draw(moment: Moment, edge: float, top: float, width: float) -> Iterator[str]:
    """Draw one row of the screen."""
    kind = moment.row.kind
    mark = MARK.match(moment.row.text) if kind in ("line", "output") else None
    colour = {"+": " added", "-": " removed"}[mark[1]] if mark else ""
    if is_file(moment.row):
        yield (
            f'<rect class="{kind}{colour}" y="{top:.0f}" width="{width:.0f}" height="{HEIGHT}"/>'
        )
    left = edge
    for words, name in ((moment.prompt, "prompt"), (moment.text, f"{kind}{colour}")):
        inner = words.strip()
        if inner:
            x = left + (len(words) - len(words.lstrip())) * WIDTH
            yield (
                f'<text class="{name}" x="{x:.1f}" y="{top + BASELINE}"'
                f' textLength="{len(inner) * WIDTH:.1f}">{escape(inner, quote=False)}</text>'
            )
        left += len(words) * WIDTH


def cover(moment: Moment, edge: float, top: float, width: float, frame: str) -> str:
    """Draw the cursor, and behind it what hides the letters that aren't typed yet."""
    left = edge + len(moment.prompt) * WIDTH
    return (
        f'<g visibility="hidden" style="animation-name:{frame}">'
        f'<rect class="screen" x="{left:.1f}" y="{top:.0f}" width="{width:.0f}" height="{HEIGHT}"/>'
        f'<rect class="cursor" x="{left:.1f}" y="{top + 2:.0f}" width="{WIDTH}" height="15"/></g>'
    )


def in_a_file(sheet: Path, colours: Path, *, still: bool = False) -> str:
    """Return the style sheet for a picture in a file of its own, with the colours that it names.

    They're light or dark as the reader's system is. A picture that's still is for a book.
    """
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    drawing, _, motion = text.partition("@media")
    moving = "" if still else f"@media{motion.partition('@')[0]}"
    named = set(VARIABLE.findall(drawing))
    values = [
        one for one in COLOURS.findall(colours.read_text(encoding="utf-8")) if one[0] in named
    ]
    light, dark = (";".join(f"{one[0]}:{one[at]}" for one in values) for at in (1, 2))
    night = "" if still else f"@media (prefers-color-scheme:dark){{svg{{{dark}}}}}"
    rules = f"svg{{{light}}}{night}{drawing}{moving}".replace(".recording ", "")
    return " ".join(rules.split())
