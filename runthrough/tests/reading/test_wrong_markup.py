"""Rot wherever a page may hide it, and blocks that are no blocks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runthrough.model.converting import SettingsError
from runthrough.model.places import Place
from runthrough.reading.site import read_site

if TYPE_CHECKING:
    from tests.conftest import RanPage

RunPage = Callable[[str], "RanPage"]


@pytest.mark.parametrize(
    "page",
    [
        "rot-in-note",
        "rot-in-tab",
        "rot-in-list",
        "rot-in-list-table",
        "rot-in-dropdown",
        "spelled-shell-session",
        "spelled-with-capital",
        "spelled-with-blank",
        "spelled-with-highlight",
        "spelled-without-language",
        "spelled-as-bash",
        "spelled-as-parsed-literal",
    ],
)
def test_rot(run_page: RunPage, page: str) -> None:
    ran = run_page(page)
    assert ran.failure.place == ran.at(" old")
    assert ran.failure.command_place == ran.at("$ echo")
    assert ran.failure.difference == ("-old", "+new")


@pytest.mark.parametrize(
    ("page", "included"),
    [("rot-in-include", "rotten.rst"), ("rot-in-literalinclude", "rotten.session")],
)
def test_rot_in_another_file(run_page: RunPage, page: str, included: str) -> None:
    ran = run_page(page)
    other = dataclasses.replace(ran, file=ran.file.parent / "included" / included)
    assert ran.failure.place == other.at("old")
    assert ran.failure.command_place == other.at("$ echo new")
    assert ran.failure.difference[-2:] == ("-old", "+new")


def test_an_included_file_with_a_new_name(run_page: RunPage) -> None:
    ran = run_page("renamed-include")
    assert ran.failure.place == ran.at("literalinclude::")
    assert "project/settings.ini" in ran.failure.what
    assert "not found" in ran.failure.what
    assert "missing from the page" in ran.failure.advice


def test_a_block_without_a_prompt(run_page: RunPage) -> None:
    ran = run_page("no-prompt")
    assert ran.failure.place == ran.at("echo ready")
    assert "doesn't begin with a known prompt" in ran.failure.what
    assert "'$ ' before each command" in ran.failure.advice


@pytest.mark.parametrize(
    ("page", "command"),
    [
        ("lost-indentation", "$ echo ready"),
        ("lost-half-indentation", "$ echo steady"),
        ("lost-colons", "$ echo ready"),
        ("lost-to-a-definition", "$ echo ready"),
    ],
)
def test_a_block_that_has_become_a_paragraph(run_page: RunPage, page: str, command: str) -> None:
    ran = run_page(page)
    assert ran.failure.place == ran.at(command)
    assert f"begins with a prompt: '{command}'" in ran.failure.what
    assert "indent all of it" in ran.failure.advice


def test_a_block_that_nobody_can_place(run_page: RunPage) -> None:
    ran = run_page("unclassified")
    assert ran.failure.place == ran.at(".. code-block:: python")
    assert "can't tell what this 'python' block asks" in ran.failure.what
    assert "':create:'" in ran.failure.advice
    assert "':skip: reason'" in ran.failure.advice


@pytest.mark.parametrize("page", ["tutorial/lost-its-steps", "tutorial/skipped-its-steps"])
def test_a_page_that_has_lost_its_steps(run_page: RunPage, page: str) -> None:
    ran = run_page(page)
    assert ran.failure.place == Place(ran.file, 1)
    assert "nothing on this page can be run" in ran.failure.what
    assert "runthrough_must_have_steps" in ran.failure.advice


def test_a_table_of_contents_need_not_have_steps(run_page: RunPage) -> None:
    assert run_page("tutorial/index").results == ()


def test_a_folder_of_which_no_page_is_left(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text("runthrough_must_have_steps = ['how-to/*']\n")
    (tmp_path / "index.rst").write_text("Index\n=====\n")
    with pytest.raises(SettingsError, match=r"runthrough_must_have_steps is 'how-to/\*'"):
        read_site(tmp_path, tmp_path / "doctrees")


def test_an_export_of_a_page_that_is_not_there(tmp_path: Path) -> None:
    exports = {"sample": {"page": "hwo-to", "folder": "sample"}}
    (tmp_path / "conf.py").write_text(f"runthrough_exports = {exports}\n")
    (tmp_path / "index.rst").write_text("Index\n=====\n")
    with pytest.raises(SettingsError, match="runthrough_exports is 'hwo-to'"):
        read_site(tmp_path, tmp_path / "doctrees")


def test_a_pattern_alone_is_no_list_of_patterns(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text("runthrough_must_have_steps = 'how-to/*'\n")
    (tmp_path / "index.rst").write_text("Index\n=====\n")
    with pytest.raises(SettingsError, match=r"expected a list, such as \['how-to/\*'\]"):
        read_site(tmp_path, tmp_path / "doctrees")
