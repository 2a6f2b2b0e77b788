"""What the built pages say of their blocks."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runthrough.pages.rendering import Showing

if TYPE_CHECKING:
    from conftest import Project

PARENT = {"index"}
"""Sphinx writes a table of contents again with each page that it names."""
DONE = "✓ Performed"


WITH_SUM = """\
:orphan:

Sum
===

.. walked::
"""
PRINTS_KEPT = """\
   $ false

.. code-block:: text
   :caption: kept.txt

   <kept> & shown
"""
INSTALLS = """\
   $ mkdir -p {a,b}/site-packages/notes-1.0
   $ mkdir a/site-packages/zope_thing-1.9.dist-info
   $ mkdir b/site-packages/Zope.Thing-1.10.dist-info
   $ mkdir b/site-packages/asyncpg-0.30.0-py3.11.egg-info
   $ mkdir b/site-packages/asyncpg_stubs-1.0.dist-info
   $ mkdir -p b/site-packages/vendored/site-packages/other-1.0.dist-info
"""


def marks(project: Project, page: str) -> list[str]:
    """Return the mark of each block, in reading order, as a person reads it."""
    found = re.findall(
        r'<p class="runthrough-(?:mark|title)[^>]*>(.*?)</p>', project.page(page), re.DOTALL
    )
    return [plain(one) for one in found]


def site(project: Project) -> str:
    """Return the sum of all pages."""
    return closing(project, "sum", "walked")


def summary(project: Project, page: str) -> str:
    """Return the line at a page's head."""
    found = re.search(r'<p class="runthrough-summary" role="status">(.*?)</p>', project.page(page))
    return plain(found[1]) if found else ""


def closing(project: Project, page: str, name: str = "closing") -> str:
    """Return the line at a page's end, without the date and Python's version."""
    found = re.search(rf'<p class="runthrough-{name}">(.*?)</p>', project.page(page))
    said = plain(found[1]) if found else ""
    return re.sub(r"\d+ \w+ 20\d\d on Python 3\.\S+\b", "DAY on PYTHON", said)


def without_receipts(page: str) -> str:
    """Take out what a page says of its walk."""
    return re.sub(r'<p class="runthrough-(?:mark|closing)[^>]*>.*?</p>\n', "", page)


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_blocks_that_hold_say_so(project: Project) -> None:
    project.edit("second.rst", "   $ false\n", PRINTS_KEPT)
    project.walk()
    project.build()
    assert marks(project, "first") == [DONE, DONE, DONE]
    assert marks(project, "second") == [DONE, DONE, "✓ Checked"]
    assert summary(project, "first") == ""
    said = "Walked on DAY on PYTHON: 2 commands, 1 file; 1 block waived."
    assert closing(project, "first") == said
    assert closing(project, "second") == "Walked on DAY on PYTHON: 2 commands, 1 file."
    assert re.search(r'<time datetime="20\d\d-\d\d-\d\dT[^"]+">', project.page("first"))
    for part in ("runthrough-mark", "runthrough-closing"):
        assert part not in project.page("index")


def test_a_sum_speaks_of_all_pages(project: Project) -> None:
    (project.docs / "sum.rst").write_text(WITH_SUM)
    project.build()
    assert site(project) == "Not walked in this build."
    project.walk("docs/first.rst")
    project.build()
    said = "on DAY on PYTHON: 2 commands, 1 file; 1 block waived."
    assert site(project) == f"In this build, 1 of 2 pages are walked, {said}"
    project.walk()
    assert "sum" in project.build()
    assert site(project) == "2 pages, walked on DAY on PYTHON: 4 commands, 1 file; 1 block waived."
    assert project.build() == set()
    project.edit("second.rst", "$ false", "$ exit 1")
    project.build()
    assert site(project) == f"2 pages, walked {said.replace('2 commands', '3 commands')}"
    project.build(shows=False)
    assert "alked" not in project.page("sum")


def test_the_closing_line_leads_to_what_it_means(project: Project) -> None:
    conf = project.docs / "conf.py"
    conf.write_text("extensions = ['runthrough']\nrunthrough_about = 'second'\n")
    project.walk()
    project.build()
    assert ' 1 block waived. <a href="second.html">Second</a>.</p>' in project.page("first")
    assert 'href="second.html">Second</a>.</p>' not in project.page("second")
    conf.write_text("extensions = ['runthrough']\nrunthrough_about = 'nowhere'\n")
    assert "runthrough_about is 'nowhere', and there is no such page" in project.warnings()
    assert "1 block waived.</p>" in project.page("first")


def test_days_and_versions_that_differ_are_all_named(project: Project) -> None:
    (project.docs / "sum.rst").write_text(WITH_SUM)
    project.walk()
    kept = json.loads(project.outcomes.read_text())
    for receipt in kept["pages"]["second"]:
        receipt |= {"when": "2021-05-31T23:30:00-01:00", "python": "3.9.18"}
    project.outcomes.write_text(json.dumps(kept))
    project.build()
    said = plain(re.findall(r'<p class="runthrough-walked">(.*?)</p>', project.page("sum"))[0])
    assert said.startswith("2 pages, walked from 1 June 2021 to ")
    assert " on Python 3.9.18 and 3." in said


def test_a_page_names_the_versions_that_its_reader_has(project: Project) -> None:
    (project.docs / "conf.py").write_text(
        "extensions = ['runthrough']\nrunthrough_packages = ['Zope.Thing', 'asyncpg', 'other']\n"
    )
    project.edit("first.rst", "   $ echo one\n   one\n", INSTALLS)
    project.walk()
    project.build()
    said = "Walked on DAY on PYTHON, Zope.Thing 1.9 and 1.10 and asyncpg 0.30.0: "
    assert closing(project, "first").startswith(said)
    assert closing(project, "second").startswith(said)


def test_a_build_without_receipts_says_so_and_is_otherwise_the_same(project: Project) -> None:
    project.build()
    assert closing(project, "first") == closing(project, "second") == "Not walked in this build."
    assert closing(project, "index") == ""
    unwalked = project.page("first")
    project.walk()
    project.build()
    assert project.page("first") != unwalked
    assert without_receipts(project.page("first")) == without_receipts(unwalked)


def test_a_mark_stands_under_all_that_belongs_to_its_block(project: Project) -> None:
    project.walk()
    project.build()
    text = plain(project.page("first"))
    assert re.search(r"Create kept.txt\W+<kept> & shown\s+✓ Performed\s+\$ cat", text)
    assert re.search(r"\$ cat kept.txt\s+<kept> & shown\s+✓ Performed", text)
    assert re.search(r"reboot\s+Not performed by our tests: asks for a password", text)


def test_a_failure_shows_its_difference_and_what_it_blocks(project: Project) -> None:
    project.edit("first.rst", "   one\n", "   <won> & lost\n")
    project.walk()
    project.build()
    blocked = "□ Not performed: blocked by first.rst:7"
    assert marks(project, "first") == ["✗ Does not hold", blocked, blocked]
    assert marks(project, "second") == [blocked, blocked]
    assert closing(project, "first") == "Walked on DAY on PYTHON: 1 block waived."
    assert closing(project, "second") == ""
    page = project.page("first")
    assert "<del>-&lt;won&gt; &amp; lost</del>\n<ins>+one</ins>\n" in page
    assert "first.rst:7</code>: the output is not what the page shows" in page
    assert "<strong>What to do:</strong>" in page
    assert "$ echo one\n</pre>" in page
    assert page.count('id="runthrough-fails-0"') == page.count('href="#runthrough-fails-0"') == 1
    said = "✗ 0 of 4 blocks hold, 1 does not, 2 not performed, 1 waived."
    assert summary(project, "first").startswith(said)


def test_a_difference_goes_when_the_page_is_repaired(project: Project) -> None:
    project.edit("first.rst", "   one\n", "   won\n")
    project.walk()
    project.build()
    project.edit("first.rst", "   won\n", "   one\n")
    project.build()
    assert "runthrough-failure" not in project.page("first")
    assert marks(project, "first") == []
    assert closing(project, "first") == "Not walked in this build."
    project.walk()
    project.build()
    assert marks(project, "first") == [DONE, DONE, DONE]


def test_a_failure_of_no_block_stands_at_the_head(project: Project) -> None:
    project.edit("second.rst", "   $ false\n", "   $ sleep 600 & false\n   [1] 4242\n")
    project.walk()
    project.build()
    page = project.page("second")
    head = page.index('class="runthrough-failure"')
    assert page.index('role="status"') < head < page.index("highlight-console")
    assert "✗ Does not hold" in marks(project, "second")[0]


def test_a_page_that_was_never_performed_says_so(project: Project) -> None:
    project.walk("docs/first.rst")
    project.build()
    assert marks(project, "second") == []
    assert closing(project, "second") == "Not walked in this build."


def test_an_edit_takes_the_mark_of_its_block_and_of_all_later_ones(project: Project) -> None:
    project.walk()
    project.build()
    project.edit("first.rst", ":create:\n\n   <kept>", ":create:\n\n   <lost>")
    project.build()
    assert marks(project, "first") == [DONE]
    assert marks(project, "second") == []
    said = "What has changed since then, and what comes after it, has no mark."
    assert closing(project, "first") == f"Walked on DAY on PYTHON: 1 command. {said}"
    assert closing(project, "second") == "Not walked in this build."


def test_prose_takes_no_mark_and_moves_the_place(project: Project) -> None:
    project.edit("first.rst", "   one\n", "   won\n")
    project.walk()
    project.edit("first.rst", "=====\n", "=====\n\nSome more\nwords.\n")
    project.build()
    assert marks(project, "first")[0] == "✗ Does not hold"
    assert "first.rst:10</code>: the output is not what" in project.page("first")


def test_a_page_is_built_again_when_only_its_outcomes_have_changed(project: Project) -> None:
    project.walk()
    project.build()
    assert project.build() == set()
    text = project.outcomes.read_text()
    assert text.count('"verdict": "passed"') == 7
    last = text.rindex('"verdict": "passed"')
    project.outcomes.write_text(text[:last] + text[last:].replace("passed", "unchecked", 1))
    assert project.build() == {"second", *PARENT}
    project.outcomes.write_text(text[: text.rindex('"second"')].rstrip().rstrip(",") + "}}")
    assert project.build() == {"second", *PARENT}
    assert marks(project, "second") == []


def test_a_page_is_built_again_when_what_it_continues_from_asks_something_else(
    project: Project,
) -> None:
    project.walk()
    project.build()
    project.edit("first.rst", "=====\n", "=====\n\nMore words.\n")
    assert project.build() == {"first", *PARENT}
    project.edit("first.rst", "$ sudo reboot", "$ sudo halt")
    assert project.build() == {"first", "second", *PARENT}
    assert marks(project, "second") == []


def test_what_was_read_with_other_pages_beside_it_is_read_again(project: Project) -> None:
    project.walk()
    project.build()
    third = project.docs / "third.rst"
    third.write_text(
        ":orphan:\n:continues: second\n\nThird\n=====\n\n.. code:: console\n\n   $ true\n"
    )
    project.build()
    said = "Walked on DAY on PYTHON: 2 commands. What has changed"
    assert closing(project, "second").startswith(said)
    project.walk()
    project.build()
    assert closing(project, "second") == "Walked on DAY on PYTHON: 2 commands."
    assert marks(project, "third") == [DONE]


def test_each_builder_knows_what_it_has_written(project: Project) -> None:
    for builder in ("html", "dirhtml"):
        project.build(builder)
    project.walk()
    for builder in ("html", "dirhtml"):
        assert {"first", "second"} <= project.build(builder)
        assert project.build(builder) == set()


def test_without_the_setting_the_site_is_the_same_as_ever(project: Project) -> None:
    project.walk()
    project.build(shows=False)
    site = project.docs.parent / "html"
    plain_site = contents(site)
    project.build()
    assert contents(site) != plain_site
    project.build(shows=False)
    assert contents(site) == plain_site
    assert not any(b"runthrough-mark" in data for data in plain_site.values())


def test_a_search_does_not_find_marks(project: Project) -> None:
    project.walk()
    project.build()
    index = (project.docs.parent / "html" / "searchindex.js").read_text()
    assert '"password"' in index
    assert '"walk"' not in index


def contents(site: Path) -> dict[str, bytes]:
    """Read all files of a built site, but for what Sphinx leaves of an earlier one."""
    left = {".buildinfo.bak", "runthrough.css"}
    files = (file for file in sorted(site.rglob("*")) if file.is_file())
    return {
        str(file.relative_to(site)): file.read_bytes() for file in files if file.name not in left
    }


@pytest.mark.parametrize("builder", ["singlehtml", "text"])
def test_other_builders_show_nothing(project: Project, builder: str) -> None:
    (project.docs / "sum.rst").write_text(WITH_SUM)
    project.walk()
    project.build(builder)
    built = project.docs.parent / builder
    assert not any("runthrough-closing" in file.read_text() for file in built.glob("*.html"))
    assert not any("Walked" in file.read_text() for file in built.glob("*.txt"))


def test_a_file_of_something_else_is_named_and_shows_nothing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.outcomes.write_text("[]")
    project.build()
    assert "runthrough-mark" not in project.page("first")


def test_marks_are_no_part_of_what_a_page_asks(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.walk()
    monkeypatch.setattr(Showing, "show", None)  # so that whoever wants to show something fails
    (project.docs / "conf.py").write_text(
        "extensions = ['runthrough']\nrunthrough_outcomes = '../outcomes.json'\n"
    )
    project.walk().assert_outcomes(passed=7, skipped=1)
