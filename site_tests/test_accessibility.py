"""axe finds nothing on any page, on light and dark screens, at a desk and on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from site_tests.findings import refuse

SCREENS: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}
COLOURS = ("light", "dark")
OPEN_FOLDS = "document.querySelectorAll('details').forEach(fold => { fold.open = true })"


def test_axe_finds_nothing(tab: Page, host: str, page: str) -> None:
    tab.goto(f"{host}/{page}")
    tab.evaluate(OPEN_FOLDS)
    found = []
    for screen, colours in product(SCREENS, COLOURS):
        tab.set_viewport_size(SCREENS[screen])
        tab.emulate_media(color_scheme=colours)
        result = Axe().run(tab).response
        found += [f"{colours}, {screen}: {one}" for one in violations(result)]
    refuse(page, found, "mend the page, the theme's settings in docs/conf.py or docs/_static")


def violations(result: dict[str, Any]) -> Iterator[str]:
    """Tell each element that breaks a rule, and how."""
    for violation in result["violations"]:
        for node in violation["nodes"]:
            why = " ".join(node["failureSummary"].split())
            yield f"{violation['id']} at {' '.join(map(str, node['target']))}: {why}"
