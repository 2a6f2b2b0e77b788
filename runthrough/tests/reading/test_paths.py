"""Further paths through a site: which pages they change, and what conf.py may say of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from runthrough.model.converting import SettingsError
from runthrough.model.site import ReadingError, Site
from runthrough.model.steps import Console, OtherTab, Page, Step
from runthrough.reading.site import open_site, read_site
from tests.tab_sets import tab_set

STORE = f"""\
Store
=====

.. toctree::

   buy
   drink

{tab_set("Box", "Shelf")}

.. only:: experts

   .. code-block:: console

      $ mkdir jar
"""
BUY = ":continues: index\n\nBuy\n===\n\n.. code-block:: console\n\n   $ touch tea\n"
DRINK = BUY.replace("Buy\n===", "Drink\n=====").replace("touch tea", "rm -f tea")
PAGES = {"index": STORE, "buy": BUY, "drink": DRINK}

Read = Callable[..., Site]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a site, and read it."""

    def read(paths: object, pages: Mapping[str, str] = PAGES, conf: str = "") -> Site:
        return read_site(write(tmp_path, paths, pages, conf), tmp_path / ".doctrees")

    return read


def write(folder: Path, paths: object, pages: Mapping[str, str], conf: str = "") -> Path:
    docs = folder / "docs"
    docs.mkdir(exist_ok=True)
    extensions = 'extensions = ["runthrough", "sphinx_design"]'
    settings = f"{extensions}\nrunthrough_paths = {paths!r}\n{conf}"
    (docs / "conf.py").write_text(settings, encoding="utf-8")
    for name, text in pages.items():
        (docs / f"{name}.rst").write_text(text, encoding="utf-8")
    return docs


def typed(page: Page) -> list[str]:
    return [step.commands[0].text for step in page.steps if isinstance(step, Console)]


def names(site: Site) -> list[str]:
    return [f"{page.docname} after {page.continues}" for page in site.pages]


ORDINARY = ["index after None", "buy after index", "drink after index"]


def test_without_paths_each_page_is_read_once(read: Read) -> None:
    assert names(read({})) == ORDINARY


def test_a_path_has_the_pages_with_its_tabs(read: Read) -> None:
    site = read({"shelves": {"tabs": ["Shelf"]}})
    assert names(site) == [*ORDINARY, "index [shelves] after None"]
    assert typed(site.page("index")) == ["mkdir box"]
    assert typed(site.page("index [shelves]")) == ["mkdir shelf"]
    page = site.page("index [shelves]")
    assert (page.document, page.path, page.file) == ("index", "shelves", site.page("index").file)


def test_a_path_may_continue_from_another_page(read: Read) -> None:
    site = read({"late": {"pages": {"drink": "buy"}}})
    assert names(site) == [*ORDINARY, "drink [late] after buy"]
    assert typed(site.page("drink [late]")) == typed(site.page("drink"))


def test_pages_between_two_that_a_path_changes_are_on_it(read: Read) -> None:
    site = read({"late": {"tabs": ["Shelf"], "pages": {"drink": "buy"}}})
    assert names(site) == [
        *ORDINARY,
        "index [late] after None",
        "buy [late] after index [late]",
        "drink [late] after buy [late]",
    ]
    assert [page.docname for page in site.chain(site.page("drink [late]"))] == [
        "index [late]",
        "buy [late]",
        "drink [late]",
    ]


def test_a_tag_shows_what_only_it_shows(read: Read) -> None:
    site = read({"experts": {"tags": ["experts"]}})
    assert names(site) == [*ORDINARY, "index [experts] after None"]
    assert typed(site.page("index [experts]")) == ["mkdir box", "mkdir jar"]
    assert typed(site.page("index")) == ["mkdir box"]


def test_a_tag_of_one_path_holds_for_no_other(read: Read) -> None:
    site = read({"experts": {"tags": ["experts"]}, "shelves": {"tabs": ["Shelf"]}})
    assert typed(site.page("index [shelves]")) == ["mkdir shelf"]


def test_a_page_on_which_a_tab_only_shows_other_prose_is_not_run_again(read: Read) -> None:
    prose = (
        BUY
        + "\n.. tab-set::\n\n   .. tab-item:: Box\n\n      A box.\n"
        + ("\n   .. tab-item:: Shelf\n\n      A shelf.\n")
    )
    site = read({"shelves": {"tabs": ["Shelf"]}}, {**PAGES, "buy": prose})
    assert names(site) == [*ORDINARY, "index [shelves] after None"]


def test_labels_of_the_site_hold_where_a_path_names_none(read: Read) -> None:
    site = read({"late": {"pages": {"drink": "buy"}}}, conf="runthrough_tabs = ['Shelf']")
    assert typed(site.page("index")) == ["mkdir shelf"]
    assert names(site) == [*ORDINARY, "drink [late] after buy"]


def elsewhere(steps: tuple[Step, ...]) -> list[tuple[str, ...]]:
    return [step.taken_on for step in steps if isinstance(step, OtherTab)]


def test_a_block_in_another_tab_knows_who_takes_it(read: Read) -> None:
    third = STORE.replace(
        ".. only::",
        "   .. tab-item:: Jar\n\n      .. code-block:: console\n\n         $ ls\n\n.. only::",
    )
    site = read({"shelves": {"tabs": ["Shelf"]}}, {**PAGES, "index": third})
    assert elsewhere(site.page("index").steps) == [("shelves",), ()]
    assert elsewhere(site.page("index [shelves]").steps) == [("",), ()]


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        (["late"], "runthrough_paths is ['late']; expected a dictionary of paths"),
        ({"a b": {"tabs": ["Shelf"]}}, "expected names such as 'production'"),
        (
            {"late": {}},
            "runthrough_paths['late'] is {}; expected one or more of 'tabs', 'pages' and 'tags'",
        ),
        ({"late": {"tab": ["Shelf"]}}, "expected one or more of 'tabs', 'pages' and 'tags'"),
        ({"late": {"tabs": "Shelf"}}, "paths['late']['tabs'] is 'Shelf'; expected a list"),
        ({"late": {"pages": ["drink"]}}, "paths['late']['pages'] is ['drink']; expected a dictio"),
        (
            {"late": {"pages": {"drnk": "buy"}}},
            "paths['late']['pages'] is 'drnk'; expected the names of existing pages",
        ),
        (
            {"late": {"pages": {"drink": "byu"}}},
            "paths['late']['pages']['drink'] is 'byu'; expected the name of another existing page",
        ),
        (
            {"late": {"pages": {"drink": "drink"}}},
            "paths['late']['pages']['drink'] is 'drink'; expected the name of another existing "
            "page",
        ),
        (
            {"late": {"pages": {"drink": "index"}}},
            "paths['late']['pages']['drink'] is 'index'; expected a page other than the one",
        ),
        (
            {"late": {"tabs": ["Shelve"]}},
            "paths['late']['tabs'] is 'Shelve'; expected labels of existing tabs ('Box', 'Shelf')",
        ),
        (
            {"late": {"tabs": ["Box"]}},
            "paths['late'] is {'tabs': ['Box']}; expected something that changes a page",
        ),
        (
            {"late": {"tags": ["novices"]}},
            "paths['late'] is {'tags': ['novices']}; expected something that changes a page",
        ),
    ],
)
def test_a_path_that_cannot_be_is_refused(read: Read, paths: object, said: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(said)):
        read(paths)


def test_a_label_that_no_tab_has_is_refused(read: Read) -> None:
    with pytest.raises(SettingsError, match=r"runthrough_tabs is 'Shelve'; expected labels"):
        read({}, conf="runthrough_tabs = ['Shelve']")


def test_pages_of_a_path_may_not_go_round_in_a_circle(read: Read) -> None:
    with pytest.raises(ReadingError, match=r"buy \[round\], drink \[round\]"):
        read({"round": {"pages": {"drink": "buy", "buy": "drink"}}})


def test_a_page_that_continues_from_an_unchanged_page_of_a_path(read: Read) -> None:
    site = read({"late": {"tabs": ["Shelf"], "pages": {"buy": "index"}}})
    assert names(site) == [*ORDINARY, "index [late] after None", "buy [late] after index [late]"]


def test_a_page_is_read_again_on_all_paths(tmp_path: Path) -> None:
    docs = write(tmp_path, {"shelves": {"tabs": ["Shelf"]}}, PAGES)
    with open_site(docs, tmp_path / ".doctrees") as opened:
        file = docs / "index.rst"
        file.write_text(STORE.replace("shelf", "board").replace("box", "crate"), encoding="utf-8")
        site = opened.reread("index [shelves]")
    assert typed(site.page("index")) == ["mkdir crate"]
    assert typed(site.page("index [shelves]")) == ["mkdir board"]
