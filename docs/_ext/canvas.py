"""Draws the boxes, words and arrows of which all diagrams of the site are made.

A drawing has classes but no colours. On a page, diagrams.css gives it the page's, light or dark. A
picture in a file of its own gets the light ones, which work on paper.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

Point = tuple[float, float]

HEAD = 9
"""How long the head of an arrow is."""
SIZES = {"code": 12.5, "small": 12.5, "big": 15}
SIZE = 13.5
"""The size of letters: a phone shows 340 units in 338 pixels, so all of them stay above 12."""
VARIABLE = re.compile(r"var\((--[\w-]+)\)")
DEFINITION = re.compile(r"(--[\w-]+):\s*(?:light-dark\(([^,]+),[^;]+\)|([^;]+));")


class Canvas:
    """Collects the parts of one drawing."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.parts: list[str] = []
        self.words: list[tuple[float, float]] = []
        """Where each text begins and ends, as well as we can know without its font."""

    def box(self, x: float, y: float, width: float, height: float, kind: str = "") -> None:
        """Draw a box with round corners."""
        self.parts.append(
            f'<rect{_class(kind)} x="{_n(x)}" y="{_n(y)}" width="{_n(width)}"'
            f' height="{_n(height)}" rx="{_n(min(6, height / 2))}"/>'
        )

    def text(self, x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> None:
        """Write one line; y is its baseline."""
        width = width_of(words, kind)
        begin = x - {"start": 0, "middle": width / 2, "end": width}[anchor]
        self.words.append((begin, begin + width))
        placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.parts.append(
            f'<text{_class(kind)} x="{_n(x)}" y="{_n(y)}"{placed}>{escape(words)}</text>'
        )

    def bar(
        self, x: float, y: float, width: float, height: float, words: str = "", kind: str = ""
    ) -> None:
        """Draw a box with words in its middle."""
        self.box(x, y, width, height, kind)
        if words:
            self.text(x + width / 2, y + height / 2 + 4.5, words, kind, "middle")

    def span(
        self,
        left: float,
        unit: float,
        begin: float,
        end: float,
        y: float,
        height: float,
        words: str,
        kind: str = "",
    ) -> None:
        """Draw a bar on a scale that starts at `left`, with a small gap to its neighbours."""
        self.bar(left + begin * unit + 1, y, (end - begin) * unit - 2, height, words, kind)

    def card(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        words: Sequence[str],
        kind: str = "",
        name: str = "",
    ) -> None:
        """Draw a box with a few lines in its middle, the first of them as its name."""
        self.box(x, y, width, height, kind)
        first = y + height / 2 + 4.5 - 8.5 * (len(words) - 1)
        for number, line in enumerate(words):
            self.text(
                x + width / 2, first + 17 * number, line, "small" if number else name, "middle"
            )

    def code(self, x: float, y: float, line: str, kind: str = "") -> None:
        """Write a line of code, with its indentation."""
        words = line.lstrip()
        left = x + (len(line) - len(words)) * SIZES["code"] * 0.6
        self.text(left, y, words, f"code {kind}".strip())

    def line(self, *points: Point, kind: str = "") -> None:
        """Draw a line from point to point."""
        path = " ".join(f"{'L' if i else 'M'}{_n(x)} {_n(y)}" for i, (x, y) in enumerate(points))
        self.parts.append(f'<path{_class(kind)} d="{path}"/>')

    def arrow(self, *points: Point, kind: str = "") -> None:
        """Draw a line that ends in a head."""
        (x0, y0), (x, y) = points[-2:]
        length = math.dist((x0, y0), (x, y))
        dx, dy = (x - x0) / length, (y - y0) / length
        foot = (x - dx * HEAD, y - dy * HEAD)
        self.line(*points[:-1], foot, kind=kind)
        side = HEAD / 2
        left = (foot[0] - dy * side, foot[1] + dx * side)
        right = (foot[0] + dy * side, foot[1] - dx * side)
        corners = " ".join(f"{_n(a)},{_n(b)}" for a, b in ((x, y), left, right))
        self.parts.append(f'<polygon{_class(kind)} points="{corners}"/>')

    def svg(self, title: str, text: str, name: str, kind: str = "", style: str = "") -> str:
        """Return the drawing as an element, with ids that begin with its name."""
        sheet = f"<style>{style}</style>" if style else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" role="img"'
            f' viewBox="-1 -1 {_n(self.width + 2)} {_n(self.height + 2)}"'
            f' width="{_n(self.width + 2)}" height="{_n(self.height + 2)}"'
            f' aria-labelledby="{name}-title" aria-describedby="{name}-text">'
            f'<title id="{name}-title">{escape(title)}</title>'
            f'<desc id="{name}-text">{escape(text)}</desc>'
            f"{sheet}{''.join(self.parts)}</svg>"
        )


def width_of(words: str, kind: str = "") -> float:
    """Return how wide a line is in a wide font, about."""
    kinds = kind.split()
    size = next((SIZES[one] for one in kinds if one in SIZES), SIZE)
    if "code" in kinds:
        return len(words) * size * 0.61
    capitals = sum(letter.isupper() for letter in words)
    narrow = sum(letter in "iljtfr ,.:'()" for letter in words)
    return size * (0.57 * (len(words) - capitals - narrow) + 0.7 * capitals + 0.32 * narrow)


def fixed(sheet: Path, colours: Path) -> str:
    """Return a style sheet with the light colours in the place of their names."""
    named = colours.read_text(encoding="utf-8").split("}", 1)[0]
    values = {name: light or value for name, light, value in DEFINITION.findall(named)}
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    drawn = text.partition("@")[0].replace(".diagram ", "")
    return " ".join(VARIABLE.sub(lambda found: values[found[1]], drawn).split())


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
