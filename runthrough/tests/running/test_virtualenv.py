"""A page can begin in a virtual environment of its own, with the project under test in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from runthrough.model.site import Site
from tests.running.test_wheels import BACKEND, PYPROJECT, module

CONF = "runthrough_virtualenv = []\n"
PAGE = """\
Tea
===

.. code-block:: console

   $ python -c "import sys; print(sys.prefix == sys.base_prefix)"
   False
   $ test -e "$VIRTUAL_ENV/marker"; echo $?
   1
   $ touch "$VIRTUAL_ENV/marker"
   $ type -P pip
   /home/reader/.local/.venv/bin/pip
"""
AFTER = """\
:continues: index

After
=====

.. code-block:: console

   $ ls $VIRTUAL_ENV/marker
   /home/reader/.local/.venv/marker
   $ deactivate
   $ echo "<$VIRTUAL_ENV>"
   <>
"""


@pytest.fixture
def docs(pytester: pytest.Pytester, samples: Site) -> Path:
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text(CONF)
    (docs / "index.rst").write_text(f"{PAGE}\n.. toctree::\n\n   more\n   after\n")
    (docs / "more.rst").write_text(PAGE.replace("Tea\n===", "More\n===="))
    (docs / "after.rst").write_text(AFTER)
    return docs


def test_each_page_begins_in_an_environment_of_its_own(
    docs: Path, pytester: pytest.Pytester
) -> None:
    pytester.runpytest_inprocess("--runthrough", "docs").assert_outcomes(passed=6)


@pytest.mark.parametrize("name", [".venv", "tea"])
def test_a_page_can_name_it_in_its_prompts(
    docs: Path, pytester: pytest.Pytester, name: str
) -> None:
    page = (docs / "index.rst").read_text()
    (docs / "index.rst").write_text(page.replace("   $ ", f"   ({name}) $ "))
    pytester.runpytest_inprocess("--runthrough", "docs/index.rst").assert_outcomes(passed=2)


def test_a_page_that_names_another_in_its_prompts_need_not_name_it(
    docs: Path, pytester: pytest.Pytester
) -> None:
    page = """
   $ python -m venv --without-pip pot
   $ . pot/bin/activate
   (pot) $ deactivate
"""
    (docs / "index.rst").write_text(f"Tea\n===\n\n.. code-block:: console\n{page}")
    pytester.runpytest_inprocess("--runthrough", "docs/index.rst").assert_outcomes(passed=2)
    (docs / "index.rst").write_text(
        f"Tea\n===\n\n.. code-block:: console\n{page.replace('(pot) $', '$')}   (pot) $ true\n"
    )
    result = pytester.runpytest_inprocess("--runthrough", "docs/index.rst")
    assert (
        "environment 'pot' is active, but the page's prompt doesn't say so" in result.stdout.str()
    )


def test_without_the_setting_there_is_none(docs: Path, pytester: pytest.Pytester) -> None:
    (docs / "conf.py").write_text("")
    result = pytester.runpytest_inprocess("--runthrough", "docs/index.rst")
    assert result.ret == 1


def test_the_project_under_test_is_installed_in_it(docs: Path, pytester: pytest.Pytester) -> None:
    root = docs.parent
    for name, text in {
        "backend.py": BACKEND,
        "pyproject.toml": PYPROJECT,
        "brew.py": module("a cup of green"),
    }.items():
        (root / name).write_text(text)
    projects = "runthrough_projects = {'brew': '..'}\nrunthrough_virtualenv = ['brew']\n"
    (docs / "conf.py").write_text(projects)
    page = "Tea\n===\n\n.. code-block:: console\n\n   $ brew\n   a cup of green\n"
    (docs / "index.rst").write_text(page)
    pytester.runpytest_inprocess("--runthrough", "docs/index.rst").assert_outcomes(passed=2)


def test_what_cannot_be_installed_is_one_error(docs: Path, pytester: pytest.Pytester) -> None:
    (docs / "conf.py").write_text("runthrough_virtualenv = ['./nothing-here']\n")
    said = pytester.runpytest_inprocess("--runthrough", "docs").stdout.str()
    assert "the environment of runthrough_virtualenv can't be filled" in said
    assert "nothing-here" in said
