"""The built pages say which of their badges owe something to the side file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sphinx.errors import ConfigError

from runthrough.model.steps import SIDE_FILE
from tests.pages.test_badges import DONE, WITH_SUM, badges, plain

if TYPE_CHECKING:
    from tests.pages.conftest import Project

SIDE = """\
[[first.block]]
holds = "echo one"
timeout = 9

[[first.after]]
text = "First"
run = ["touch <a>", "rm '<a>'"]

[[first.after]]
text = "echo one"
run = "true"

[[second.block]]
holds = "cat kept.txt"
skip = "it needs <cats>"
"""
SAYS = f"as {SIDE_FILE} says"


def write(project: Project, text: str) -> None:
    (project.docs / SIDE_FILE).write_text(text)
    (project.docs / "sum.rst").write_text(WITH_SUM)


def test_a_badge_says_what_the_page_does_not(project: Project) -> None:
    write(project, SIDE.replace("touch <a>", "touch '<a>'"))
    project.run_pages()
    project.build()
    assert badges(project, "first") == [
        f"{DONE}, {SAYS} ($ touch '<a>')",
        f"{DONE}, {SAYS} (timeout: 9)",
        f"{DONE}, {SAYS} ($ true)",
        DONE,
        DONE,
    ]
    assert badges(project, "second") == [f"○ Not tested, {SAYS}: it needs <cats>", DONE]


def test_so_does_the_badge_of_what_fails_or_is_blocked(project: Project) -> None:
    write(project, SIDE)
    project.run_pages()
    project.build()
    blocked = f"blocked by {SIDE_FILE}:7"
    assert badges(project, "first")[:3] == [
        f"✗ Failed, {SAYS} ($ touch <a>)",
        f"□ Not tested, {SAYS} (timeout: 9): {blocked}",
        f"□ Not tested, {SAYS} ($ true): {blocked}",
    ]


def test_the_page_of_results_lists_all_of_it(project: Project) -> None:
    write(project, SIDE.replace("touch <a>", "touch '<a>'"))
    project.run_pages()
    project.build()
    page = project.page("sum")
    (found,) = re.findall(r'<details class="runthrough-side">(.*?)</details>', page, re.DOTALL)
    assert plain(found).strip().split("\n") == [
        f"4 steps aren't fully described on the pages: {SIDE_FILE} has the rest",
        "",
        f"{SIDE_FILE}:7: $ touch '<a>'",
        "first.rst:6: timeout: 9",
        f"{SIDE_FILE}:11: $ true",
        "second.rst:8: skip: it needs <cats>",
    ]


def test_without_a_side_file_nothing_is_listed(project: Project) -> None:
    write(project, "")
    project.run_pages()
    project.build()
    assert "runthrough-side" not in project.page("sum")
    assert SIDE_FILE not in project.page("first")


def test_a_change_of_the_file_alone_takes_the_badges_that_it_is_about(project: Project) -> None:
    write(project, SIDE.replace("touch <a>", "touch '<a>'"))
    project.run_pages()
    project.build()
    write(project, SIDE.replace("touch <a>", "touch '<a>'").replace('"true"', '"false"'))
    assert project.build() >= {"first", "second", "sum"}
    assert badges(project, "first") == [
        f"{DONE}, {SAYS} ($ touch '<a>')",
        f"{DONE}, {SAYS} (timeout: 9)",
    ]
    assert badges(project, "second") == [f"○ Not tested, {SAYS}: it needs <cats>"]


def test_a_line_more_in_the_file_takes_no_badge(project: Project) -> None:
    write(project, SIDE.replace("touch <a>", "touch '<a>'"))
    project.run_pages()
    project.build()
    write(project, "# tea\n" + SIDE.replace("touch <a>", "touch '<a>'"))
    project.build()
    assert len(badges(project, "first")) == 5


def test_a_build_says_what_is_wrong_with_the_file(project: Project) -> None:
    write(project, SIDE.replace("timeout = 9", "timeuot = 9"))
    with pytest.raises(ConfigError, match="3: there's no key 'timeuot' here; did you mean 'time"):
        project.build()
