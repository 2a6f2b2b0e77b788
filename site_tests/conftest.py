"""The built site, served, and a browser to look at it with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from runthrough import Site
from site_tests.browsers import MISSING, find
from site_tests.guide import ROOT, read_guide
from site_tests.serving import serving
from site_tests.visits import PlainVisit, Visit, visit, visit_without_scripts

if TYPE_CHECKING:
    from site_tests.scheduling import PageScheduling

# Chromium's own errands, and a page's requests to other hosts, fail at once.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
# A busy machine takes longer than the 5 seconds that playwright waits.
expect.set_options(timeout=30_000)


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
    """Run a test that takes a `page` once for each page of the site, next to the page's others."""
    if "page" in metafunc.fixturenames:
        folder = built_in(metafunc.config)
        pages = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
        metafunc.parametrize("page", pages, scope="session")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> PageScheduling:
    """Let one process have all tests of a page."""
    from site_tests.scheduling import PageScheduling

    return PageScheduling(config, log)


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


@pytest.fixture(scope="session")
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """The browser of a reader whose pages may use the clipboard."""
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        yield context


@pytest.fixture(scope="session")
def plain_reader(browser: Browser) -> Iterator[BrowserContext]:
    """The browser of a reader whose scripts are off, and who wants no motion.

    A recording shows its last moment then.
    """
    with browser.new_context(java_script_enabled=False, reduced_motion="reduce") as context:
        yield context


@pytest.fixture(scope="session")
def visiting(reader: BrowserContext) -> Page:
    """The tab in which pages are visited, one after the other."""
    return reader.new_page()


@pytest.fixture(scope="session")
def plain_visiting(plain_reader: BrowserContext) -> Page:
    """The tab in which pages are visited without scripts."""
    return plain_reader.new_page()


@pytest.fixture(scope="session")
def visited(visiting: Page, host: str, page: str) -> Visit:
    """The page, opened once for all its tests."""
    return visit(visiting, f"{host}/{page}")


@pytest.fixture(scope="session")
def visited_without_scripts(plain_visiting: Page, host: str, page: str) -> PlainVisit:
    """The page without scripts, opened once for all its tests."""
    return visit_without_scripts(plain_visiting, f"{host}/{page}")


@pytest.fixture
def tab(reader: BrowserContext) -> Iterator[Page]:
    """A tab for one test."""
    with reader.new_page() as tab:
        yield tab


@pytest.fixture
def plain_tab(plain_reader: BrowserContext) -> Iterator[Page]:
    """A tab without scripts for one test."""
    with plain_reader.new_page() as tab:
        yield tab


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def doctrees(shared: Path) -> Path:
    """The folder where the guide's doctrees are."""
    return shared / "doctrees"


@pytest.fixture(scope="session")
def guide(doctrees: Path) -> Site:
    """The guide's sources, as the run reads them."""
    return read_guide(doctrees)
