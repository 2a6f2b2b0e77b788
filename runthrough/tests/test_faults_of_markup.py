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
    from conftest import Walked

Walk = Callable[[str], "Walked"]


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
def test_rot(walk: Walk, page: str) -> None:
    walked = walk(page)
    assert walked.failure.place == walked.at(" old")
    assert walked.failure.command_place == walked.at("$ echo")
    assert walked.failure.difference == ("-old", "+new")


@pytest.mark.parametrize(
    ("page", "included"),
    [("rot-in-include", "rotten.rst"), ("rot-in-literalinclude", "rotten.session")],
)
def test_rot_in_another_file(walk: Walk, page: str, included: str) -> None:
    walked = walk(page)
    other = dataclasses.replace(walked, file=walked.file.parent / "included" / included)
    assert walked.failure.place == other.at("old")
    assert walked.failure.command_place == other.at("$ echo new")
    assert walked.failure.difference[-2:] == ("-old", "+new")


def test_an_included_file_with_a_new_name(walk: Walk) -> None:
    walked = walk("renamed-include")
    assert walked.failure.place == walked.at("literalinclude::")
    assert "project/settings.ini" in walked.failure.what
    assert "not found" in walked.failure.what
    assert "missing from the page" in walked.failure.advice


def test_a_block_without_a_prompt(walk: Walk) -> None:
    walked = walk("no-prompt")
    assert walked.failure.place == walked.at("echo ready")
    assert "has no prompt that we know" in walked.failure.what
    assert "'$ ' before each command" in walked.failure.advice


@pytest.mark.parametrize(
    ("page", "command"),
    [
        ("lost-indentation", "$ echo ready"),
        ("lost-half-indentation", "$ echo steady"),
        ("lost-colons", "$ echo ready"),
        ("lost-to-a-definition", "$ echo ready"),
    ],
)
def test_a_block_that_has_become_a_paragraph(walk: Walk, page: str, command: str) -> None:
    walked = walk(page)
    assert walked.failure.place == walked.at(command)
    assert f"begins with a prompt: '{command}'" in walked.failure.what
    assert "indent all of it" in walked.failure.advice


def test_a_block_that_nobody_can_place(walk: Walk) -> None:
    walked = walk("unclassified")
    assert walked.failure.place == walked.at(".. code-block:: python")
    assert "nobody can tell what this 'python' block asks" in walked.failure.what
    assert "':create:'" in walked.failure.advice
    assert "':waive: reason'" in walked.failure.advice


@pytest.mark.parametrize("page", ["tutorial/lost-its-steps", "tutorial/waived-its-steps"])
def test_a_page_that_has_lost_its_steps(walk: Walk, page: str) -> None:
    walked = walk(page)
    assert walked.failure.place == Place(walked.file, 1)
    assert "nothing on this page can be performed" in walked.failure.what
    assert "runthrough_must_have_steps" in walked.failure.advice


def test_a_table_of_contents_need_not_have_steps(walk: Walk) -> None:
    assert walk("tutorial/index").outcomes == ()


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
