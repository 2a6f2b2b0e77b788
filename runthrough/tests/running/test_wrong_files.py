"""Listings and excerpts that are not true."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import RanPage

RunPage = Callable[[str], "RanPage"]


def test_a_stale_listing(run_page: RunPage) -> None:
    ran = run_page("stale-listing")
    assert ran.failure.place == ran.at("Now it is").down(5)
    assert "the listing doesn't match settings.ini at this point" in ran.failure.what
    assert ran.failure.difference == ("-colour = red", "+colour = blue", " size = 1")
    assert "Change the listing" in ran.failure.advice


def test_a_listing_that_contradicts_an_earlier_one(run_page: RunPage) -> None:
    ran = run_page("contradicting-listings")
    assert ran.failure.place == ran.at("size = 2")
    assert "doesn't match settings.ini" in ran.failure.what
    assert ran.failure.difference == (" colour = red", "-size = 2", "+size = 1")


def test_a_mistyped_caption(run_page: RunPage) -> None:
    ran = run_page("mistyped-caption")
    assert ran.failure.place == ran.at(":caption: setings.ini")
    assert "no file /home/reader/dev/setings.ini" in ran.failure.what
    assert "in the same folder: settings.ini" in ran.failure.what
    assert "Fix the caption" in ran.failure.advice


def test_an_excerpt_that_nothing_printed(run_page: RunPage) -> None:
    ran = run_page("unprinted-excerpt")
    assert ran.failure.place == ran.at("ready, go")
    assert "nothing has printed this line so far: 'ready, go'" in ran.failure.what
    assert "Quote what a command of this run has printed" in ran.failure.advice


def test_an_excerpt_that_leaves_a_line_out(run_text: RunPage) -> None:
    typed = ".. code-block:: console\n\n   $ seq 3\n   1\n   2\n   3\n\n"
    ran = run_text(f"{typed}.. code-block:: text\n   :quotes:\n\n   1\n   3\n")
    assert ran.failure.what == "this line hasn't been printed right after the one above it: '3'"
    assert ran.failure.place.line == 15


def test_what_changes_a_missing_file_is_not_told_to_create_it(run_text: RunPage) -> None:
    ran = run_text(".. code-block:: diff\n   :caption: tea.txt\n\n   -green\n   +black\n")
    assert "have the reader create the file first" in ran.failure.advice
    assert ran.failure.suggestions == ()


def test_a_patch_that_does_not_fit_shows_the_files_own_words(run_page: RunPage) -> None:
    ran = run_page("patch-beside-a-date")
    assert ran.failure.place == ran.at("-size = 2")
    assert ran.failure.difference == (" Made 2021-03-04", "-size = 2", "+size = 1")
