"""A reader's browser asks nobody but the site's own host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context() as context:
        yield context


def foreign_requests(context: BrowserContext, host: str, address: str) -> list[str]:
    """Open an address, and return the requests that go elsewhere."""
    asked: list[str] = []
    tab = context.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(f"{host}/{address}", wait_until="load")
    tab.close()
    assert f"{host}/{address}" in asked
    return [url for url in asked if not url.startswith((f"{host}/", "data:"))]


def test_page_asks_its_own_host_alone(context: BrowserContext, host: str, page: str) -> None:
    assert foreign_requests(context, host, page) == []


@pytest.mark.parametrize("address", ["search.html?q=downgrade", "there/is/no/such/page.html"])
def test_other_addresses_do_so_too(context: BrowserContext, host: str, address: str) -> None:
    assert foreign_requests(context, host, address) == []
