"""A command reads the pages that its arguments name, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from runthrough.cli import main
from runthrough.model.site import Site

CONF = """
from pathlib import Path

def note(app, docname, source):
    with open({log!r}, "a") as file:
        print(docname, file=file)

def setup(app):
    app.connect("source-read", note)
"""
PAGE = "Page\n====\n\n.. code-block:: console\n\n   $ echo green\n   green\n"
PAGES = {
    "index": "Teas\n====\n\n.. toctree::\n   :glob:\n\n   *\n   */*\n",
    "one": PAGE,
    "two": f":continues: one\n\n{PAGE}",
    "three": PAGE,
    "how-to/four": PAGE,
    "how-to/five": PAGE,
}


@pytest.fixture
def log(pytester: pytest.Pytester, samples: Site) -> Path:
    """Where the site in docs/ notes which pages Sphinx reads."""
    (pytester.mkdir("docs") / "how-to").mkdir()
    log = pytester.path / "log.txt"
    Path("docs/conf.py").write_text(CONF.format(log=str(log)))
    for name, text in PAGES.items():
        Path(f"docs/{name}.rst").write_text(text)
    return log


def read(log: Path) -> set[str]:
    return set(log.read_text().split())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["docs/three.rst"], ["three"]),
        (["docs/three.rst::$ echo green"], ["three"]),
        (["docs/two.rst"], ["one", "two"]),
        (["docs/how-to"], ["how-to/four", "how-to/five"]),
        (["docs/how-to/four.rst", "docs/three.rst"], ["how-to/four", "three"]),
        (["-n2", "docs/two.rst"], ["one", "two"]),
        (["docs"], [*PAGES]),
        (["."], [*PAGES]),
        ([], [*PAGES]),
        (["-k", "three", "docs"], [*PAGES]),
        (["--runthrough-update", "docs/three.rst"], [*PAGES]),
    ],
    ids=str,
)
def test_a_run_reads_what_its_arguments_name(
    pytester: pytest.Pytester, log: Path, arguments: list[str], expected: list[str]
) -> None:
    ran = pytester.runpytest_inprocess("--runthrough", *arguments)
    assert ran.ret == 0
    assert read(log) == {"index", *expected}


def test_a_list_reads_what_its_arguments_name(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", "docs/two.rst"]) == 0
    assert read(log) == {"index", "one", "two"}
    assert capsys.readouterr().out.splitlines() == [
        "two (continues from one)",
        "  docs/two.rst:8: $ echo green",
        "  docs/two.rst:9: nothing is left running",
        "1 page: 2 steps",
    ]
