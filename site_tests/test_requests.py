"""A reader's browser asks nobody but the site's own host."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from site_tests.findings import refuse
from site_tests.visits import Visit, visit

ADVICE = "put the file into docs/_static, and name it there, or do without it"


def asked_elsewhere(asked: list[str], host: str, address: str) -> list[str]:
    """Return which of the requests of a page go to other hosts."""
    assert f"{host}/{address}" in asked
    return [f"asks for {url}" for url in asked if not url.startswith((f"{host}/", "data:"))]


def test_page_asks_its_own_host_alone(visited: Visit, host: str, page: str) -> None:
    refuse(page, asked_elsewhere(visited.asked, host, page), ADVICE)


@pytest.mark.parametrize("address", ["search.html?q=downgrade", "there/is/no/such/page.html"])
def test_other_addresses_do_so_too(tab: Page, host: str, address: str) -> None:
    asked = visit(tab, f"{host}/{address}").asked
    refuse(address, asked_elsewhere(asked, host, address), ADVICE)
