"""Where scripts are off, all text can be read, and the menu is there."""

from __future__ import annotations

from playwright.sync_api import Page

from site_tests.findings import refuse
from site_tests.visits import PlainVisit
from site_tests.widths import WIDTHS, sticking_out

# A tab's panel is shown by a radio button, which needs no script: each is chosen in turn.
UNREADABLE = """() => {
    const isShown = text => {
        const range = document.createRange();
        range.selectNodeContents(text);
        const hasBox = [...range.getClientRects()].some(box => box.width && box.height);
        const style = {opacityProperty: true, visibilityProperty: true};
        return hasBox && text.parentElement.checkVisibility(style);
    };
    // A figure is drawn for wide and for narrow screens: one of the two is shown.
    const drawings = within => {
        const figure = within.closest("svg") && within.closest("figure");
        return figure ? [...figure.querySelectorAll("svg")] : [];
    };
    const hidden = new Set();
    const main = document.querySelector("[role=main]");
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode, within = text.parentElement;
        if (!text.data.trim() || within.closest("script, style, .headerlink")) continue;
        if (within.closest(".recording label")) continue;
        if (drawings(within).some(drawing => drawing.checkVisibility())) continue;
        const panel = within.closest(".sd-tab-content");
        if (panel) panel.previousElementSibling.control.checked = true;
        if (!isShown(text)) hidden.add(text.data.trim().replace(/\\s+/g, " ").slice(0, 60));
    }
    return [...hidden];
}"""


def test_all_text_is_shown(visited_without_scripts: PlainVisit, page: str) -> None:
    tab = visited_without_scripts.tab
    found = []
    for width in WIDTHS:
        found += sticking_out(tab, width)
        found += [f"not shown at {width} px: {text!r}" for text in tab.evaluate(UNREADABLE)]
    refuse(page, found, "let the page show it; a script may then hide it")


def test_menu_is_shown(visited_without_scripts: PlainVisit, page: str) -> None:
    menu = visited_without_scripts.menu
    found = [f"at {w} px no link of the menu is on the screen" for w in WIDTHS if not menu[w]]
    refuse(page, found, "see what docs/_static/reader.css says for '(scripting: none)'")


def test_search_says_that_it_needs_a_script(plain_tab: Page, host: str) -> None:
    plain_tab.goto(f"{host}/search.html?q=downgrade")
    assert "JavaScript" in plain_tab.locator("[role=main]").inner_text()
