"""What the built pages say of their blocks."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runthrough.pages.rendering import BadgeRenderer
from tests.tab_sets import tab_set

if TYPE_CHECKING:
    from tests.pages.conftest import Project

PARENT = {"index"}
"""Sphinx writes a table of contents again with each page that it names."""
DONE = "✓ Tested"


WITH_SUM = """\
:orphan:

Sum
===

.. tested::
"""
PRINTS_KEPT = """\
   $ false

.. code-block:: text
   :caption: kept.txt

   <kept> & shown
"""
INSTALLS = """\
   $ install() { mkdir -p $1 && printf "Name: $3\\nVersion: $4\\n" > $1/$2; }
   $ install a/site-packages/zope_thing-1.9.dist-info METADATA zope.thing 1.9
   $ install b/site-packages/Zope.Thing-1.10.dist-info METADATA Zope.Thing 1.10
   $ install b/site-packages/asyncpg-0.30.0-py3.11.egg-info PKG-INFO asyncpg 0.30.0
   $ install b/site-packages/asyncpg_stubs-1.0.dist-info METADATA asyncpg-stubs 1.0
   $ install b/site-packages/vendored/site-packages/other-1.0.dist-info METADATA other 1.0
   $ mkdir b/site-packages/other-2.0.dist-info b/site-packages/notes-1.0
"""


def badges(project: Project, page: str) -> list[str]:
    """Return the badge of each block, in reading order, as a person reads it."""
    tick = r'<span class="runthrough-tick[^>]* aria-label="([^"]*)"[^>]*>(.*?)</span>'
    line = r'<p class="runthrough-(?:badge|title)[^>]*>(.*?)</p>'
    found = re.findall(f"{tick}|{line}", project.page(page), re.DOTALL)
    return [f"{sign} {name}" if name else plain(words) for name, sign, words in found]


ON_PATHS = f"""\
Store
=====

{tab_set("Box", "Shelf", "Jar")}

.. code-block:: console

   $ ls
   box

.. only:: experts

   .. code-block:: console

      $ false
"""


def test_a_block_is_tested_where_each_path_that_runs_it_has_passed(project: Project) -> None:
    (project.docs / "conf.py").write_text(
        "extensions = ['runthrough', 'sphinx_design']\n"
        "runthrough_paths = {'shelves': {'tabs': ['Shelf']}}\n"
    )
    (project.docs / "first.rst").write_text(ON_PATHS.replace("   box\n", "   ...\n"))
    project.run_pages("docs/first.rst", "-k", "not shelves")
    project.build()
    assert badges(project, "first") == [DONE, "○ Not tested: in another tab"]
    project.run_pages("docs/first.rst")
    project.build()
    assert badges(project, "first") == [DONE, DONE, "○ Not tested: in another tab", DONE]
    assert closing(project, "first").endswith("3 of 4 commands; 1 block in other tabs.")


def test_a_block_that_one_path_finds_wrong_does_not_hold(project: Project) -> None:
    (project.docs / "conf.py").write_text(
        "extensions = ['runthrough', 'sphinx_design']\n"
        "runthrough_paths = {'shelves': {'tabs': ['Shelf'], 'tags': ['experts']}}\n"
    )
    (project.docs / "first.rst").write_text(ON_PATHS)
    project.run_pages("docs/first.rst")
    project.build()
    assert badges(project, "first") == [
        "✗ Failed",
        *(DONE, DONE, "○ Not tested: in another tab"),
        "✗ Failed",
    ]


ANSWER_FIRST = """\
Answer
======

.. code-block:: text
   :caption: made.txt
   :at-end:

   black

.. code-block:: text
   :caption: made.txt
   :create:

   green

.. code-block:: console

   $ cat made.txt
   green
   $ echo black > made.txt
"""


def test_a_file_at_the_end_of_the_page_has_its_badge_where_it_is_shown(project: Project) -> None:
    (project.docs / "first.rst").write_text(ANSWER_FIRST)
    project.run_pages("docs/first.rst")
    project.build()
    assert badges(project, "first") == ["✓ Checked", DONE, DONE]
    (project.docs / "first.rst").write_text(ANSWER_FIRST.replace("black\n\n", "white\n\n"))
    project.run_pages("docs/first.rst")
    project.build()
    assert badges(project, "first") == ["✗ Failed", DONE, DONE]


def site(project: Project) -> str:
    """Return the sum of all pages."""
    return closing(project, "sum", "tested")


def summary(project: Project, page: str) -> str:
    """Return the line at a page's head."""
    found = re.search(r'<p class="runthrough-summary" role="status">(.*?)</p>', project.page(page))
    return plain(found[1]) if found else ""


def closing(project: Project, page: str, name: str = "closing") -> str:
    """Return the line at a page's end, without the date and Python's version."""
    found = re.search(rf'<p class="runthrough-{name}">(.*?)</p>', project.page(page))
    said = plain(found[1]) if found else ""
    return re.sub(r"\d+ \w+ 20\d\d on Python 3\.\S+\b", "DAY on PYTHON", said)


def without_results(page: str) -> str:
    """Take out what a page says of its run."""
    page = re.sub(r'<span class="runthrough-tick[^>]*>.</span>', "", page)
    return re.sub(r'<p class="runthrough-(?:badge|closing)[^>]*>.*?</p>\n', "", page)


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_blocks_that_hold_say_so(project: Project) -> None:
    project.edit("second.rst", "   $ false\n", PRINTS_KEPT)
    project.run_pages()
    project.build()
    assert badges(project, "first") == [DONE, DONE, DONE]
    assert badges(project, "second") == [DONE, DONE, "✓ Checked"]
    assert summary(project, "first") == ""
    said = "Tested on DAY on PYTHON: 2 of 3 commands, 1 file; 1 block skipped."
    assert closing(project, "first") == said
    assert closing(project, "second") == "Tested on DAY on PYTHON: 2 commands, 1 file."
    assert re.search(r'<time datetime="20\d\d-\d\d-\d\dT[^"]+">', project.page("first"))
    for part in ("runthrough-badge", "runthrough-closing"):
        assert part not in project.page("index")


def test_a_sum_speaks_of_all_pages(project: Project) -> None:
    (project.docs / "sum.rst").write_text(WITH_SUM)
    project.build()
    assert site(project) == "Not tested in this build."
    project.run_pages("docs/first.rst")
    project.build()
    said = "on DAY on PYTHON: 2 of 5 commands, 1 file; 1 block skipped."
    assert site(project) == f"In this build, 1 of 2 pages are tested, {said}"
    project.run_pages()
    assert "sum" in project.build()
    tested = said.replace("2 of", "4 of")
    assert site(project) == f"2 pages, tested {tested}"
    assert project.build() == set()
    project.edit("second.rst", "$ false", "$ exit 1")
    project.build()
    assert site(project) == f"2 pages, tested {said.replace('2 of', '3 of')}"
    project.build(shows=False)
    assert "alked" not in project.page("sum")


def test_the_closing_line_leads_to_what_it_means(project: Project) -> None:
    conf = project.docs / "conf.py"
    conf.write_text("extensions = ['runthrough']\nrunthrough_about = 'second'\n")
    project.run_pages()
    project.build()
    assert ' 1 block skipped. <a href="second.html">Second</a>.</p>' in project.page("first")
    assert 'href="second.html">Second</a>.</p>' not in project.page("second")
    conf.write_text("extensions = ['runthrough']\nrunthrough_about = 'nowhere'\n")
    assert "runthrough_about is 'nowhere', but there's no such page" in project.warnings()
    assert "1 block skipped.</p>" in project.page("first")


def test_days_and_versions_that_differ_are_all_named(project: Project) -> None:
    (project.docs / "sum.rst").write_text(WITH_SUM)
    project.run_pages()
    kept = json.loads(project.results.read_text())
    for recorded in kept["pages"]["second"]:
        recorded |= {"when": "2021-05-31T23:30:00-01:00", "python": "3.9.18"}
    project.results.write_text(json.dumps(kept))
    project.build()
    said = plain(re.findall(r'<p class="runthrough-tested">(.*?)</p>', project.page("sum"))[0])
    assert said.startswith("2 pages, tested from 1 June 2021 to ")
    assert " on Python 3.9.18 and 3." in said


def test_a_page_names_the_versions_that_its_reader_has(project: Project) -> None:
    (project.docs / "conf.py").write_text(
        "extensions = ['runthrough']\nrunthrough_packages = ['Zope.Thing', 'asyncpg', 'other']\n"
    )
    project.edit("first.rst", "   $ echo one\n   one\n", INSTALLS)
    project.run_pages()
    project.build()
    said = "Tested on DAY on PYTHON, Zope.Thing 1.9 and 1.10 and asyncpg 0.30.0: "
    assert closing(project, "first").startswith(said)
    assert closing(project, "second").startswith(said)


def test_a_build_without_results_says_so_and_is_otherwise_the_same(project: Project) -> None:
    project.build()
    assert closing(project, "first") == closing(project, "second") == "Not tested in this build."
    assert closing(project, "index") == ""
    untested = project.page("first")
    project.run_pages()
    project.build()
    assert project.page("first") != untested
    assert without_results(project.page("first")) == without_results(untested)


def test_a_tick_is_in_the_caption_or_at_the_end_of_its_block(project: Project) -> None:
    project.run_pages()
    project.build()
    text = plain(project.page("first"))
    assert re.search(r"Create kept.txt\W*✓\W+kept> & shown\s+\$ cat", text)
    assert re.search(r"\$ cat kept.txt\s+<kept> & shown\s+✓", text)
    assert re.search(r"reboot\s+Not tested: asks for a password", text)


def test_a_tick_is_at_the_end_of_an_output_below_the_tabs_of_its_command(project: Project) -> None:
    conf = project.docs / "conf.py"
    conf.write_text(conf.read_text().replace("[", '["sphinx_design", ', 1))
    tabs = "".join(
        f"   .. tab-item:: {system}\n\n      .. code-block:: console\n\n         $ cat {file}\n\n"
        for system, file in {"Linux": "kept.txt", "Windows": "other.txt"}.items()
    )
    project.edit(
        "first.rst",
        ".. code-block:: console\n\n   $ cat kept.txt\n",
        f".. tab-set::\n\n{tabs}",
    )
    project.run_pages()
    project.build()
    text = plain(project.page("first"))
    assert re.search(r"cat other.txt\s+○ Not tested: in another tab\s+<kept> & shown\s+✓", text)


def test_a_failure_shows_its_difference_and_what_it_blocks(project: Project) -> None:
    project.edit("first.rst", "   one\n", "   <won> & lost\n")
    project.run_pages()
    project.build()
    blocked = "□ Not tested: blocked by first.rst:7"
    assert badges(project, "first") == ["✗ Failed", blocked, blocked]
    assert badges(project, "second") == [blocked, blocked]
    assert closing(project, "first") == "Tested on DAY on PYTHON: 1 block skipped."
    assert closing(project, "second") == ""
    page = project.page("first")
    assert "<del>-&lt;won&gt; &amp; lost</del>\n<ins>+one</ins>\n" in page
    assert "first.rst:7</code>: the output is not what the page shows" in page
    assert "<strong>What to do:</strong>" in page
    assert "$ echo one\n</pre>" in page
    assert page.count('id="runthrough-fails-0"') == page.count('href="#runthrough-fails-0"') == 1
    said = "✗ 0 of 4 blocks passed, 1 failed, 2 not tested, 1 skipped."
    assert summary(project, "first").startswith(said)


def test_a_difference_goes_when_the_page_is_repaired(project: Project) -> None:
    project.edit("first.rst", "   one\n", "   won\n")
    project.run_pages()
    project.build()
    project.edit("first.rst", "   won\n", "   one\n")
    project.build()
    assert "runthrough-failure" not in project.page("first")
    assert badges(project, "first") == []
    assert closing(project, "first") == "Not tested in this build."
    project.run_pages()
    project.build()
    assert badges(project, "first") == [DONE, DONE, DONE]


def test_a_failure_of_no_block_stands_at_the_head(project: Project) -> None:
    project.edit("second.rst", "   $ false\n", "   $ sleep 600 & false\n   [1] 4242\n")
    project.run_pages()
    project.build()
    page = project.page("second")
    head = page.index('class="runthrough-failure"')
    assert page.index('role="status"') < head < page.index("highlight-console")
    assert "✗ Failed" in badges(project, "second")[0]


def test_a_page_that_was_never_run_says_so(project: Project) -> None:
    project.run_pages("docs/first.rst")
    project.build()
    assert badges(project, "second") == []
    assert closing(project, "second") == "Not tested in this build."


def test_an_edit_takes_the_mark_of_its_block_and_of_all_later_ones(project: Project) -> None:
    project.run_pages()
    project.build()
    project.edit("first.rst", ":create:\n\n   <kept>", ":create:\n\n   <lost>")
    project.build()
    assert badges(project, "first") == [DONE]
    assert badges(project, "second") == []
    said = "Anything that has changed since then, and everything after it, has no badge."
    assert closing(project, "first") == f"Tested on DAY on PYTHON: 1 of 3 commands. {said}"
    assert closing(project, "second") == "Not tested in this build."


def test_prose_takes_no_mark_and_moves_the_place(project: Project) -> None:
    project.edit("first.rst", "   one\n", "   won\n")
    project.run_pages()
    project.edit("first.rst", "=====\n", "=====\n\nSome more\nwords.\n")
    project.build()
    assert badges(project, "first")[0] == "✗ Failed"
    assert "first.rst:10</code>: the output is not what" in project.page("first")


def test_a_page_is_built_again_when_only_its_results_have_changed(project: Project) -> None:
    project.run_pages()
    project.build()
    assert project.build() == set()
    text = project.results.read_text()
    assert text.count('"verdict": "passed"') == 7
    last = text.rindex('"verdict": "passed"')
    project.results.write_text(text[:last] + text[last:].replace("passed", "unchecked", 1))
    assert project.build() == {"second", *PARENT}
    project.results.write_text(text[: text.rindex('"second"')].rstrip().rstrip(",") + "}}")
    assert project.build() == {"second", *PARENT}
    assert badges(project, "second") == []


def test_a_page_is_built_again_when_what_it_continues_from_asks_something_else(
    project: Project,
) -> None:
    project.run_pages()
    project.build()
    project.edit("first.rst", "=====\n", "=====\n\nMore words.\n")
    assert project.build() == {"first", *PARENT}
    project.edit("first.rst", "$ sudo reboot", "$ sudo halt")
    assert project.build() == {"first", "second", *PARENT}
    assert badges(project, "second") == []


def test_what_was_read_with_other_pages_beside_it_is_read_again(project: Project) -> None:
    project.run_pages()
    project.build()
    third = project.docs / "third.rst"
    third.write_text(
        ":orphan:\n:continues: second\n\nThird\n=====\n\n.. code:: console\n\n   $ true\n"
    )
    project.build()
    said = "Tested on DAY on PYTHON: 2 commands. Anything that has changed"
    assert closing(project, "second").startswith(said)
    project.run_pages()
    project.build()
    assert closing(project, "second") == "Tested on DAY on PYTHON: 2 commands."
    assert badges(project, "third") == [DONE]


def test_each_builder_knows_what_it_has_written(project: Project) -> None:
    for builder in ("html", "dirhtml"):
        project.build(builder)
    project.run_pages()
    for builder in ("html", "dirhtml"):
        assert {"first", "second"} <= project.build(builder)
        assert project.build(builder) == set()


def test_without_the_setting_the_site_is_the_same_as_ever(project: Project) -> None:
    project.run_pages()
    project.build(shows=False)
    site = project.docs.parent / "html"
    plain_site = contents(site)
    project.build()
    assert contents(site) != plain_site
    project.build(shows=False)
    assert contents(site) == plain_site
    assert not any(b"runthrough-badge" in data for data in plain_site.values())


def test_a_search_does_not_find_marks(project: Project) -> None:
    project.run_pages()
    project.build()
    index = (project.docs.parent / "html" / "searchindex.js").read_text()
    assert '"password"' in index
    assert '"run"' not in index


def contents(site: Path) -> dict[str, bytes]:
    """Read all files of a built site, but for what Sphinx leaves of an earlier one."""
    left = {".buildinfo.bak", "runthrough.css", "runthrough-copy.css", "runthrough-copy.js"}
    files = (file for file in sorted(site.rglob("*")) if file.is_file())
    return {
        str(file.relative_to(site)): file.read_bytes() for file in files if file.name not in left
    }


@pytest.mark.parametrize("builder", ["singlehtml", "text"])
def test_other_builders_show_nothing(project: Project, builder: str) -> None:
    (project.docs / "sum.rst").write_text(WITH_SUM)
    project.run_pages()
    project.build(builder)
    built = project.docs.parent / builder
    assert not any("runthrough-closing" in file.read_text() for file in built.glob("*.html"))
    assert not any("Tested" in file.read_text() for file in built.glob("*.txt"))


def test_a_file_of_something_else_is_named_and_shows_nothing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.results.write_text("[]")
    project.build()
    assert "runthrough-badge" not in project.page("first")


def test_marks_are_no_part_of_what_a_page_asks(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.run_pages()
    monkeypatch.setattr(
        BadgeRenderer, "show", None
    )  # so that whoever wants to show something fails
    (project.docs / "conf.py").write_text(
        "extensions = ['runthrough']\nrunthrough_results = '../results.json'\n"
    )
    project.run_pages().assert_outcomes(passed=7, skipped=1)
