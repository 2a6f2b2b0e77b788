"""Open what a page keeps folded, as a reader does."""

from __future__ import annotations

from playwright.sync_api import Page


def open_all(tab: Page) -> None:
    """Open every fold of a page."""
    tab.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
