"""A reader's browser asks nobody but the site's own host."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request

from site_tests.findings import refuse


def asked_elsewhere(tab: Page, host: str, address: str) -> list[str]:
    """Open an address, and return the requests that go to other hosts."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    tab.on("request", note)
    tab.goto(f"{host}/{address}")
    tab.remove_listener("request", note)
    assert f"{host}/{address}" in asked
    return [f"asks for {url}" for url in asked if not url.startswith((f"{host}/", "data:"))]


ADVICE = "put the file into docs/_static, and name it there, or do without it"


def test_page_asks_its_own_host_alone(tab: Page, host: str, page: str) -> None:
    refuse(page, asked_elsewhere(tab, host, page), ADVICE)


@pytest.mark.parametrize("address", ["search.html?q=downgrade", "there/is/no/such/page.html"])
def test_other_addresses_do_so_too(tab: Page, host: str, address: str) -> None:
    refuse(address, asked_elsewhere(tab, host, address), ADVICE)
