"""Listings and excerpts that are not true."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from runthrough.model.places import Place

if TYPE_CHECKING:
    from conftest import Walked

Walk = Callable[[str], "Walked"]


def test_a_stale_listing(walk: Walk) -> None:
    walked = walk("stale-listing")
    now = walked.at("Now it is")
    stale = Place(now.file, now.line + 5)
    assert walked.failure.place == stale
    assert "the listing is not what settings.ini holds at this point" in walked.failure.what
    assert walked.failure.difference == ("-colour = red", "+colour = blue", " size = 1")
    assert "Change the listing" in walked.failure.advice


def test_a_listing_that_contradicts_an_earlier_one(walk: Walk) -> None:
    walked = walk("contradicting-listings")
    assert walked.failure.place == walked.at("size = 2")
    assert "not what settings.ini holds" in walked.failure.what
    assert walked.failure.difference == (" colour = red", "-size = 2", "+size = 1")


def test_a_mistyped_caption(walk: Walk) -> None:
    walked = walk("mistyped-caption")
    assert walked.failure.place == walked.at(":caption: setings.ini")
    assert "no file /home/reader/dev/setings.ini" in walked.failure.what
    assert "beside it: settings.ini" in walked.failure.what
    assert "Mend the caption" in walked.failure.advice


def test_an_excerpt_that_nothing_printed(walk: Walk) -> None:
    walked = walk("unprinted-excerpt")
    assert walked.failure.place == walked.at("ready, go")
    assert "nothing has printed this line so far: 'ready, go'" in walked.failure.what
    assert "Quote what a command of this walk has printed" in walked.failure.advice


def test_a_patch_that_does_not_fit_shows_the_files_own_words(walk: Walk) -> None:
    walked = walk("patch-beside-a-date")
    assert walked.failure.place == walked.at("-size = 2")
    assert walked.failure.difference == (" Made 2021-03-04", "-size = 2", "+size = 1")
