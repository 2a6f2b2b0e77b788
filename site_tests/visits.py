"""Open a page once for all the tests that look at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import ConsoleMessage, Error, Page, Request

from site_tests.folds import open_all
from site_tests.widths import WIDTHS, set_width

DESK: Any = {"width": 1280, "height": 800}
MENU_ON_SCREEN = """() => [...document.querySelectorAll(".wy-menu-vertical a")].filter(link => {
    const {left, right, width} = link.getBoundingClientRect();
    return width > 0 && left >= 0 && right <= innerWidth && link.checkVisibility();
}).length"""


@dataclass(frozen=True)
class Visit:
    """A page in a tab, with its folds open, and what was noticed while it loaded.

    The tests of a page share its visit and come in any order, so each sets the size and the
    colours that it needs and leaves the page's text as it was.
    """

    tab: Page
    asked: list[str]
    """The URLs that the browser asked for."""
    problems: list[str]
    """The errors and warnings in the console."""


def visit(tab: Page, address: str) -> Visit:
    """Open a page as it is on the light screen of a desk."""
    asked: list[str] = []
    problems: list[str] = []

    def note_request(request: Request) -> None:
        asked.append(request.url)

    def note_message(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            problems.append(f"{message.type}: {message.text}")

    def note_error(error: Error) -> None:
        problems.append(f"a script ends with {error.name}: {error.message}")

    tab.set_viewport_size(DESK)
    tab.emulate_media(color_scheme="light")
    tab.on("request", note_request)
    tab.on("console", note_message)
    tab.on("pageerror", note_error)
    tab.goto(address)
    tab.remove_listener("request", note_request)
    tab.remove_listener("console", note_message)
    tab.remove_listener("pageerror", note_error)
    open_all(tab)
    return Visit(tab, asked, problems)


@dataclass(frozen=True)
class PlainVisit:
    """A page in a tab without scripts, with its folds open."""

    tab: Page
    menu: dict[int, int]
    """How many links of the menu were on a screen of each width, before the folds were open."""


def visit_without_scripts(tab: Page, address: str) -> PlainVisit:
    """Open a page in a browser whose scripts are off."""
    tab.goto(address)
    menu = {}
    for width in WIDTHS:
        set_width(tab, width)
        menu[width] = tab.evaluate(MENU_ON_SCREEN)
    open_all(tab)
    return PlainVisit(tab, menu)
