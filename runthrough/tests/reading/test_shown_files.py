"""Files that a page names only by showing them are made; those that its commands make aren't."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runthrough.model.steps import Listing, Step

if TYPE_CHECKING:
    from tests.reading.conftest import Steps

CONF = (
    "from runthrough import Dialect\n"
    "runthrough_dialects = {'*': Dialect(files=('caption', 'cat'), tabs=('*.bed',))}\n"
)
FIRST = ".. code-block:: console\n\n   $ cat tea.txt\n   green\n\n"


def made(steps: list[Step]) -> list[tuple[str, str, bool]]:
    return [
        (one.path, "|".join(line.text for line in one.lines), one.is_whole)
        for one in steps
        if isinstance(one, Listing)
    ]


def test_a_file_is_made_of_what_cat_shows(steps: Steps) -> None:
    listing, _ = steps(FIRST, conf=CONF)
    assert isinstance(listing, Listing)
    assert (listing.path, listing.otherwise) == ("tea.txt", "create")
    assert [(line.text, line.place.line) for line in listing.lines] == [("green", 4)]
    assert listing.path_place.line == 3


def test_a_second_one_of_its_name_replaces_it(steps: Steps) -> None:
    page = FIRST + FIRST.replace("green", "black")
    assert made(steps(page, conf=CONF)) == [("tea.txt", "green", False), ("tea.txt", "black", True)]


def test_columns_may_be_separated_by_tabs(steps: Steps) -> None:
    page = ".. code-block:: console\n\n   $ cat a.bed\n   chr1  10   a3 -\n"
    assert made(steps(page, conf=CONF)) == [("a.bed", "chr1\t10\ta3\t-", False)]


def test_a_listing_may_have_such_columns_too(steps: Steps) -> None:
    page = ".. code-block:: text\n   :caption: a.bed\n   :create:\n\n   chr1\t10 -\n"
    (listing,) = steps(page, conf=CONF)
    assert isinstance(listing, Listing)
    assert [line.text for line in listing.lines] == ["chr1\t10\t-"]


@pytest.mark.parametrize(
    "before",
    [
        "   $ brew > tea.txt\n",
        "   $ brew --into tea.txt\n",
        "   $ cat tea.txt cups.txt\n   green\n",
        "   $ ls\n   tea.txt\n",
    ],
)
def test_a_command_may_have_made_it(steps: Steps, before: str) -> None:
    page = f".. code-block:: console\n\n{before}   $ cat tea.txt\n   green\n"
    assert made(steps(page, conf=CONF)) == []


def test_a_command_may_have_made_another_of_its_name(steps: Steps) -> None:
    page = f"{FIRST}::\n\n   $ brew >> tea.txt\n\n{FIRST}"
    assert made(steps(page, conf=CONF)) == [("tea.txt", "green", False)]


def test_the_page_may_have_listed_it(steps: Steps) -> None:
    page = ".. code-block:: text\n   :caption: tea.txt\n   :create:\n\n   green\n\n" + FIRST
    assert len(made(steps(page, conf=CONF))) == 1


@pytest.mark.parametrize("command", ["cat", "cat ../tea.txt", "cat /tea.txt", "cat tea.txt | wc"])
def test_another_command_shows_no_file(steps: Steps, command: str) -> None:
    page = f".. code-block:: console\n\n   $ {command}\n   green\n"
    assert made(steps(page, conf=CONF)) == []
    assert made(steps(FIRST, conf=CONF.replace("'cat'", "'sentence'"))) == []
