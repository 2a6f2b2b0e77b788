"""Sample pages are read once, and each test walks its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

from runthrough.model.places import Place
from runthrough.model.report import explain
from runthrough.model.results import Failure, Outcome
from runthrough.model.site import Site
from runthrough.reading.site import read_site
from runthrough.running.context import Stage
from runthrough.running.page_run import Options
from runthrough.running.runner import Walks

pytest_plugins = ["pytester"]

# A busy machine is no fault of the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

LONG = ("test_lowest_versions.py", "test_restoring.py")
"""The modules whose tests install packages, or walk many pages."""
SAMPLES = Path(__file__).with_name("samples")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a person take the messages of this run for those to keep."""
    parser.addoption("--write-messages", action="store_true", help="write tests/messages/ anew")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the few tests that take long, so that no worker is left with one at the end."""
    items.sort(key=lambda item: item.path.name not in LONG)


@dataclass(frozen=True)
class Walked:
    """What became of a sample page."""

    file: Path
    outcomes: tuple[Outcome, ...]

    @property
    def verdicts(self) -> list[str]:
        return [outcome.verdict for outcome in self.outcomes]

    @property
    def failure(self) -> Failure:
        """The one failure of the page."""
        (failure,) = [one.failure for one in self.outcomes if one.failure is not None]
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
        patched.setenv("PYTEST_ADDOPTS", "-p no:hypothesispytest")
        yield


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """All sample pages, read."""
    return read_site(SAMPLES, tmp_path_factory.mktemp("doctrees"))


@pytest.fixture
def walks(samples: Site) -> Iterator[Walks]:
    """The walks of one test; nothing of them is left after it."""
    walks = Walks(samples, Options(show=lambda said: None))
    yield walks
    walks.end()


@pytest.fixture
def walk(walks: Walks) -> Callable[[str], Walked]:
    """Walk a sample page, and all that it continues from."""

    def walk_page(docname: str) -> Walked:
        page = walks.site.page(docname)
        outcomes = (walks.outcome(page, number) for number in range(len(page.steps)))
        return Walked(page.file, tuple(outcomes))

    return walk_page


@pytest.fixture
def passes(walk: Callable[[str], Walked]) -> Callable[[str], None]:
    """Walk a sample page that is right; show the report where it is called wrong."""

    def check(docname: str) -> None:
        walked = walk(docname)
        for outcome in walked.outcomes:
            assert outcome.failure is None, explain(outcome.failure, walked.file)
        assert "passed" in walked.verdicts

    return check


@pytest.fixture
def performed(walks: Walks, passes: Callable[[str], None]) -> Callable[[str], Stage]:
    """Walk a sample page that is right, and return what shows that it was performed."""

    def perform(docname: str) -> Stage:
        walks.outcome(walks.site.page(docname), 0)
        stage = walks.live[docname].stage
        passes(docname)
        return stage

    return perform
