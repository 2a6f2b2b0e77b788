"""Scripts run without an error, and each page says what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from site_tests.findings import refuse
from site_tests.markup import Markup, read
from site_tests.visits import Visit

# These are the theme's and Sphinx's own: nobody has written a text for them.
WITHOUT_DESCRIPTION = ("genindex.html", "search.html")


def test_nothing_goes_wrong_in_the_console(visited: Visit, page: str) -> None:
    advice = "open the page with the browser's console, and fix what it names"
    refuse(page, visited.problems, advice)


def test_page_has_a_description(built: Path, page: str) -> None:
    described = page in WITHOUT_DESCRIPTION or read(built / page).description.strip()
    found = [] if described else ["there is no description"]
    refuse(page, found, "begin the page with '.. meta::' and ':description:'")


def test_titles_are_unique(built: Path) -> None:
    titles = alike(built, lambda markup: markup.title)
    refuse("titles", titles, "a tab, a bookmark and a search show nothing else: tell pages apart")


def test_descriptions_are_unique(built: Path) -> None:
    descriptions = alike(built, lambda markup: markup.description)
    refuse("descriptions", descriptions, "a search shows them under the titles: tell pages apart")


def alike(built: Path, told: Callable[[Markup], str]) -> Iterator[str]:
    """Tell which pages say the same of themselves, where they say anything."""
    pages: dict[str, list[str]] = {}
    for file in sorted(built.rglob("*.html")):
        pages.setdefault(told(read(file)), []).append(file.relative_to(built).as_posix())
    for words, same in pages.items():
        if words and len(same) > 1:
            yield f"{', '.join(same)}: {words!r}"
