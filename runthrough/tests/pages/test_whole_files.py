"""A changed file can be copied whole, as the run has left it, and only while that's true."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from runthrough.model.places import Place
from runthrough.model.results import Result
from runthrough.model.steps import Skip
from runthrough.running.masking import MASK, Secrets

if TYPE_CHECKING:
    from tests.pages.conftest import Project

TEXT = "token = qwertz-123456\n"
CHANGES = """

.. code-block:: diff
   :caption: kept.txt

   -<kept> & shown
   +<changed> & "shown"

.. code-block:: diff
   :caption: kept.txt

    <changed> & "shown"
   +</script> ü
"""
BUTTON = re.compile(
    r'<span class="runthrough-whole" data-script="([^"]*)" data-file="(\d+)" '
    "hidden>"
)


def files(project: Project) -> dict[str, str]:
    """Read the script of the first page as a browser does."""
    script = (project.docs.parent / "html/_runthrough/first.js").read_text()
    held = script.removeprefix("document.currentScript.files = ").removesuffix(";\n")
    read: dict[str, str] = json.loads(held)
    return read


def changed(project: Project) -> None:
    page = project.docs / "first.rst"
    page.write_text(page.read_text() + CHANGES)
    project.run_pages()
    project.build()


def test_each_change_has_the_file_as_it_is_after_that(project: Project) -> None:
    changed(project)
    buttons = BUTTON.findall(project.page("first"))
    assert [address for address, _ in buttons] == ["_runthrough/first.js"] * 2
    assert [files(project)[number] for _, number in buttons] == [
        '<changed> & "shown"\n',
        '<changed> & "shown"\n</script> ü\n',
    ]


def test_what_is_not_known_any_more_has_no_button(project: Project) -> None:
    changed(project)
    project.edit("first.rst", "   +</script> ü\n", "   +other\n")
    project.build()
    assert len(BUTTON.findall(project.page("first"))) == 1
    project.edit("first.rst", "   $ echo one\n", "   $ echo 'one'\n")
    project.build()
    assert not BUTTON.findall(project.page("first"))


def test_a_build_that_shows_no_results_has_no_button(project: Project) -> None:
    changed(project)
    project.build(shows=False)
    assert not BUTTON.findall(project.page("first"))


def test_an_ebook_has_no_button(project: Project) -> None:
    changed(project)
    (project.docs / "conf.py").write_text("extensions = ['runthrough']\nversion = '1'\n")
    project.build("epub")
    page = (project.docs.parent / "epub/first.xhtml").read_text()
    assert "&lt;changed&gt;" in page
    assert not BUTTON.findall(page)


def test_a_secret_of_the_caller_is_masked_in_the_file() -> None:
    secrets = Secrets.of({"A_TOKEN": "qwertz-123456"})
    result = Result(Skip(Place(Path("page.rst"), 1), "", ""), "passed", whole=TEXT)
    assert secrets.result(result).whole == f"token = {MASK}\n"
    assert secrets.result(replace(result, whole=None)).whole is None
