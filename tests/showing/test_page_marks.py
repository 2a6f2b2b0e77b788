"""What the built pages say of their blocks."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runthrough.showing.pages import Showing

if TYPE_CHECKING:
    from conftest import Project

CHANGED = "? Not known any more: this block, or one before it, has changed"
PARENT = {"index"}
"""Sphinx writes a table of contents again with each page that it names."""
NEW = "? Not performed yet"


def marks(project: Project, page: str) -> list[str]:
    """Return the mark of each block, in reading order, as a person reads it."""
    found = re.findall(
        r'<p class="runthrough-(?:mark|title)[^>]*>(.*?)</p>', project.page(page), re.DOTALL
    )
    return [plain(one) for one in found]


def summary(project: Project, page: str) -> str:
    """Return the line at a page's head, without the versions and the date."""
    found = re.search(
        r'<p class="runthrough-summary[^>]* role="status">(.*?)</p>', project.page(page)
    )
    assert found is not None
    return plain(found[1]).partition(" Performed on ")[0]


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_blocks_that_hold_say_so(project: Project) -> None:
    project.walk()
    project.build()
    assert marks(project, "first") == ["✓ Holds", "✓ Holds", "✓ Holds", "○ Waived"]
    assert marks(project, "second") == ["✓ Holds", "✓ Holds"]
    assert summary(project, "first") == "✓ 3 of 4 blocks hold, 1 waived."
    assert re.search(r"Performed on Python 3\.\S+, <time datetime=", project.page("first"))
    assert "runthrough-mark" not in project.page("index")


def test_a_mark_stands_under_all_that_belongs_to_its_block(project: Project) -> None:
    project.walk()
    project.build()
    text = plain(project.page("first"))
    assert re.search(r"Create kept.txt\W+<kept> & shown\s+✓ Holds\s+\$ cat", text)
    assert re.search(r"\$ cat kept.txt\s+<kept> & shown\s+✓ Holds", text)
    assert re.search(r"asks for a password\s+○ Waived", text)


def test_a_failure_shows_its_difference_and_what_it_blocks(project: Project) -> None:
    project.edit("first.rst", "   one\n", "   <won> & lost\n")
    project.walk()
    project.build()
    blocked = "□ Not performed: blocked by first.rst:7"
    assert marks(project, "first") == ["✗ Does not hold", blocked, blocked, "○ Waived"]
    assert marks(project, "second") == [blocked, blocked]
    assert "Performed on" in project.page("first")
    assert "Performed on" not in project.page("second")
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
    assert marks(project, "first") == [CHANGED, CHANGED, CHANGED, CHANGED]
    project.walk()
    project.build()
    assert marks(project, "first") == ["✓ Holds", "✓ Holds", "✓ Holds", "○ Waived"]


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
    assert marks(project, "second") == [NEW, NEW]


def test_an_edit_takes_the_mark_of_its_block_and_of_all_later_ones(project: Project) -> None:
    project.walk()
    project.build()
    project.edit("first.rst", ":create:\n\n   <kept>", ":create:\n\n   <lost>")
    project.build()
    assert marks(project, "first") == ["✓ Holds", CHANGED, CHANGED, CHANGED]
    assert marks(project, "second") == [CHANGED, CHANGED]
    assert summary(project, "first") == "? 1 of 4 blocks holds, 3 not known."


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
    assert marks(project, "second") == [NEW, NEW]


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
    assert '"hold"' not in index


def contents(site: Path) -> dict[str, bytes]:
    """Read all files of a built site, but for what Sphinx leaves of an earlier one."""
    left = {".buildinfo.bak", "runthrough.css"}
    files = (file for file in sorted(site.rglob("*")) if file.is_file())
    return {
        str(file.relative_to(site)): file.read_bytes() for file in files if file.name not in left
    }


def test_without_the_file_no_block_is_said_to_hold(project: Project) -> None:
    project.build()
    assert "runthrough-mark" not in project.page("first")
    assert "runthrough-summary" not in project.page("first")


@pytest.mark.parametrize("builder", ["singlehtml", "text"])
def test_other_builders_show_nothing(project: Project, builder: str) -> None:
    project.walk()
    project.build(builder)
    built = project.docs.parent / builder
    assert not any("runthrough-summary" in file.read_text() for file in built.glob("*.html"))
    assert not any("Holds" in file.read_text() for file in built.glob("*.txt"))


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
