"""Sample pages are read once, and each test runs its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

from runthrough.model.places import Place
from runthrough.model.report import explain
from runthrough.model.results import Failure, Result
from runthrough.model.site import Site
from runthrough.pages import extension
from runthrough.reading.site import read_site
from runthrough.running.context import Context
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner

pytest_plugins = ["pytester"]

# pytester forgets the modules that a run inside a test was the first to import. What Sphinx pickles
# must be of the one module that the next run finds, so the extension is loaded before them all.
assert extension.__name__ == "runthrough.pages.extension"

# A busy machine is no fault of the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.register_profile("quick", deadline=None, max_examples=15)
hypothesis.settings.load_profile("patient")

SLOW = {"pytester", "runner", "samples", "server", "shell", "start"}
"""The fixtures that start a shell, a database server or another pytest, or read all samples."""
SAMPLES = Path(__file__).with_name("samples")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a person take the messages of this run for those to keep."""
    parser.addoption("--write-messages", action="store_true", help="write tests/messages/ again")


def pytest_configure(config: pytest.Config) -> None:
    """Try fewer examples in a run without slow tests, which a person waits for."""
    if config.getoption("markexpr") == "not slow":
        hypothesis.settings.load_profile("quick")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark a test as slow if it uses a slow fixture, however indirectly.

    Modules and tests that are slow for another reason carry the marker themselves.
    """
    if isinstance(item, pytest.Function) and SLOW.intersection(item.fixturenames):
        item.add_marker("slow")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the slow tests, so that no worker is left with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@dataclass(frozen=True)
class RanPage:
    """What became of a sample page."""

    file: Path
    results: tuple[Result, ...]

    @property
    def verdicts(self) -> list[str]:
        return [result.verdict for result in self.results]

    @property
    def failure(self) -> Failure:
        """The one failure of the page."""
        (failure,) = [one.failure for one in self.results if one.failure is not None]
        return failure

    @property
    def report(self) -> str:
        """What its author is told of the one failure."""
        return explain(self.failure, self.file)

    def at(self, text: str) -> Place:
        """The place of the one line of the page that holds a text."""
        return place_of(self.file, text)


def place_of(file: Path, text: str) -> Place:
    """Find the one line of a file that holds a text."""
    lines = file.read_text(encoding="utf-8").split("\n")
    (number,) = [number for number, line in enumerate(lines, 1) if text in line]
    return Place(file, number)


@pytest.fixture(scope="session", autouse=True)
def quick_children() -> Iterator[None]:
    """Let the runs of pytest that tests start do without hypothesis, whose import is long."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTEST_ADDOPTS", "-p no:hypothesispytest -p no:valkey")
        yield


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """All sample pages, read."""
    return read_site(SAMPLES, tmp_path_factory.mktemp("doctrees"))


@pytest.fixture
def runner(samples: Site) -> Iterator[Runner]:
    """The runs of one test; nothing of them is left after it."""
    runner = Runner(samples, Options(show=lambda said: None))
    yield runner
    runner.end()


@pytest.fixture
def run_page(runner: Runner) -> Callable[[str], RanPage]:
    """Run a sample page, and all that it continues from."""

    def run_page(docname: str) -> RanPage:
        page = runner.site.page(docname)
        results = (runner.result(page, number) for number in range(len(page.steps)))
        return RanPage(page.file, tuple(results))

    return run_page


@pytest.fixture
def passes(run_page: Callable[[str], RanPage]) -> Callable[[str], None]:
    """Run a sample page that is right; show the report where it is called wrong."""

    def check(docname: str) -> None:
        ran = run_page(docname)
        for result in ran.results:
            assert result.failure is None, explain(result.failure, ran.file)
        assert "passed" in ran.verdicts

    return check


@pytest.fixture
def ran(runner: Runner, passes: Callable[[str], None]) -> Callable[[str], Context]:
    """Run a sample page that is right, and return what shows that it was run."""

    def run_step(docname: str) -> Context:
        runner.result(runner.site.page(docname), 0)
        context = runner.live[docname].context
        passes(docname)
        return context

    return run_step


@pytest.fixture
def run_text(tmp_path: Path) -> Iterator[Callable[..., RanPage]]:
    """Run a page that is given as text, in a site of its own with these settings."""
    runners: list[Runner] = []

    def run(text: str, conf: str = "") -> RanPage:
        (tmp_path / "conf.py").write_text(conf, encoding="utf-8")
        file = tmp_path / "index.rst"
        file.write_text(f"Title\n=====\n\n{text}", encoding="utf-8")
        site = read_site(tmp_path, tmp_path / "doctrees")
        runners.append(Runner(site, Options(show=lambda said: None)))
        return RanPage(file, runners[-1].run(site.page("index")))

    yield run
    for runner in runners:
        runner.end()
