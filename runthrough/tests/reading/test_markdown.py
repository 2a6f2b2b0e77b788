"""Pages in Markdown are run as others are, and found at their exact lines."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from runthrough.model.report import explain
from runthrough.model.results import Result
from runthrough.model.site import Site
from runthrough.model.steps import Console, Line, Listing, Page, PageProblem, Skip
from runthrough.reading.site import read_site
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner
from tests.conftest import place_of
from tests.reading.conftest import Steps

SAMPLES = Path(__file__).parents[1] / "samples-myst"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return read_site(SAMPLES, tmp_path_factory.mktemp("doctrees"))


@pytest.fixture
def runner(site: Site) -> Iterator[Runner]:
    runner = Runner(site, Options(show=lambda said: None))
    yield runner
    runner.end()


def results(runner: Runner, docname: str) -> list[Result]:
    page = runner.site.page(docname)
    return [runner.result(page, number) for number in range(len(page.steps))]


def lines(page: Page) -> Iterator[Line]:
    """Yield each line of a page that asks something, as the author has written it."""
    for step in page.steps:
        if isinstance(step, Console):
            for command in step.commands:
                yield Line(f"$ {command.text}", command.place)
                yield from command.output
        elif isinstance(step, Listing):
            yield from step.lines
        elif isinstance(step, Skip):
            yield Line(step.first_line, step.place)


def test_pages_in_markdown_are_run(runner: Runner) -> None:
    found = [*results(runner, "index"), *results(runner, "goes-on")]
    for result in found:
        assert result.failure is None, explain(result.failure)
    verdicts = [result.verdict for result in found]
    assert verdicts == [*["passed"] * 4, "skipped", "skipped", *["passed"] * 6]


def test_what_they_print_is_what_they_show(runner: Runner) -> None:
    results(runner, "index")
    snapshot = runner.records["index"].snapshot  # the second page goes on with it
    expected = ["Hello from Markdown", "a       b", "", "c", "greet.py", "$ 5"]
    assert snapshot is not None
    assert list(snapshot.printed) == expected
    runner.result(runner.site.page("goes-on"), 0)
    context = runner.live["goes-on"].context
    results(runner, "goes-on")
    assert context.printed == [*expected, "Hello from Markdown", "/home/reader/dev/project"]


@pytest.mark.parametrize("docname", ["index", "goes-on"])
def test_each_line_is_found_where_it_stands(site: Site, docname: str) -> None:
    page = site.page(docname)
    source = page.file.read_text(encoding="utf-8").split("\n")
    found = list(lines(page))
    assert len(found) >= 4
    shown = [source[(line.place.line or 0) - 1].lstrip() for line in found]
    assert shown == [line.text for line in found]


def test_a_plain_fence_that_is_wrong_fails_at_its_line(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES, tmp_path / "docs")
    page = tmp_path / "docs" / "goes-on.md"
    page.write_text(page.read_text(encoding="utf-8").replace("dev/project", "dev"), "utf-8")
    runner = Runner(
        read_site(tmp_path / "docs", tmp_path / "trees"), Options(show=lambda said: None)
    )
    (failure,) = [one.failure for one in results(runner, "goes-on") if one.failure is not None]
    runner.end()
    assert failure.place == place_of(page, "/home/reader/dev")


def test_an_indented_block_ends_with_its_last_line(steps: Steps) -> None:
    page = "# Tea\n\n`tea.csv`\n\n    green,3\n\n    black,4\n\nLook:\n\n    $ ls\n    tea.csv\n"
    dialect = "Dialect(files=('sentence',), listings='create')"
    conf = (
        "extensions.append('myst_parser')\nfrom runthrough import Dialect\n"
        f"runthrough_dialects = {{'*': {dialect}}}\n"
    )
    listing, session = steps(page, conf=conf, name="index.md")
    assert isinstance(listing, Listing)
    assert isinstance(session, Console)
    assert [(line.text, line.place.line) for line in listing.lines] == [
        ("green,3", 5),
        ("", 6),
        ("black,4", 7),
    ]
    assert [line.place.line for line in session.commands[0].output] == [12]


@pytest.mark.parametrize(
    "options",
    [":status: one", ":untill: Ready", "---\ntimeout: soon\n---", "---\nuntil: 'tea\n---"],
)
def test_an_option_that_markdown_would_leave_out_is_an_error(steps: Steps, options: str) -> None:
    page = f"# Tea\n\n```{{code-block}} console\n{options}\n\n$ false\n```\n"
    problem, typed = steps(page, conf='extensions += ["myst_parser"]\n', name="index.md")
    assert isinstance(problem, PageProblem)
    assert "option" in problem.what
    assert problem.place.line in (3, 4, 5)
    assert isinstance(typed, Console)


@pytest.mark.parametrize("options", [":linenoss: 3", ":lineno-start: one", ":filename: x"])
def test_an_option_of_others_is_only_a_warning(steps: Steps, options: str) -> None:
    page = f"# Tea\n\n```{{code-block}} console\n{options}\n\n$ false\n```\n"
    (typed,) = steps(page, conf='extensions += ["myst_parser"]\n', name="index.md")
    assert isinstance(typed, Console)


def test_a_comment_without_an_option_is_an_error(steps: Steps) -> None:
    page = "# Tea\n\n<!-- runthrough: status: 3 -->\n```console\n$ false\n```\n"
    problem, _ = steps(page, conf='extensions += ["myst_parser"]\n', name="index.md")
    assert isinstance(problem, PageProblem)
    assert "runthrough: status: 3\u2019 gives no option" in problem.what
    assert problem.place.line == 3
