"""The reference has all that an author can set, write and type, by the names in the code."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import pytest
from docutils.parsers.rst import directives as registry
from sphinx.util.docutils import docutils_namespace, patch_docutils

from runthrough.cli import SUBCOMMANDS
from runthrough.model.converting import PREFIX
from runthrough.reading.options import OPTIONS
from runthrough.reading.side_file import AFTER, BLOCK, HEAD, Action
from runthrough.reading.site import make_app

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "runthrough"
REFERENCE = {path.name: path.read_text() for path in ROOT.glob("docs/*.rst")}
FIELD = re.compile(r'metadata(?:\[\w+\])?(?:\.get\(|\[)"([\w-]+)"')
"""How the code asks for a field at the head of a page."""
ARGUMENT = re.compile(r"^  (?:-\w(?: \w+)?, )?(--[\w-]+)", re.MULTILINE)
"""How argparse, and so pytest, lists an option."""


def missing(names: Iterable[str], pattern: str) -> list[str]:
    """Return the names that stand nowhere in the reference in a form."""
    text = "\n".join(REFERENCE.values())
    return [
        name
        for name in sorted(names)
        if not re.search(pattern.format(re.escape(name)), text, re.MULTILINE)
    ]


def asked_for_help(*command: str) -> str:
    """Return what a program says of its options."""
    run = subprocess.run(
        [sys.executable, "-m", *command, "--help"], capture_output=True, text=True, check=True
    )
    return run.stdout


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str]]:
    """The settings and the directives that Sphinx has from us, by name."""
    site = tmp_path_factory.mktemp("site")
    (site / "conf.py").touch()
    with patch_docutils(str(site)), docutils_namespace():
        app = make_app(site, tmp_path_factory.mktemp("doctrees"), io.StringIO())
        added: dict[str, type] = registry._directives  # type: ignore[attr-defined]
        ours = [name for name, one in added.items() if one.__module__.startswith("runthrough.")]
        return [name for name in app.config.values if name.startswith(PREFIX)], ours


def test_every_setting_is_explained_and_has_an_example(
    registered: tuple[list[str], list[str]],
) -> None:
    settings, _ = registered
    assert f"{PREFIX}directory" in settings
    assert missing(settings, r"^``{}``\n   \S") == []
    assert missing(settings, r"^ +{} = ") == []


def test_every_directive_is_named(registered: tuple[list[str], list[str]]) -> None:
    _, directives = registered
    assert "skip" in directives
    assert missing(directives, "``{}``") == []


def test_every_option_of_a_block_is_explained_and_has_an_example() -> None:
    assert missing(OPTIONS, r"``:{}:(?: [^`]*)?``") == []
    assert missing(OPTIONS, r"^      :{}:") == []


def test_every_field_of_a_page_is_explained_and_has_an_example() -> None:
    code = (path.read_text() for path in PACKAGE.rglob("*.py"))
    fields = {name for text in code for name in FIELD.findall(text)}
    assert "continues" in fields
    assert missing(fields, "``:{}:``") == []
    assert missing(fields, "^   :{}: ") == []


@pytest.mark.slow
def test_every_option_of_the_command_is_named() -> None:
    said = asked_for_help("pytest", "-p", "no:hypothesispytest")
    ours = said.partition("runthrough: run the pages of a Sphinx site as tests:")[2].partition(
        "\n\n"
    )[0]
    options = ARGUMENT.findall(ours)
    assert "--runthrough" in options
    assert missing(options, r"^   \* - ``{}(?: [^`]*)?``$") == []


@pytest.mark.slow
@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_option_of_a_subcommand_is_named(name: str) -> None:
    options = set(ARGUMENT.findall(asked_for_help("runthrough", name))) - {"--help"}
    assert missing([name], r"``runthrough {}(?![.\w])") == []
    assert missing(options, r"(?<![\w-]){}(?![\w-])") == []


def test_every_key_of_the_side_file_is_explained() -> None:
    keys = {*HEAD, *BLOCK, *AFTER, *get_args(Action)}
    text = REFERENCE["side-file.rst"]
    assert [key for key in sorted(keys) if f"``{key}" not in text] == []
