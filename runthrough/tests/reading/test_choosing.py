"""Only those pages are read that were asked for, and they're the same as in the whole site."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from runthrough.model.converting import SettingsError
from runthrough.model.site import ReadingError, Site
from runthrough.model.steps import EndCheck, Listing, PageProblem
from runthrough.reading.site import read_site

Write = Callable[[Mapping[str, str]], Path]

BLOCK = "\n.. code-block:: console\n\n   $ echo green\n   green\n"
PAGES = {
    "index": "Teas\n====\n\n.. toctree::\n\n   tutorial/index\n   other\n   reference\n",
    "other": f"Other\n=====\n\nSee :doc:`reference` and :ref:`pots`.\n{BLOCK}",
    "reference": f".. _pots:\n\nPots\n====\n{BLOCK}",
    "tutorial/index": "Tutorial\n========\n\n.. toctree::\n\n   first\n   second\n   third\n",
    "tutorial/first": f"First\n=====\n{BLOCK}",
    "tutorial/second": f":continues: tutorial/first\n\nSecond\n======\n{BLOCK}",
    "tutorial/third": f":continues: tutorial/second\n\nThird\n=====\n{BLOCK}",
}
CONF = "extensions = ['runthrough']\n"
ASKS_TITLES = """
from sphinx.transforms.post_transforms import SphinxPostTransform

class NamesAll(SphinxPostTransform):
    default_priority = 5
    def run(self):
        for name in self.env.found_docs:
            self.env.titles[name].astext()

def setup(app):
    app.add_post_transform(NamesAll)
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """The folder of a site with a tutorial."""
    return write(tmp_path / "docs", PAGES)


@pytest.fixture
def trees(tmp_path: Path) -> Path:
    return tmp_path / "trees"


def write(docs: Path, pages: Mapping[str, str], conf: str = CONF) -> Path:
    for name, text in pages.items():
        file = docs / f"{name}.rst"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (docs / "conf.py").write_text(conf)
    return docs


def read(docs: Path, trees: Path, *names: str) -> Site:
    return read_site(docs, trees, [docs / name for name in names])


def names(site: Site) -> list[str]:
    return [page.docname for page in site.pages]


def known(trees: Path) -> dict[str, int]:
    """When each page was read last, by its name."""
    files = trees.rglob("*.doctree")
    return {str(file.relative_to(trees).with_suffix("")): file.stat().st_mtime_ns for file in files}


def touch(file: Path) -> None:
    """Let a file be newer than what was read of it."""
    later = file.stat().st_mtime + 100
    os.utime(file, (later, later))


@pytest.mark.parametrize(
    ("asked", "pages", "also_read"),
    [
        (["other.rst"], ["other"], {"index"}),
        (["tutorial/first.rst"], ["tutorial/first"], {"index"}),
        (
            ["tutorial/third.rst"],
            ["tutorial/first", "tutorial/second", "tutorial/third"],
            {"index"},
        ),
        (
            ["tutorial"],
            ["tutorial/index", "tutorial/first", "tutorial/second", "tutorial/third"],
            {"index"},
        ),
        (["reference.rst", "other.rst"], ["other", "reference"], {"index"}),
        (["index.rst"], ["index"], set()),
        (["missing.rst"], [], {"index"}),
    ],
)
def test_a_page_is_read_with_those_that_it_continues_from(
    docs: Path, trees: Path, asked: list[str], pages: list[str], also_read: set[str]
) -> None:
    site = read(docs, trees, *asked)
    assert names(site) == pages
    assert known(trees).keys() == {*pages, *also_read}
    assert site.docnames == PAGES.keys()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_the_same_whether_others_are_read_or_not(
    docs: Path, trees: Path, tmp_path: Path, name: str
) -> None:
    whole = read_site(docs, tmp_path / "whole")
    site = read(docs, trees, f"{name}.rst")
    assert site.page(name) == whole.page(name)
    assert site.continued & set(names(site)) == whole.continued & set(names(site))


def test_a_long_directive_above_the_title_of_another_page_takes_no_time(
    docs: Path, trees: Path
) -> None:
    raw = ".. raw:: html\n\n" + "      <br>\n" * 100 + "\n"
    write(docs, {"reference": f"{raw}{PAGES['reference']}"})
    assert names(read(docs, trees, "other.rst")) == ["other"]


@pytest.mark.parametrize("asked", [None, [Path("docs")], [Path()]])
def test_all_pages_are_read_where_all_are_asked_for(
    docs: Path, trees: Path, monkeypatch: pytest.MonkeyPatch, asked: list[Path] | None
) -> None:
    monkeypatch.chdir(docs.parent)
    site = read_site(docs, trees, asked)
    assert names(site) == [
        *("index", "tutorial/index", "tutorial/first", "tutorial/second", "tutorial/third"),
        *("other", "reference"),
    ]
    assert known(trees).keys() == PAGES.keys()


@pytest.mark.parametrize("link", ["folder", "page"])
def test_a_page_can_be_asked_for_through_a_link(docs: Path, trees: Path, link: str) -> None:
    if link == "folder":
        named = docs.parent / "link"
        named.symlink_to(docs)
        asked = named / "other.rst"
    else:
        named, asked = docs, docs.parent / "link.rst"
        asked.symlink_to(docs / "other.rst")
    site = read_site(named, trees, [asked])
    assert [page.file for page in site.pages] == [named / "other.rst"]


@pytest.mark.parametrize(
    "head",
    [
        ":continues: tutorial/third\n\n",
        ".. A comment,\n   of two lines\n.. _fourth:\n\n:no: 4\n:continues:  /tutorial/third/\n\n",
    ],
)
def test_a_page_knows_that_one_which_is_not_read_continues_from_it(
    docs: Path, trees: Path, tmp_path: Path, head: str
) -> None:
    write(docs, {"fourth": f"{head}Fourth\n======\n{BLOCK}"})
    site = read(docs, trees, "tutorial/third.rst")
    assert "fourth" not in known(trees)
    end = site.page("tutorial/third").steps[-1]
    assert isinstance(end, EndCheck) and end.continued
    assert "tutorial/third" in site.continued
    assert site.page("tutorial/third") == read_site(docs, tmp_path / "whole").page("tutorial/third")


def test_a_head_in_markdown_is_known_too(docs: Path, trees: Path) -> None:
    pytest.importorskip("myst_parser")
    write(docs, {}, "extensions = ['runthrough', 'myst_parser']\n")
    (docs / "fourth.md").write_text('---\ncontinues: "tutorial/third"\n---\n\n# Fourth\n')
    assert "tutorial/third" in read(docs, trees, "tutorial/third.rst").continued
    assert names(read(docs, trees, "fourth.md"))[-2:] == ["tutorial/third", "fourth"]


def test_a_field_below_the_head_says_nothing(docs: Path, trees: Path) -> None:
    write(docs, {"fourth": "Fourth\n======\n\n:continues: tutorial/third\n"})
    assert "tutorial/third" not in read(docs, trees, "tutorial/third.rst").continued
    assert "tutorial/third" not in read_site(docs, trees).continued


def test_the_rest_is_read_when_it_is_asked_for(docs: Path, trees: Path, tmp_path: Path) -> None:
    read(docs, trees, "tutorial/second.rst")
    before = known(trees)
    assert read_site(docs, trees) == read_site(docs, tmp_path / "whole")
    after = known(trees)
    assert after.keys() == PAGES.keys()
    assert {name: after[name] for name in before} == before


def test_an_unchanged_page_is_not_read_again(docs: Path, trees: Path) -> None:
    read_site(docs, trees)
    before = known(trees)
    site = read(docs, trees, "tutorial/third.rst")
    assert names(site) == ["tutorial/first", "tutorial/second", "tutorial/third"]
    assert known(trees) == before


def test_a_changed_page_that_nobody_asks_for_is_read_when_somebody_does(
    docs: Path, trees: Path, tmp_path: Path
) -> None:
    read_site(docs, trees)
    before = known(trees)
    write(docs, {"other": f":continues: reference\n\n{PAGES['other']}"})
    touch(docs / "other.rst")
    site = read(docs, trees, "reference.rst")
    assert known(trees) == before
    assert "reference" in site.continued, "what an outdated page said of old counts no more"
    assert names(read(docs, trees, "other.rst")) == ["other", "reference"]
    assert read_site(docs, trees) == read_site(docs, tmp_path / "whole")


def test_a_changed_include_has_its_page_read_again(docs: Path, trees: Path) -> None:
    include = docs / "block.txt"
    include.write_text(BLOCK)
    write(docs, {"other": "Other\n=====\n\n.. include:: block.txt\n"})
    before = read(docs, trees, "other.rst")
    include.write_text(BLOCK.replace("green", "black"))
    touch(include)
    read(docs, trees, "reference.rst")
    after = read(docs, trees, "other.rst")
    assert [page.steps[0].title for page in (*before.pages, *after.pages)] == [
        "$ echo green",
        "$ echo black",
    ]


def test_pages_of_other_settings_are_not_believed(docs: Path, trees: Path, tmp_path: Path) -> None:
    shows = f"Other\n=====\n\n|tea|\n{BLOCK.replace('green', '|tea|')}".replace(
        ".. code-block:: console", ".. parsed-literal::"
    )
    write(docs, {"other": shows}, f"{CONF}rst_prolog = '.. |tea| replace:: green'\n")
    read_site(docs, trees)
    conf = f"{CONF}rst_prolog = '.. |tea| replace:: black'\n"
    write(docs, {}, conf)
    read(docs, trees, "reference.rst")
    assert read_site(docs, trees) == read_site(docs, tmp_path / "whole")


def test_a_page_whose_reading_was_given_up_is_read_again(docs: Path, trees: Path) -> None:
    write(docs, {"other": "Other\n=====\n\n.. raises::\n"}, conf=f"{CONF}{RAISES}")
    for _ in range(2):
        (page,) = read(docs, trees, "other.rst").pages
        (problem,) = page.steps
        assert isinstance(problem, PageProblem) and "KeyError" in problem.what
        assert known(trees).keys() == {"index", "other"}


RAISES = """
from docutils.parsers.rst import Directive

class Raises(Directive):
    def run(self):
        raise KeyError("tea")

def setup(app):
    app.add_directive("raises", Raises)
"""


def test_a_block_that_shows_the_title_of_another_page_has_it(
    docs: Path, trees: Path, tmp_path: Path
) -> None:
    options = ".. runthrough:\n   :caption: tea.txt"
    block = ".. parsed-literal::\n\n   See :doc:`reference`\n"
    write(docs, {"other": f"Other\n=====\n\n{options}\n\n{block}"})
    page = read(docs, trees, "other.rst").page("other")
    assert isinstance(page.steps[0], Listing)
    assert [line.text for line in page.steps[0].lines] == ["See Pots"]
    assert page == read_site(docs, tmp_path / "whole").page("other")


def test_an_extension_that_needs_other_pages_gets_them(
    docs: Path, trees: Path, tmp_path: Path
) -> None:
    write(docs, {}, f"{CONF}{ASKS_TITLES}")
    page = read(docs, trees, "other.rst").page("other")
    assert page == read_site(docs, tmp_path / "whole").page("other")
    assert not any(isinstance(step, PageProblem) for step in page.steps)


def test_a_page_to_continue_from_that_is_not_there_is_a_problem(docs: Path, trees: Path) -> None:
    write(docs, {"other": f":continues: tutorial/fourth\n\n{PAGES['other']}"})
    (page,) = read(docs, trees, "other.rst").pages
    assert isinstance(page.steps[0], PageProblem)
    assert "'tutorial/fourth'" in page.steps[0].what


def test_a_circle_is_refused_where_it_is_met(docs: Path, trees: Path) -> None:
    write(docs, {"tutorial/first": f":continues: tutorial/third\n\n{PAGES['tutorial/first']}"})
    assert names(read(docs, trees, "other.rst")) == ["other"]
    with pytest.raises(ReadingError, match="continue from each other"):
        read(docs, trees, "tutorial/second.rst")


def test_settings_that_name_pages_are_checked_against_all_pages(docs: Path, trees: Path) -> None:
    write(docs, {}, f"{CONF}runthrough_must_have_steps = ['tutorial/f*']\n")
    assert names(read(docs, trees, "other.rst")) == ["other"]
    write(docs, {}, f"{CONF}runthrough_must_have_steps = ['how-to/*']\n")
    with pytest.raises(SettingsError, match=r"'how-to/\*'"):
        read(docs, trees, "other.rst")


def test_a_page_is_read_with_that_which_it_continues_from_on_a_path(
    docs: Path, trees: Path, tmp_path: Path
) -> None:
    path = "runthrough_paths = {'potted': {'pages': {'tutorial/second': 'reference'}}}\n"
    write(docs, {}, CONF + path)
    site = read(docs, trees, "tutorial/second.rst")
    assert known(trees).keys() == {"index", "reference", "tutorial/first", "tutorial/second"}
    whole = read_site(docs, tmp_path / "whole")
    name = "tutorial/second [potted]"
    assert site.chain(site.page(name)) == whole.chain(whole.page(name))
    assert "reference" in read(docs, tmp_path / "other", "reference.rst").continued
    assert site.docnames >= whole.docnames


def test_the_side_file_says_what_a_page_continues_from(
    docs: Path, trees: Path, tmp_path: Path
) -> None:
    write(docs, {"tutorial/second": PAGES["tutorial/second"].replace(":continues:", ":was:")})
    (docs / "runthrough.toml").write_text('[other]\ncontinues = "tutorial/second"\n')
    site = read(docs, trees, "other.rst")
    assert known(trees).keys() == {"index", "other", "tutorial/second"}
    assert [page.docname for page in site.chain(site.page("other"))] == ["tutorial/second", "other"]
    assert "tutorial/second" in read(docs, tmp_path / "part", "tutorial/second.rst").continued
    assert site.page("other") == read_site(docs, tmp_path / "whole").page("other")
