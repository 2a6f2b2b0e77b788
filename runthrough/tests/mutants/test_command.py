"""The command that runs mutants: what it catches, what it misses, and that it leaves nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from runthrough.cli.checking import why_unfit

pytestmark = pytest.mark.slow

INDEX = """\
Tea
===

.. toctree::

   more

.. code-block:: python
   :caption: tea.py
   :create:

   # A comment.
   print("poured 3 cups")

.. code-block:: console

   $ ls
   tea.py
   $ python3 tea.py
   poured 3 cups
   $ touch unused
"""
MORE = """\
:continues: index

More
====

.. code-block:: console

   $ test -e unused
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    docs = tmp_path / "project" / "docs"
    docs.mkdir(parents=True)
    (docs / "conf.py").touch()
    (docs / "index.rst").write_text(INDEX)
    (docs / "more.rst").write_text(MORE)
    return docs.parent


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "runthrough", "mutants", "docs", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True)


def test_each_mutant_is_caught_where_its_reader_gets_stuck(project: Path) -> None:
    said = run(project, "--pages", "index", "--json", "judged.json", "--processes", "2")
    judged = json.loads((project / "judged.json").read_text())
    fates = {(one["kind"], " ".join(one["old"]).strip()): one for one in judged}
    assert fates["output", "poured 3 cups"]["caught_at"] == "docs/index.rst:20"
    # The page itself holds without it, and the next page does not.
    assert fates["dropped command", "$ touch unused"]["caught_at"].endswith("docs/more.rst:8")
    assert fates["dropped command", "$ ls    tea.py"]["fate"] == "equivalent"
    assert fates["dropped line", "# A comment."]["why"] == "only a comment or a docstring differs"
    assert said.returncode == 0, said.stderr
    assert "were caught, 100.0 %" in said.stdout.splitlines()[-1]
    assert (project / "docs" / "index.rst").read_text() == INDEX


def test_the_same_seed_draws_the_same_mutants(project: Path) -> None:
    drawn = []
    for seed in ("1", "1", "2"):
        run(project, "--number", "3", "--seed", seed, "--json", "judged.json")
        judged = json.loads((project / "judged.json").read_text())
        drawn.append(sorted((one["kind"], one["place"], *one["new"]) for one in judged))
    assert drawn[0] == drawn[1] != drawn[2]


def test_what_survives_is_named_and_fails_below_the_least_share(project: Path) -> None:
    (project / "docs" / "more.rst").write_text("More\n====\n")
    said = run(project, "--pages", "index", "--least", "100")
    survived = [line for line in said.stdout.splitlines() if line.startswith("survived: ")]
    assert (
        "survived: docs/index.rst:21: dropped command: $ touch unused -> (dropped) (the reader "
        "ends up with something else)"
    ) in survived
    assert said.returncode == 1


def test_what_differs_in_each_run_tells_nothing_of_a_mutant(project: Path) -> None:
    page = "Tea\n===\n\n.. code-block:: console\n\n   $ date +%N > now\n   $ ls\n   now\n"
    (project / "docs" / "index.rst").write_text(page)
    (project / "docs" / "more.rst").write_text(":orphan:\n\nMore\n====\n")
    run(project, "--pages", "index", "--json", "judged.json")
    judged = json.loads((project / "judged.json").read_text())
    fates = {(one["kind"], one["old"][0]): one["fate"] for one in judged}
    assert fates["dropped command", "   $ ls"] == "equivalent"
    assert fates["dropped command", "   $ date +%N > now"] == "caught"


def test_a_page_that_fails_by_itself_is_named(project: Path) -> None:
    (project / "docs" / "index.rst").write_text(INDEX.replace("3 cups\n   $", "4 cups\n   $"))
    said = run(project, "--pages", "index")
    assert "docs/index.rst:20: left out, because the page fails without a mistake" in said.stdout
    assert said.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--pages", "tutorial/*"],
            "nothing to change on the pages tutorial/*: ",
        ),
        (["--number", "none"], "--number: 'none' isn't a number from 1 up"),
    ],
)
def test_bad_input(project: Path, arguments: list[str], said: str) -> None:
    ran = run(project, *arguments)
    assert said in ran.stderr
    assert ran.returncode == 2


def test_what_several_paths_share_is_changed_once(project: Path) -> None:
    (project / "docs" / "conf.py").write_text(
        "extensions = ['runthrough', 'sphinx_design']\n"
        "runthrough_paths = {'pots': {'tabs': ['Pot']}}\n"
    )
    tabs = "".join(
        f"\n   .. tab-item:: {name}\n\n      .. code-block:: console\n\n         $ echo {text}\n"
        f"         {text}\n"
        for name, text in (("Cup", "small"), ("Pot", "large"))
    )
    shared = "\n.. code-block:: console\n\n   $ echo tea\n   tea\n"
    (project / "docs" / "index.rst").write_text(f"Tea\n===\n\n.. tab-set::\n{tabs}{shared}")
    (project / "docs" / "more.rst").unlink()
    done = run(project, "--number", "50", "--json", "mutants.json")
    assert done.returncode == 0, done.stdout + done.stderr
    mutants = json.loads((project / "mutants.json").read_text())
    outputs = [one for one in mutants if one["kind"] == "output"]
    assert [(one["page"], one["old"], one["fate"]) for one in outputs] == [
        ("index", ["         small"], "caught"),
        ("index", ["   tea"], "caught"),
        ("index [pots]", ["         large"], "caught"),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--number", "0"], "--number: '0' isn't a number from 1 up"),
        (["--processes", "none"], "--processes: 'none' isn't a number from 1 up"),
        (["--follow", "-1"], "--follow: '-1' isn't a number from 0 up"),
        (["--json", "no/where.json"], "--json: there's no folder no; fix the path"),
        (["--json", "docs"], "--json: docs exists, but it isn't an earlier result"),
        (["--json", "docs/index.rst"], "docs/index.rst exists, but it isn't an earlier result"),
    ],
)
def test_arguments_that_make_no_sense_are_named(
    project: Path, arguments: list[str], said: str
) -> None:
    before = (project / "docs" / "index.rst").read_text()
    done = run(project, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert (project / "docs" / "index.rst").read_text() == before


def test_an_earlier_result_is_replaced(tmp_path: Path) -> None:
    for text in ("[]\n", json.dumps([{"page": "index"}], indent=1)):
        (tmp_path / "results.json").write_text(text)
        assert why_unfit(tmp_path / "results.json") is None
    assert why_unfit(tmp_path / "new.json") is None
