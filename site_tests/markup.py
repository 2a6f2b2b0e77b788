"""Read a built page without a browser: what it names, and what it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

LEADING = ("href", "src", "poster", "data", "action", "xlink:href")


@dataclass
class Markup(HTMLParser):
    """What one page is called, names and leads to."""

    ids: list[str] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)
    """Each with the line of the file that it stands in."""
    title: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        line, _ = self.getpos()
        self.links += [(line, target) for target in targets(tag, given)]
        if tag == "meta" and given.get("name") == "description":
            self.description = given.get("content", "")

    def handle_data(self, data: str) -> None:
        if self.lasttag == "title" and not self.title:
            self.title = data.strip()


def targets(tag: str, given: dict[str, str]) -> Iterator[str]:
    """Yield what an element leads to."""
    yield from (given[name] for name in LEADING if name in given)
    if "srcset" in given:
        yield from (candidate.split()[0] for candidate in given["srcset"].split(","))


@cache
def read(file: Path) -> Markup:
    """Read a page; each is read once."""
    markup = Markup()
    markup.feed(file.read_text(encoding="utf-8"))
    markup.close()
    return markup
