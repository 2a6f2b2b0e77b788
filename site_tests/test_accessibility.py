"""axe finds nothing on any page, on light and dark screens, at a desk and on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from site_tests.findings import refuse
from site_tests.folds import open_all

SCREENS: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}
COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ABOUT_COLOURS = ["color-contrast", "link-in-text-block"]
ASK_ABOUT_THE_REST = """rules => axe.run({
    resultTypes: ["violations"],
    rules: Object.fromEntries(rules.map(rule => [rule, {enabled: false}])),
})"""
# Contrast takes axe a millisecond for each element, and a page has thousands of a few looks: one
# of each stays visible, and is judged. Colours that fade are judged where they arrive.
ASK_ABOUT_COLOURS = """rules => {
    document.getAnimations().forEach(animation => animation.finish());
    const names = ["color", "background", "opacity", "font", "text-decoration-line"];
    const looks = new Map(), seen = new Set();
    const look = element => {
        if (element === null) return "";
        if (!looks.has(element)) {
            const style = getComputedStyle(element);
            const own = names.map(name => style.getPropertyValue(name));
            looks.set(element, `${own} in ${look(element.parentElement)}`);
        }
        return looks.get(element);
    };
    const leaves = [...document.body.querySelectorAll(":not(:has(*))")];
    leaves.forEach(leaf => { leaf.style.visibility = ""; });
    const shown = leaves.filter(leaf => leaf.checkVisibility({visibilityProperty: true}));
    shown.forEach(leaf => { leaf.hasSameLook = seen.has(look(leaf)); seen.add(look(leaf)); });
    shown.forEach(leaf => { leaf.style.visibility = leaf.hasSameLook ? "hidden" : ""; });
    return axe.run({resultTypes: ["violations"], runOnly: rules});
}"""
SHOW_ALL = "document.querySelectorAll('*').forEach(one => { one.style.visibility = ''; })"


def test_axe_finds_nothing(tab: Page, host: str, page: str) -> None:
    tab.goto(f"{host}/{page}")
    tab.evaluate(AXE_SCRIPT)
    open_all(tab)
    found = []
    for screen, size in SCREENS.items():
        tab.set_viewport_size(size)
        for colours in COLOURS:
            tab.emulate_media(color_scheme=colours)
            result = tab.evaluate(ASK_ABOUT_COLOURS, ABOUT_COLOURS)
            found += [f"{screen}, {colours}: {one}" for one in violations(result)]
        tab.evaluate(SHOW_ALL)
        rest = tab.evaluate(ASK_ABOUT_THE_REST, ABOUT_COLOURS)
        found += [f"{screen}: {one}" for one in violations(rest)]
    refuse(page, found, "fix the page, or what docs/_static and docs/conf.py say of its looks")


def violations(result: dict[str, Any]) -> Iterator[str]:
    """Tell each element that breaks a rule, and how."""
    for violation in result["violations"]:
        for node in violation["nodes"]:
            why = " ".join(node["failureSummary"].split())
            yield f"{violation['id']} at {' '.join(map(str, node['target']))}: {why}"
