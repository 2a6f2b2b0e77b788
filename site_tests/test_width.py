"""No page scrolls sideways, on a telephone or at a desk."""

from __future__ import annotations

from playwright.sync_api import Page

from site_tests.findings import refuse
from site_tests.folds import open_all
from site_tests.widths import WIDTHS, sticking_out


def test_page_is_no_wider_than_the_screen(tab: Page, host: str, page: str) -> None:
    tab.goto(f"{host}/{page}")
    open_all(tab)
    found = [one for width in WIDTHS for one in sticking_out(tab, width)]
    refuse(page, found, "let it wrap, or scroll by itself")
