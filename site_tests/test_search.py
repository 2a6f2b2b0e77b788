"""The search finds the section for a pasted error, and the page for a question in plain words."""

from __future__ import annotations

import gzip
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response

from runthrough import Site
from site_tests.errors import FOLDER, Errors, RawHtml, with_other_names

FIRST = """queries => queries.map(query => {
    const [page, title] = Search._performSearch(...Search._parseQuery(query)).at(-1) ?? [];
    return page ? [page, ...title.split(" > ").slice(1)].join(" > ") : null;
})"""
PAGES = """queries => queries.map(query => {
    const results = Search._performSearch(...Search._parseQuery(query));
    return results.slice(-10).reverse().map(([page]) => page);
})"""
HOW_TOS = """() => Search._index.docnames
    .map((page, number) => [Search._index.titles[number], page])
    .filter(([, page]) => page.startsWith("how-to/"))"""
REFUSED = "connecting > Connection refused"
BACKGROUND = "alembic-command > The last line names sqlalche.me"
QUESTIONS = tomllib.loads(Path(__file__).with_name("questions.toml").read_text())["question"]
Find = Callable[[list[str]], list[str | None]]


@pytest.fixture(scope="module")
def errors(guide: Site) -> Errors:
    return Errors.of(guide)


@pytest.fixture(scope="module")
def search(browser: Browser, host: str) -> Iterator[Page]:
    with browser.new_context() as context:
        tab = context.new_page()
        tab.goto(f"{host}/search.html?q=alembic")
        tab.wait_for_selector("ul.search li")
        yield tab


@pytest.fixture
def find(search: Page) -> Find:
    """Return the page and heading of the best result for each query, as the site ranks them."""
    return lambda queries: search.evaluate(FIRST, queries)


def led_astray(errors: Errors, shown: list[RawHtml], queries: list[str], find: Find) -> list[str]:
    """Say for which errors something else comes first than the section that has their text."""
    return [
        f"{one.place}: the search for {query!r} finds {place or 'nothing'} first, and not "
        f"{' or '.join(homes)}. Give this section a heading, or a main entry in the index "
        "('! single: ...'), that is made of words of the line"
        for one, query, place in zip(shown, queries, find(queries), strict=True)
        if place not in (homes := errors.homes(one)) and homes
    ]


def test_every_error_of_the_guide_has_a_section(errors: Errors) -> None:
    elsewhere = [one for one in errors.shown if not one.page.startswith(FOLDER)]
    assert len(elsewhere) > 50
    homeless = [
        f"{one.place}: no section answers {one.text!r}. Give the section that does, here or on "
        "another page, a main entry in the index above its heading ('! single: ...') that is made "
        f"of words of the line; or add the line to a section in docs/{FOLDER}"
        for one in elsewhere
        if not errors.homes(one)
    ]
    assert not homeless, "\n".join(homeless)


def test_a_pasted_line_leads_to_its_page(errors: Errors, find: Find) -> None:
    shown = list(errors.shown)
    astray = led_astray(errors, shown, [one.text for one in shown], find)
    assert not astray, "\n".join(astray)


def test_it_does_so_with_the_names_of_a_reader(errors: Errors, find: Find) -> None:
    shown = [one for one in errors.shown if with_other_names(one.text) != one.text]
    assert len(shown) > 50
    astray = led_astray(errors, shown, [with_other_names(one.text) for one in shown], find)
    assert not astray, "\n".join(astray)


def test_it_does_so_with_the_line_below_it(errors: Errors, find: Find) -> None:
    shown = [one for one in errors.shown if one.text.startswith("sqlalchemy.exc.")]
    assert len(shown) > 20
    below = "(Background on this error at: http://sqlalche.me/e/13/e3q8)"
    astray = led_astray(errors, shown, [f"{one.text} {below}" for one in shown], find)
    assert not astray, "\n".join(astray)


@pytest.mark.parametrize(
    ("line", "home"),
    [
        ("Is the server running on that host and accepting TCP/IP connections?", REFUSED),
        ("Is the server running locally and accepting connections on that socket?", REFUSED),
        ("(Background on this error at: http://sqlalche.me/e/13/f405)", BACKGROUND),
        ("(Background on this error at: https://sqlalche.me/e/20/e3q8)", BACKGROUND),
    ],
)
def test_the_last_line_of_an_error_leads_on(find: Find, line: str, home: str) -> None:
    assert find([line]) == [f"{FOLDER}{home}"]


@pytest.mark.parametrize("query", ["stamp", "alembic merge", "enum", "deploy", "offline mode"])
def test_a_topic_is_found_as_ever(find: Find, query: str) -> None:
    (place,) = find([query])
    assert place is not None
    assert not place.startswith(FOLDER)


def test_the_title_of_a_how_to_page_leads_there(search: Page, find: Find) -> None:
    pages: dict[str, str] = dict(search.evaluate(HOW_TOS))
    assert len(pages) > 20
    astray = [
        f"docs/{page}.rst: the search for its title, {title!r}, leads to {place or 'nothing'} first"
        for (title, page), place in zip(pages.items(), find(list(pages)), strict=True)
        if place is None or place.split(" > ")[0] != page
    ]
    assert not astray, "\n".join(astray)


@pytest.mark.parametrize(
    ("words", "home"),
    [
        ("rename a column", "rename"),
        ("renaming tables", "rename"),
        ("change the type of a column", "change-type"),
        ("add an enum value", "enums/add-value"),
        ("merge two heads", "two-heads"),
        ("data migration", "data-migration"),
        ("server default", "server-defaults"),
    ],
)
def test_a_topic_in_plain_words_leads_to_its_how_to_page(find: Find, words: str, home: str) -> None:
    (place,) = find([words])
    assert (place or "").split(" > ")[0] == f"how-to/{home}", (
        f"the search for {words!r} leads to {place or 'nothing'} first. Let a title on "
        f"docs/how-to/{home}.rst have these words"
    )


def rank(found: list[str], answers: list[str]) -> int | None:
    """Return which of the pages found is the first that answers, None where none does."""
    for place, page in enumerate(found, 1):
        if any(page == answer or page.startswith(f"{answer}/") for answer in answers):
            return place
    return None


def test_a_question_in_its_reader_s_words_finds_a_page_that_answers_it(search: Page) -> None:
    assert len(QUESTIONS) >= 40
    found = search.evaluate(PAGES, [one["asked"] for one in QUESTIONS])
    ranks = [rank(pages, one["pages"]) or 99 for one, pages in zip(QUESTIONS, found, strict=True)]
    table = "\n".join(
        f"{place:>4}  {one['asked']!r} finds {', '.join(pages[:3]) or 'nothing'}, and the answer "
        f"is on {' or '.join(one['pages'])}"
        for place, one, pages in zip(ranks, QUESTIONS, found, strict=True)
        if place > 1
    )
    advice = (
        "Give the section that answers an entry in the index with the words of the question, or "
        f"put a synonym into docs/_ext/synonyms.json. The places of the answers:\n{table}"
    )
    assert sum(place <= 3 for place in ranks) >= 0.95 * len(ranks), advice
    assert ranks.count(1) >= 0.75 * len(ranks), advice


def test_a_search_and_its_results_weigh_little(browser: Browser, host: str) -> None:
    with browser.new_context() as context:
        tab = context.new_page()
        responses: list[Response] = []
        tab.on("response", lambda one: responses.append(one))
        tab.goto(f"{host}/search.html?q=alembic")
        tab.wait_for_selector("ul.search li")
        tab.wait_for_load_state("networkidle")
        weights = {one.url: len(gzip.compress(one.body())) for one in responses}
    total = sum(weights.values())
    heaviest = sorted(weights, key=lambda url: weights[url], reverse=True)[:4]
    assert total <= 120_000, f"{total:,} bytes; most of them are {', '.join(heaviest)}"


def test_results_are_shown_a_few_at_a_time(browser: Browser, host: str) -> None:
    with browser.new_context() as context:
        tab = context.new_page()
        tab.goto(f"{host}/search.html?q=alembic")
        results = tab.locator("ul.search li")
        results.nth(9).wait_for()
        assert results.count() == 10
        tab.get_by_role("button", name="Show 10 more").click()
        assert results.count() == 20
        texts = results.all_inner_texts()
    noise = [text for text in texts if re.search("Continues from|✓ Tested|¶", text)]
    assert not noise


@pytest.fixture
def typing(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("renam", "how-to/rename.html"),
        ("depl", "how-to/deploy.html"),
        ("enum", "how-to/enums"),
        ("leave gi", "how-to/leave-gino"),
        ("undo", "tutorial/back-and-forth.html"),
    ],
)
def test_what_is_typed_is_completed(typing: Page, host: str, typed: str, wanted: str) -> None:
    typing.goto(f"{host}/how-to/index.html")
    field = typing.get_by_role("combobox").first
    field.fill(typed)
    typing.get_by_role("option").first.wait_for()
    found = [
        option.get_attribute("data-address") or "" for option in typing.get_by_role("option").all()
    ]
    assert any(wanted in address for address in found), found


def test_the_keyboard_chooses_a_suggestion(typing: Page, host: str) -> None:
    typing.goto(f"{host}/how-to/index.html")
    field = typing.get_by_role("combobox").first
    field.fill("rename")
    typing.get_by_role("option").first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    field.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    field.press("End")
    field.press_sequentially(" ")
    typing.get_by_role("option").first.wait_for()
    field.press("ArrowDown")
    chosen = typing.locator("[aria-selected=true]")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    address = chosen.get_attribute("data-address") or ""
    field.press("Enter")
    typing.wait_for_url(f"**/{address.removeprefix('../')}")


def test_the_pages_that_answer_a_question_exist(search: Page) -> None:
    pages = search.evaluate("() => Search._index.docnames")
    unanswered = [
        one["asked"] for one in QUESTIONS if not any(rank([page], one["pages"]) for page in pages)
    ]
    assert not unanswered


def test_what_is_nowhere_is_not_found(find: Find) -> None:
    assert find(["OverflowError: qwertz"]) == [None]


@pytest.mark.parametrize(
    "line",
    [
        'psycopg2.errors.NotNullViolation: column "price" of relation "goods" contains null values',
        "AttributeError: type object 'AsyncpgDBAPI' has no attribute 'connect'",
        "  FAILED: Can't locate revision identified by '0123456789ab'",
    ],
)
def test_a_line_pasted_into_the_field_leads_to_its_section(
    browser: Browser, host: str, line: str
) -> None:
    with browser.new_context() as context:
        tab = context.new_page()
        tab.goto(f"{host}/tutorial/install.html")
        field = tab.locator("input[name=q]:visible").first
        field.focus()
        tab.keyboard.insert_text(line)
        field.press("Enter")
        tab.locator("ul.search a").first.click()
        tab.wait_for_url(f"{host}/{FOLDER}**")
        message = line.split(": ")[-1].split('"')[0].split("'")[0].strip()
        assert message in tab.locator("section:target").inner_text()
