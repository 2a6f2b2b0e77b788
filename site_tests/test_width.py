"""No page scrolls sideways, on a telephone or at a desk."""

from __future__ import annotations

from site_tests.findings import refuse
from site_tests.visits import Visit
from site_tests.widths import WIDTHS, sticking_out


def test_page_is_no_wider_than_the_screen(visited: Visit, page: str) -> None:
    found = [one for width in WIDTHS for one in sticking_out(visited.tab, width)]
    refuse(page, found, "let it wrap, or scroll by itself")
