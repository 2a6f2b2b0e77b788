"""Screens, and what makes a page scroll sideways on one."""

from __future__ import annotations

from playwright.sync_api import Page

WIDTHS = (360, 1280)
"""Of a small telephone and of a desk's screen, in px."""
# What is in an element that scrolls by itself, or is cut off, makes the page no wider.
STICKING_OUT = """() => {
    const {scrollWidth, clientWidth} = document.scrollingElement;
    if (scrollWidth <= clientWidth) return [];
    const range = document.createRange();
    const right = node => {
        range.selectNode(node);
        const box = node.nodeType === Node.TEXT_NODE ? range : node;
        return Math.ceil(box.getBoundingClientRect().right + scrollX);
    };
    const found = [`the page is ${scrollWidth} px wide, and the screen ${clientWidth}`];
    const look = within => {
        for (const node of within.childNodes) {
            const element = node.nodeType === Node.TEXT_NODE ? within : node;
            if (right(node) > clientWidth) {
                const name = [element.localName, ...element.classList].join(".");
                const text = node.textContent.trim().replace(/\\s+/g, " ").slice(0, 60);
                found.push(`${name} ends at ${right(node)} px: "${text}"`);
            } else if (element === node && getComputedStyle(node).overflowX === "visible") {
                look(node);
            }
        }
    };
    look(document.body);
    return found;
}"""


def set_width(tab: Page, width: int) -> None:
    """Give the tab a screen of this width, in px."""
    tab.set_viewport_size({"width": width, "height": 800})


def sticking_out(tab: Page, width: int) -> list[str]:
    """Tell by how much the page is wider than such a screen, and what sticks out; else nothing."""
    set_width(tab, width)
    found: list[str] = tab.evaluate(STICKING_OUT)
    return found
