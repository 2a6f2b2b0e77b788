"""The recording on the front page plays three times, unless its reader stops it before."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

SIZES: Any = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
MOVING = "figure => figure.getAnimations({subtree: true}).length"
GO_TO = """(figure, share) => figure.getAnimations({subtree: true}).forEach(one => {
    one.pause();
    one.currentTime = share * one.effect.getComputedTiming().duration;
})"""
SEEN = """figure => [...figure.querySelectorAll("svg > g > text:last-of-type")]
    .filter(text => text.checkVisibility({visibilityProperty: true}))
    .map(text => text.textContent)"""
BESIDE = """figure => [...figure.querySelectorAll("svg > g > text")]
    .filter(text => text.checkVisibility())
    .filter(text => {
        const screen = text.closest("svg").getBoundingClientRect();
        const {left, right} = text.getBoundingClientRect();
        return left < screen.left || right > screen.right;
    })
    .map(text => text.textContent)"""
FINISH = """figure => figure.getAnimations({subtree: true}).forEach(one => one.finish())"""
LAST = "2 grace True"


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> Any:
    return SIZES[request.param]


@pytest.fixture
def front(browser: Browser, host: str, size: Any) -> Iterator[Page]:
    """The front page, for a reader who has nothing against motion."""
    with browser.new_context(viewport=size, reduced_motion="no-preference") as context:
        tab = context.new_page()
        tab.goto(f"{host}/index.html")
        yield tab


def recording(tab: Page) -> Locator:
    figure = tab.locator("figure.recording")
    expect(figure).to_have_count(1)
    return figure


def test_its_lines_appear_one_after_the_other(front: Page) -> None:
    figure = recording(front)
    seen = []
    for share in (0.0, 0.3, 0.6, 0.99):
        figure.evaluate(GO_TO, share)
        seen.append(figure.evaluate(SEEN))
    assert seen[0] == []
    assert seen[3][-1] == LAST
    for earlier, later in itertools.pairwise(seen):
        assert len(earlier) < len(later)
        assert later[: len(earlier)] == earlier


def test_all_letters_are_on_the_screen(front: Page) -> None:
    figure = recording(front)
    figure.evaluate(GO_TO, 0.99)
    assert figure.evaluate(BESIDE) == []


def test_the_keyboard_stops_it_and_everything_can_be_read(front: Page) -> None:
    figure = recording(front)
    assert figure.evaluate(MOVING) > 0
    play = front.get_by_label("Play")
    play.focus()
    front.keyboard.press("Space")
    expect(play).not_to_be_checked()
    assert figure.evaluate(MOVING) == 0
    assert figure.evaluate(SEEN)[-1] == LAST
    front.keyboard.press("Space")
    assert figure.evaluate(MOVING) > 0


def test_it_comes_to_rest_by_itself(front: Page) -> None:
    figure = recording(front)
    figure.evaluate(FINISH)  # A browser refuses that for what plays without an end.
    assert figure.evaluate(MOVING) == 0
    assert figure.evaluate(SEEN)[-1] == LAST


def test_nothing_moves_for_a_reader_who_wants_no_motion(
    browser: Browser, host: str, size: Any
) -> None:
    with browser.new_context(viewport=size, reduced_motion="reduce") as context:
        tab = context.new_page()
        tab.goto(f"{host}/index.html")
        figure = recording(tab)
        assert figure.evaluate(MOVING) == 0
        assert figure.evaluate(SEEN)[-1] == LAST
        expect(tab.get_by_label("Play")).to_be_hidden()


def test_it_has_the_colours_that_a_reader_chooses(front: Page) -> None:
    back = recording(front).locator("rect.screen").first
    colours = set()
    for theme in ("light", "dark"):
        front.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        colours.add(back.evaluate("rect => getComputedStyle(rect).fill"))
    assert len(colours) == 2


def test_paper_gets_the_last_moment(front: Page) -> None:
    front.emulate_media(media="print", reduced_motion="no-preference")
    assert recording(front).evaluate(MOVING) == 0
    expect(front.get_by_label("Play")).to_be_hidden()
