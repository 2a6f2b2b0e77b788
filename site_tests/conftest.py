"""The built site, served, and a browser to look at it with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from site_tests.browsers import MISSING, find
from site_tests.serving import serving

ROOT = Path(__file__).parent.parent
# Chromium's own errands, and a page's requests to other hosts, fail at once.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--site",
        type=Path,
        default=ROOT / "docs/_build/html",
        help="the folder of the built site (docs/_build/html)",
    )


def built_in(config: pytest.Config) -> Path:
    """Return the folder of the built site."""
    folder: Path = config.getoption("--site")
    if not (folder / "index.html").is_file():
        raise pytest.UsageError(
            f"there is no site in {folder}: it has no index.html. To build one and test it, type "
            "'nox -s site'; to test another, give its folder: --site FOLDER"
        )
    return folder


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a `page` once for each page of the site."""
    if "page" in metafunc.fixturenames:
        folder = built_in(metafunc.config)
        pages = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
        metafunc.parametrize("page", pages)


@pytest.fixture(scope="session")
def built(pytestconfig: pytest.Config) -> Path:
    """The folder of the built site."""
    return built_in(pytestconfig)


@pytest.fixture(scope="session")
def host(built: Path) -> Iterator[str]:
    """The address under which the site is served, without a last slash."""
    with serving(built) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium; where there is none, the test is skipped."""
    program = find()
    if program is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=[ALONE])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab that the tests of a module share; the module's CONTEXT says of what kind."""
    with browser.new_context(**getattr(request.module, "CONTEXT", {})) as context:
        yield context.new_page()
