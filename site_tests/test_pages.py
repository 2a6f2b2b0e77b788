"""Scripts run without an error, and each page says what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Error, Page

from site_tests.findings import refuse
from site_tests.markup import Markup, read

# These are the theme's and Sphinx's own: nobody has written a text for them.
WITHOUT_DESCRIPTION = ("genindex.html", "search.html")


def test_nothing_goes_wrong_in_the_console(tab: Page, host: str, page: str) -> None:
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(f"{message.type}: {message.text}")

    def note_error(error: Error) -> None:
        found.append(f"a script ends with {error.name}: {error.message}")

    tab.on("console", note)
    tab.on("pageerror", note_error)
    tab.goto(f"{host}/{page}")
    tab.remove_listener("console", note)
    tab.remove_listener("pageerror", note_error)
    refuse(page, found, "open the page with the browser's console, and fix what it names")


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
