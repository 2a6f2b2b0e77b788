"""Each kind of mutant changes what it says, in the source, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from runthrough.model.site import Site
from runthrough.mutants.edits import applied
from runthrough.mutants.mutations import KINDS, Mutant, mutants_of, other
from runthrough.reading.site import read_site

PAGE = """\
Tea
===

.. code-block:: python
   :caption: tea.py
   :create:

   print("poured 3 cups")

.. code-block:: console

   $ python3 tea.py
   poured 3 cups
   $ date
   2026-11-26
   $ curl localhost:8000
   (.venv) $ true

.. code-block:: console
   :status: 1

   $ false

.. code-block:: diff
   :caption: tea.py

   -print("poured 3 cups")
   +print("poured 4 cups")
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text(r"runthrough_patterns = {'date': r'\d{4}-\d\d-\d\d'}")
    (docs / "index.rst").write_text(PAGE)
    return read_site(docs, tmp_path / "doctrees")


@pytest.fixture
def mutants(site: Site) -> list[Mutant]:
    return list(mutants_of(site.page("index"), site.settings))


def changes(mutants: list[Mutant], kind: str) -> list[str]:
    return [str(mutant.edit) for mutant in mutants if mutant.kind == kind]


def test_every_kind_has_a_mutant_here(mutants: list[Mutant]) -> None:
    assert {mutant.kind for mutant in mutants} == KINDS.keys()


def test_each_word_and_number_of_an_output_is_changed_but_for_placeholders(
    mutants: list[Mutant],
) -> None:
    assert changes(mutants, "output") == [
        "poured 3 cups -> pourde 3 cups",
        "poured 3 cups -> poured 4 cups",
        "poured 3 cups -> poured 3 cusp",
    ]


def test_a_command_is_dropped_with_its_output(mutants: list[Mutant]) -> None:
    assert changes(mutants, "dropped command") == [
        "$ python3 tea.py / poured 3 cups -> (dropped)",
        "$ date / 2026-11-26 -> (dropped)",
        "$ curl localhost:8000 -> (dropped)",
        "(.venv) $ true -> (dropped)",
    ]


def test_a_step_is_dropped_with_its_directive(mutants: list[Mutant]) -> None:
    dropped = [mutant.edit for mutant in mutants if mutant.kind == "dropped step"]
    assert [(edit.place.line, len(edit.old)) for edit in dropped] == [
        (4, 5),
        (10, 8),
        (19, 4),
        (24, 5),
    ]


def test_a_status_is_changed_or_added(mutants: list[Mutant]) -> None:
    assert changes(mutants, "status") == [":status: 1 -> :status: 2"]


def test_a_file_gets_another_name(mutants: list[Mutant]) -> None:
    assert changes(mutants, "file name") == [":caption: tea.py -> :caption: tea2.py"] * 2


def test_a_prompt_gets_an_environment_or_loses_it(mutants: list[Mutant]) -> None:
    assert "(.venv) $ true -> $ true" in changes(mutants, "prompt")
    assert "$ date -> (.venv) $ date" in changes(mutants, "prompt")


def test_a_port_is_changed(mutants: list[Mutant]) -> None:
    assert changes(mutants, "port") == ["$ curl localhost:8000 -> $ curl localhost:8001"]


@pytest.mark.parametrize(
    ("token", "changed"),
    [
        ("7", "8"),
        ("upgrade", "downgrade"),
        ("downgrade", "upgrade"),
        ("cups", "cusp"),
        ("aaa", "aaax"),
    ],
)
def test_another_word_is_never_the_same(token: str, changed: str) -> None:
    assert other(token) == changed


def test_a_file_is_as_before_after_an_edit(mutants: list[Mutant]) -> None:
    for mutant in mutants:
        file = mutant.edit.place.file
        with applied(mutant.edit, file):
            assert file.read_text() != PAGE
        assert file.read_text() == PAGE


def test_an_edit_of_other_lines_is_refused(mutants: list[Mutant]) -> None:
    file = mutants[0].edit.place.file
    file.write_text("\n" + PAGE)
    edit = mutants[0].edit
    said = f"index.rst:{edit.place.line} has"
    with pytest.raises(ValueError, match=said), applied(edit, file):
        pass
