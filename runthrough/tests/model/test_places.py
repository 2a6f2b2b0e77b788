"""A place is said as a person at this working folder would type it."""

from __future__ import annotations

from pathlib import Path

import pytest

from runthrough.model.places import Place, shown


def test_a_file_below_the_working_folder_is_named_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / "docs" / "index.rst") == "docs/index.rst"
    assert shown(Path("docs/../docs/index.rst")) == "docs/index.rst"


def test_a_file_elsewhere_is_named_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert shown(tmp_path / "index.rst") == str(tmp_path / "index.rst")


def test_a_place_is_a_file_and_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(Place(tmp_path / "Grüße aus.rst", 7)) == "Grüße aus.rst:7"


def test_places_are_in_the_order_of_a_reader() -> None:
    one, two = Path("a.rst"), Path("b.rst")
    places = [Place(two, 1), Place(one, 10), Place(one, 9)]
    assert sorted(places) == [Place(one, 9), Place(one, 10), Place(two, 1)]
