"""What surrounds a page does what a reader expects of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

LONG = "how-to/rename.html"
CHAPTER = "tutorial/first-migration.html"
PAPER = "getComputedStyle(document.body).backgroundColor"
INK = "getComputedStyle(document.body).color"
BLACK = "rgb(31, 41, 51)"
DARK = "rgb(20, 24, 29)"
WHITE = "rgb(255, 255, 255)"
DESK: Any = {"width": 1400, "height": 900}
PHONE: Any = {"width": 390, "height": 844}
# Turns of the page are noted, and don't happen.
NOTE_TURNS = """
    window.turns = [];
    navigation.addEventListener("navigate", event => {
        turns.push(event.destination.url);
        event.preventDefault();
    });
"""
TOP = "document.querySelector(location.hash).getBoundingClientRect().top"
# What comes late moves the page, too. A page that's still has been painted: observers are called in
# the order in which they began.
SHIFT = """async () => {
    await document.fonts.ready;
    await new Promise(done => setTimeout(done, 300));
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(one => { sum += one.value }))
        .observe({type: "layout-shift", buffered: true});
    await new Promise(done => {
        new PerformanceObserver(done).observe({type: "paint", buffered: true});
    });
    return sum;
}"""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of a reader who has never been here and whose system is light."""
    with browser.new_context(viewport=DESK, color_scheme="light") as context:
        yield context


@pytest.fixture
def desk(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport=PHONE, has_touch=True) as context:
        yield context.new_page()


def colours(tab: Page) -> Locator:
    return tab.get_by_role("button", name="Colours")


def test_colours_follow_the_system_until_a_reader_chooses(desk: Page, host: str) -> None:
    desk.goto(f"{host}/{LONG}")
    assert desk.evaluate(PAPER) == WHITE
    desk.emulate_media(color_scheme="dark")
    assert desk.evaluate(PAPER) != WHITE
    expect(colours(desk)).to_have_accessible_name("Colours: as your system")
    colours(desk).click()
    expect(colours(desk)).to_have_accessible_name("Colours: light")
    assert desk.evaluate(PAPER) == WHITE


def test_chosen_colours_hold_for_all_pages_and_after_a_reload(desk: Page, host: str) -> None:
    desk.goto(f"{host}/{LONG}")
    colours(desk).click()
    colours(desk).click()
    expect(colours(desk)).to_have_accessible_name("Colours: dark")
    for address in (LONG, CHAPTER):
        desk.goto(f"{host}/{address}")
        assert desk.evaluate("document.documentElement.dataset.theme") == "dark"
        assert desk.evaluate(PAPER) != WHITE
    colours(desk).click()
    desk.reload()
    assert desk.evaluate(PAPER) == WHITE


def test_chosen_colours_are_there_before_anything_is_painted(desk: Page, host: str) -> None:
    """Else a dark page begins with a flash of white: so no script that comes later may do it."""
    desk.goto(f"{host}/{LONG}")
    desk.evaluate("localStorage.setItem('reader-theme', 'dark')")
    desk.route("**/*.js*", lambda route: route.abort())
    desk.goto(f"{host}/{CHAPTER}")
    assert desk.evaluate(PAPER) == DARK


def test_the_printer_gets_light_paper(desk: Page, host: str) -> None:
    desk.goto(f"{host}/{LONG}")
    desk.evaluate("document.documentElement.dataset.theme = 'dark'")
    desk.emulate_media(media="print", color_scheme="dark")
    assert desk.evaluate(INK) == BLACK, "the text is made for dark paper"
    for part in (".reader-header", ".wy-nav-side", ".reader-contents", ".rst-footer-buttons"):
        expect(desk.locator(part)).to_be_hidden()


def test_a_block_may_go_on_on_the_next_sheet_and_has_its_border(desk: Page, host: str) -> None:
    desk.set_viewport_size({"width": 680, "height": 900})
    desk.goto(f"{host}/{LONG}")
    desk.emulate_media(media="print")
    breaks = """() => [...document.querySelectorAll(".highlight pre")]
        .filter(pre => getComputedStyle(pre).breakInside !== "auto").length"""
    assert desk.evaluate(breaks) == 0
    cut = """() => [...document.querySelectorAll("div[class^=highlight]")]
        .filter(block => block.getBoundingClientRect().right > innerWidth).length"""
    assert desk.evaluate(cut) == 0


def test_the_contents_of_the_page_show_where_the_reader_is(desk: Page, host: str) -> None:
    desk.goto(f"{host}/{LONG}")
    contents = desk.get_by_role("navigation", name="On this page")
    expect(contents).to_have_count(1)
    contents.get_by_role("link", name="Rename a table", exact=True).click()
    expect(contents.locator("[aria-current=location]")).to_have_text("Rename a table")
    header = desk.locator(".reader-header").bounding_box()
    assert header
    assert desk.evaluate(TOP) >= header["height"], "the header covers the heading"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_search_and_contents_stay_in_sight(desk: Page, host: str, size: Any) -> None:
    desk.set_viewport_size(size)
    desk.goto(f"{host}/{LONG}")
    desk.evaluate("scrollTo(0, 3000)")
    expect(desk.locator(".reader-search input")).to_be_in_viewport(ratio=1)
    if size is DESK:
        expect(desk.locator(".reader-contents")).to_be_in_viewport(ratio=1)
        expect(desk.locator(".wy-menu-vertical a[aria-current=page]")).to_be_in_viewport(ratio=1)


def test_the_contents_are_folded_above_the_text_of_a_phone(phone: Page, host: str) -> None:
    phone.goto(f"{host}/{LONG}")
    contents = phone.get_by_role("navigation", name="On this page")
    link = contents.get_by_role("link", name="Rename a table", exact=True)
    expect(link).to_be_hidden()
    contents.get_by_text("On this page").click()
    link.click()
    expect(phone.get_by_role("heading", name="Rename a table", exact=True)).to_be_in_viewport()


@pytest.mark.parametrize(
    "path",
    ["troubleshooting/waiting.html", "how-to/json.html", "how-to/leave-gino/index.html"],
)
def test_the_menu_shows_the_page_that_is_read(desk: Page, host: str, path: str) -> None:
    desk.set_viewport_size({"width": 1280, "height": 620})
    desk.goto(f"{host}/{path}")
    here = desk.locator(".wy-menu-vertical a[aria-current=page]")
    # No part of it is left for scrolling the menu.
    expect(here).to_be_in_viewport(ratio=1)


def test_the_menu_has_the_groups_of_the_guides(desk: Page, host: str) -> None:
    desk.goto(f"{host}/{LONG}")
    groups = desk.locator(".reader-group > details")
    assert groups.count() > 3
    assert desk.locator(".reader-group > details[open]").count() == 1
    expect(desk.locator(".reader-group > details[open] a.current")).to_be_visible()
    last = groups.last
    expect(last.locator("a").first).to_be_hidden()
    last.locator("summary").click()
    expect(last.locator("a").first).to_be_visible()


def test_a_list_of_pages_says_what_they_are_about(desk: Page, host: str) -> None:
    desk.goto(f"{host}/how-to/index.html")
    entries = desk.locator(".toctree-wrapper li")
    assert entries.count() == desk.locator(".toctree-wrapper li .reader-about").count() > 30


def test_the_menu_of_a_phone_opens_and_closes(phone: Page, host: str) -> None:
    phone.goto(f"{host}/{LONG}")
    link = phone.locator(".wy-menu-vertical a").first
    expect(link).to_be_hidden()
    phone.get_by_role("button", name="Menu").click()
    expect(link).to_be_visible()
    phone.keyboard.press("Escape")
    expect(link).to_be_hidden()


@pytest.mark.parametrize("keys", ["/", "Control+k"])
def test_keys_lead_to_the_search(desk: Page, host: str, keys: str) -> None:
    desk.goto(f"{host}/{LONG}")
    desk.keyboard.press(keys)
    expect(desk.locator(".reader-search input")).to_be_focused()


def test_the_search_of_a_phone_needs_no_menu(phone: Page, host: str) -> None:
    phone.goto(f"{host}/{LONG}")
    field = phone.locator(".reader-search input")
    field.fill("rename a column")
    field.press("Enter")
    phone.wait_for_url("**/search.html?q=rename*")


def test_arrows_turn_the_chapters(desk: Page, host: str) -> None:
    desk.goto(f"{host}/{CHAPTER}")
    expect(desk.locator(".wy-breadcrumbs")).to_contain_text(" of ")
    following = desk.locator("a[rel=next]").evaluate("link => link.href")
    desk.keyboard.press("ArrowRight")
    desk.wait_for_url(following)
    desk.keyboard.press("ArrowLeft")
    desk.wait_for_url(f"{host}/{CHAPTER}")


@pytest.mark.parametrize("keys", ["Alt+ArrowRight", "Shift+ArrowRight", "ArrowDown"])
def test_other_arrows_do_not(desk: Page, host: str, keys: str) -> None:
    desk.goto(f"{host}/{CHAPTER}")
    desk.evaluate(NOTE_TURNS)
    desk.keyboard.press(keys)
    expect_first_turn_to_be_back(desk)


def test_arrows_do_not_while_a_reader_types(desk: Page, host: str) -> None:
    desk.goto(f"{host}/{CHAPTER}")
    desk.evaluate(NOTE_TURNS)
    field = desk.locator(".reader-search input")
    field.fill("enum")
    desk.keyboard.press("ArrowRight")
    field.blur()
    expect_first_turn_to_be_back(desk)


def expect_first_turn_to_be_back(tab: Page) -> None:
    """Turn back, which has to be the first turn of all: so no key before has turned the page."""
    before = tab.locator("a[rel=prev]").evaluate("link => link.href")
    tab.keyboard.press("ArrowLeft")
    tab.wait_for_function("turns.length > 0")
    assert tab.evaluate("turns[0]") == before


def test_what_a_search_marked_can_be_unmarked(desk: Page, host: str) -> None:
    desk.goto(f"{host}/{LONG}?highlight=column")
    expect(desk.locator(".rst-content p .highlighted").first).to_be_visible()
    desk.get_by_role("button", name="Hide highlights").click()
    expect(desk.locator(".rst-content .highlighted")).to_have_count(0)
    expect(desk.get_by_role("button", name="Hide highlights")).to_have_count(0)


def test_the_lost_page_searches_for_the_words_of_its_address(desk: Page, host: str) -> None:
    desk.goto(f"{host}/how-to/rename-column.html")
    field = desk.get_by_label("Words of what you're looking for")
    expect(field).to_have_value("rename column")
    desk.get_by_role("button", name="Search", exact=True).click()
    desk.wait_for_url("**/search.html?q=rename+column")


def test_a_line_that_goes_on_is_seen_to_go_on(phone: Page, host: str) -> None:
    phone.goto(f"{host}/tutorial/set-up.html")
    block = phone.locator("pre[data-more]").first
    expect(block).to_be_visible()
    block.evaluate("pre => pre.scrollTo(pre.scrollWidth, 0)")
    expect(phone.locator("pre").first).not_to_have_attribute("data-more", "")


@pytest.mark.parametrize("path", ["index.html", LONG, CHAPTER])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_moves_while_a_page_loads(desk: Page, host: str, path: str, size: Any) -> None:
    desk.set_viewport_size(size)
    desk.goto(f"{host}/{path}")
    assert desk.evaluate(SHIFT) < 0.01


def test_the_page_is_in_the_middle_of_a_wide_screen(desk: Page, host: str) -> None:
    desk.set_viewport_size({"width": 1920, "height": 1080})
    desk.goto(f"{host}/{LONG}")
    first = desk.locator(".wy-nav-side").bounding_box()
    last = desk.locator(".reader-contents").bounding_box()
    assert first and last
    assert abs(first["x"] - (1920 - last["x"] - last["width"])) <= 100


def test_the_first_screen_says_what_gino_s_state_is_and_has_the_four_ways(
    desk: Page, host: str
) -> None:
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.goto(f"{host}/index.html")
    expect(desk.locator(".reader-state")).to_be_in_viewport(ratio=1)
    cards = desk.locator(".reader-door")
    expect(cards).to_have_count(4)
    for card in cards.all():
        expect(card).to_be_in_viewport(ratio=1)
    title = desk.get_by_role("heading", level=1).evaluate("one => one.firstChild.data")
    assert desk.locator(".reader-brand").inner_text() == title


def test_every_page_has_no_handlers_in_its_markup(built: Path, page: str) -> None:
    text = (built / page).read_text(encoding="utf-8")
    assert not any(f" on{event}=" in text for event in ("click", "load", "submit", "error"))


def test_a_page_is_on_its_way_once_a_reader_points_at_its_link(desk: Page, host: str) -> None:
    desk.goto(f"{host}/{CHAPTER}")
    link = desk.locator("a[rel=next]")
    link.hover()
    desk.wait_for_timeout(1000)  # the browser doesn't say when it has decided to fetch
    link.click()
    desk.wait_for_url(f"{host}/tutorial/*.html")
    way = "performance.getEntriesByType('navigation')[0].deliveryType"
    assert desk.evaluate(way) == "navigational-prefetch"


def test_a_page_leads_to_its_markdown(desk: Page, host: str) -> None:
    desk.goto(f"{host}/{CHAPTER}")
    link = desk.get_by_role("link", name="This page as Markdown")
    address = link.evaluate("link => link.href")
    assert desk.request.get(address).text().startswith("# ")
