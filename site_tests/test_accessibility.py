"""axe finds nothing on any page, on light and dark screens, at a desk and on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from site_tests.findings import refuse
from site_tests.visits import DESK, Visit

SCREENS: dict[str, ViewportSize] = {"desktop": DESK, "phone": {"width": 390, "height": 844}}
COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ABOUT_COLOURS = ["color-contrast", "link-in-text-block"]
# Contrast takes axe a millisecond for each element, and a page has thousands of a few looks: one
# of each is marked, and judged.
JUDGE_MARKED = """axe.configure({rules: [
    {id: "color-contrast", selector: "[data-look]"},
    {id: "link-in-text-block", selector: "a[href][data-look]"},
]})"""
# Marks the first element of each look that has a text of its own. Colours that fade are judged
# where they arrive. A link is judged by the text around it, too.
MARK_LOOKS = """async () => {
    // What the page does when its size changes is done.
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    document.getAnimations().forEach(animation => animation.finish());
    const names = [
        "color", "background-color", "background-image", "opacity", "font-size", "font-weight",
        "text-decoration-line", "text-shadow", "filter", "clip", "clip-path",
    ];
    const looks = new Map(), numbers = new Map(), seen = new Set();
    const numberOf = look => {
        if (!numbers.has(look)) numbers.set(look, numbers.size + 1);
        return numbers.get(look);
    };
    const lookOf = element => {
        if (element === null) return 0;
        if (!looks.has(element)) {
            const style = getComputedStyle(element);
            const own = names.map(name => style.getPropertyValue(name));
            looks.set(element, numberOf(`${own} in ${lookOf(element.parentElement)}`));
        }
        return looks.get(element);
    };
    const isInText = link => {
        let block = link.parentElement;
        while (getComputedStyle(block).display === "inline") block = block.parentElement;
        return block.textContent.trim() !== link.textContent.trim();
    };
    const lookOfText = element => [
        lookOf(element),
        element.closest(":disabled, [aria-disabled]") !== null,
        element.matches("a[href]") && isInText(element),
    ].join();
    const isText = node => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "";
    const hasText = element => element.matches("a[href], input, select, textarea")
        || [...element.childNodes].some(isText);
    const isShown = element => {
        const {right, bottom} = element.getBoundingClientRect();
        return right + scrollX > 0 && bottom + scrollY > 0
            && element.checkVisibility({visibilityProperty: true});
    };
    for (const element of document.body.querySelectorAll("*")) {
        element.removeAttribute("data-look");
        if (!hasText(element) || seen.has(lookOfText(element)) || !isShown(element)) continue;
        element.setAttribute("data-look", "");
        seen.add(lookOfText(element));
    }
}"""
ASK = """rules => axe.run({
    resultTypes: ["violations"],
    ...(rules && {runOnly: rules}),
})"""


def test_axe_finds_nothing(visited: Visit, page: str) -> None:
    found = violations(visited.tab)
    refuse(page, found, "fix the page, or what docs/_static and docs/conf.py say of its looks")


def violations(tab: Page) -> Iterator[str]:
    """Yield what is wrong on a page, on each screen and in each colours."""
    tab.evaluate(AXE_SCRIPT)
    tab.evaluate(JUDGE_MARKED)
    for screen, size in SCREENS.items():
        tab.set_viewport_size(size)
        # All rules are asked in the first colours, those about colours in the others.
        rules = None
        for colours in COLOURS:
            tab.emulate_media(color_scheme=colours)
            tab.evaluate(MARK_LOOKS)
            found = tab.evaluate(ASK, rules)["violations"]
            yield from (f"{screen}, {colours}: {one}" for one in told(found))
            rules = ABOUT_COLOURS


def told(found: list[dict[str, Any]]) -> Iterator[str]:
    """Tell each element that breaks a rule, and how."""
    for violation in found:
        for node in violation["nodes"]:
            why = " ".join(node["failureSummary"].split())
            yield f"{violation['id']} at {' '.join(map(str, node['target']))}: {why}"
