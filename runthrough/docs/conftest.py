"""What these pages need and not every machine has."""

import shutil

import pytest

from runthrough.model.steps import Page
from runthrough.running.page_run import PageStart
from runthrough.running.screenshots import PROGRAMS


def pytest_runthrough_start_page(page: Page, start: PageStart) -> None:
    """Skip the page on which a browser takes a picture, where there's none."""
    if page.docname == "web-picture" and not any(map(shutil.which, PROGRAMS)):
        pytest.skip("there's no Chromium, which takes the picture: apt-get install chromium")
