"""Pages continue along the table of contents where conf.py says so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from runthrough.model.converting import SettingsError
from runthrough.model.site import Site
from runthrough.reading.site import read_site

BLOCK = "\n.. code-block:: console\n\n   $ echo green\n   green\n"
TUTORIAL = ["install", "begin", "add", "remove", "deploy", "end"]


def page(title: str, *listed: str, head: str = "", options: str = "") -> str:
    """Write a page with a block, and a table of contents if it lists any."""
    entries = "".join(f"   {name}\n" for name in listed)
    contents = f"\n.. toctree::\n{options}\n{entries}" if listed else ""
    return f"{head}{title}\n{'=' * len(title)}\n{contents}{BLOCK}"


PAGES = {
    "index": page("Site", "tutorial/index", "how-to/index"),
    "tutorial/index": page("Tutorial", *TUTORIAL),
    **{f"tutorial/{name}": page(name) for name in TUTORIAL},
    "how-to/index": page("How to", "one", "two"),
    "how-to/one": page("One"),
    "how-to/two": page("Two"),
    "start": page("Start", head=":orphan:\n\n"),
}


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """The folder of a site with a tutorial, which needs a conf.py."""
    write(tmp_path / "docs", PAGES)
    return tmp_path / "docs"


@pytest.fixture
def trees(tmp_path: Path) -> Path:
    return tmp_path / "trees"


def write(docs: Path, pages: Mapping[str, str]) -> None:
    for name, text in pages.items():
        file = docs / f"{name}.rst"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def read(docs: Path, trees: Path, continues: object, *names: str) -> Site:
    """Read a site whose conf.py has this setting: all of it, or these files."""
    conf = f"extensions = ['runthrough']\nrunthrough_continues = {continues!r}\n"
    (docs / "conf.py").write_text(conf)
    return read_site(docs, trees, [docs / name for name in names] or None)


def followed(site: Site) -> dict[str, str]:
    return {page.docname: page.continues for page in site.pages if page.continues}


def known(trees: Path) -> set[str]:
    return {str(one.relative_to(trees).with_suffix("")) for one in trees.rglob("*.doctree")}


def in_order(*names: str) -> dict[str, str]:
    return dict(zip(names[1:], names[:-1], strict=True))


CHAPTERS = [f"tutorial/{name}" for name in TUTORIAL]


def test_pages_continue_along_the_table_of_contents(docs: Path, trees: Path) -> None:
    site = read(docs, trees, {"tutorial/*": "toctree"})
    assert followed(site) == in_order("tutorial/index", *CHAPTERS)
    assert site.continued == {"tutorial/index", *CHAPTERS[:-1]}


def test_only_pages_that_match_take_part(docs: Path, trees: Path) -> None:
    site = read(docs, trees, {"tutorial/*[dl]": "toctree"})
    assert followed(site) == in_order("tutorial/install", "tutorial/add", "tutorial/end")


def test_a_page_asked_for_is_read_with_those_before_it(docs: Path, trees: Path) -> None:
    site = read(docs, trees, {"tutorial/*": "toctree"}, "tutorial/deploy.rst")
    pages = ["tutorial/index", *CHAPTERS[:5]]
    assert [page.docname for page in site.pages] == pages
    assert known(trees) == {"index", *pages}
    assert "tutorial/deploy" in site.continued, "a page that isn't read continues from it"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_the_same_in_the_whole_site(
    docs: Path, trees: Path, tmp_path: Path, name: str
) -> None:
    continues = {"tutorial/[!i]*": "toctree", "how-to/*": "tutorial/end"}
    site = read(docs, trees, continues, f"{name}.rst")
    whole = read(docs, tmp_path / "whole", continues)
    assert site.page(name) == whole.page(name)
    assert site.chain(site.page(name)) == whole.chain(whole.page(name))
    assert site.continued == whole.continued & site.continued


def test_a_page_that_no_pattern_matches_takes_no_table_of_contents(docs: Path, trees: Path) -> None:
    read(docs, trees, {"tutorial/*": "toctree"}, "how-to/one.rst")
    assert known(trees) == {"index", "how-to/one"}


def test_all_pages_of_a_pattern_continue_from_a_page(docs: Path, trees: Path) -> None:
    site = read(docs, trees, {"how-to/*": "/tutorial/end", "tutorial/e*": "tutorial/end"})
    assert followed(site) == dict.fromkeys(
        ["how-to/index", "how-to/one", "how-to/two"], "tutorial/end"
    )


def test_the_first_pattern_counts(docs: Path, trees: Path) -> None:
    site = read(docs, trees, {"tutorial/add": "start", "tutorial/*": "toctree"})
    rest = [name for name in CHAPTERS if name != "tutorial/add"]
    assert followed(site) == in_order("tutorial/index", *rest) | {"tutorial/add": "start"}


@pytest.mark.parametrize(("head", "before"), [(":continues: start", "start"), (":continues:", "")])
def test_the_head_of_a_page_counts_first(docs: Path, trees: Path, head: str, before: str) -> None:
    write(docs, {"tutorial/add": page("add", head=f"{head}\n\n")})
    site = read(docs, trees, {"tutorial/*": "toctree"})
    expected = in_order("tutorial/index", *CHAPTERS) | {"tutorial/add": before}
    assert followed(site) == {name: one for name, one in expected.items() if one}
    part = read(docs, trees, {"tutorial/*": "toctree"}, "tutorial/remove.rst")
    chain = part.chain(part.page("tutorial/remove"))
    begin = [before] if before else []
    assert [one.docname for one in chain] == [*begin, "tutorial/add", "tutorial/remove"]


def test_a_table_of_contents_goes_on_within_another(docs: Path, trees: Path) -> None:
    parts = {
        "tutorial/index": page("Tutorial", "begin", "part/index", "end"),
        "tutorial/part/index": page("Part", "two", "one"),
        "tutorial/part/one": page("One"),
        "tutorial/part/two": page("Two"),
    }
    write(docs, parts)
    site = read(docs, trees, {"tutorial/*": "toctree"})
    assert followed(site) == in_order(
        *("tutorial/index", "tutorial/begin", "tutorial/part/index", "tutorial/part/two"),
        *("tutorial/part/one", "tutorial/end"),
    )


def test_a_page_in_no_table_of_contents_begins_with_nothing(docs: Path, trees: Path) -> None:
    write(docs, {"tutorial/alone": page("Alone", head=":orphan:\n\n")})
    site = read(docs, trees, {"tutorial/*": "toctree"}, "tutorial/alone.rst")
    assert [page.docname for page in site.pages] == ["tutorial/alone"]


def test_a_shortcut_to_a_page_changes_nothing(docs: Path, trees: Path) -> None:
    write(docs, {"start": page("Start", "/tutorial/begin", "tutorial/end", head=":orphan:\n\n")})
    site = read(docs, trees, {"tutorial/*": "toctree"})
    assert followed(site) == in_order("tutorial/index", *CHAPTERS)


@pytest.mark.parametrize(
    ("listed", "options"),
    [
        (["/tutorial/begin", "Adding <./add>", "end.rst"], ""),
        (["*"], "   :glob:\n"),
    ],
)
def test_a_table_of_contents_is_found_however_it_names_pages(
    docs: Path, trees: Path, listed: list[str], options: str
) -> None:
    write(docs, {"tutorial/index": page("Tutorial", *listed, options=options)})
    site = read(docs, trees, {"tutorial/[!i]*": "toctree"}, "tutorial/end.rst")
    assert list(followed(site))[-1] == "tutorial/end"
    assert known(trees) >= {"tutorial/index", "tutorial/add", "tutorial/begin"}
    assert "how-to/one" not in known(trees)


def test_a_table_of_contents_that_no_source_shows_is_found_too(docs: Path, trees: Path) -> None:
    contents = page("Tutorial", *TUTORIAL).replace(BLOCK, "")
    (docs / "contents.txt").write_text(contents)
    write(docs, {"tutorial/index": ".. include:: /contents.txt\n"})
    site = read(docs, trees, {"tutorial/[!i]*": "toctree"}, "tutorial/add.rst")
    assert followed(site)["tutorial/add"] == "tutorial/begin"


@pytest.mark.parametrize("names", [[], ["tutorial/add.rst"]])
def test_tables_of_contents_that_differ_are_refused(
    docs: Path, trees: Path, names: list[str]
) -> None:
    write(docs, {"start": page("Start", "tutorial/end", "tutorial/add", head=":orphan:\n\n")})
    with pytest.raises(SettingsError) as raised:
        read(docs, trees, {"tutorial/[!i]*": "toctree"}, *names)
    assert str(raised.value) == (
        "conf.py: runthrough_continues['tutorial/[!i]*'] is 'toctree', but the tables of contents "
        "on the pages 'start' and 'tutorial/index' list these pages differently, so it isn't clear "
        "which page comes before which. Give the pages of each table a pattern of their own in "
        "conf.py."
    )


@pytest.mark.parametrize(
    ("continues", "message"),
    [
        ({"guide/*": "toctree"}, "runthrough_continues is 'guide/*'; expected patterns that match"),
        (
            {"how-to/*": "tutorial/last"},
            "runthrough_continues['how-to/*'] is 'tutorial/last'; expected 'toctree', or the "
            "name of an existing page",
        ),
        (
            {"start": "toctree"},
            "runthrough_continues is {'start': 'toctree'}; expected a pattern of pages that a "
            "table of contents lists",
        ),
        (["tutorial/*"], "is ['tutorial/*']; expected a dictionary, such as {'tutorial/*': 'toc"),
        ({"tutorial/*": True}, "is True; expected 'toctree', or the name of a page"),
        ({"tutorial/*": ""}, "is ''; expected 'toctree', or the name of a page"),
        ({1: "toctree"}, "runthrough_continues is {1: 'toctree'}; expected patterns of page names"),
    ],
    ids=repr,
)
def test_a_value_that_cannot_be_used_is_refused(
    docs: Path, trees: Path, continues: object, message: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        read(docs, trees, continues)
    assert message in str(raised.value)
