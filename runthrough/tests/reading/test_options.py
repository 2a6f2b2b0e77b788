"""A block option is one entry in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runthrough.model.steps import VERBS, Console, Listing, PageProblem
from runthrough.reading.options import FILE_ACTIONS, OPTIONS, Option

if TYPE_CHECKING:
    from tests.reading.conftest import Steps

BESIDE = ".. code-block:: console\n   :brew: green\n\n   $ echo\n"
ABOVE = ".. runthrough\n   :brew: green\n\n::\n\n   $ echo\n"
INCLUDED = ".. literalinclude:: typed.txt\n   :language: console\n   :brew: green\n"
IN_MARKDOWN = "```{code-block} console\n:brew: green\n\n$ echo\n```\n"
ABOVE_IN_MARKDOWN = "<!-- runthrough :brew: green -->\n\n```console\n$ echo\n```\n"


@pytest.fixture
def brew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add an option to the table, and nothing anywhere else."""
    monkeypatch.setitem(
        OPTIONS,
        "brew",
        Option(
            str.upper,
            ("session",),
            "Which tea to make.",
            excludes=("timeout",),
            note=lambda tea: f"Brew ``{tea}``.",
        ),
    )


@pytest.mark.usefixtures("brew")
@pytest.mark.parametrize(
    ("page", "name"),
    [
        (BESIDE, "index.rst"),
        (ABOVE, "index.rst"),
        (INCLUDED, "index.rst"),
        (IN_MARKDOWN, "index.md"),
        (ABOVE_IN_MARKDOWN, "index.md"),
    ],
)
def test_a_new_option_can_be_written_wherever_others_can(
    steps: Steps, page: str, name: str
) -> None:
    conf = ""
    if name.endswith(".md"):
        pytest.importorskip("myst_parser")
        conf = 'extensions += ["myst_parser"]\n'
    (step,) = steps(page, {"typed.txt": "$ echo\n"}, conf=conf, name=name)
    assert isinstance(step, Console), step


@pytest.mark.usefixtures("brew")
def test_a_new_option_has_its_line_on_the_page(
    steps: Steps, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = "def setup(app): app.connect('doctree-read', lambda app, tree: print(tree.astext()))\n"
    steps(f"{BESIDE}\n{ABOVE}", conf=conf)
    assert capsys.readouterr().out.count("Brew GREEN.") == 2


@pytest.mark.usefixtures("brew")
@pytest.mark.parametrize(
    ("page", "what"),
    [
        (BESIDE.replace("console", "python"), ":brew: doesn't apply to a 'python' block"),
        (BESIDE.replace("   :brew", "   :timeout: 3\n   :brew"), ":brew: and :timeout: exclude"),
        (
            BESIDE.replace("   :brew", "   :output:\n   :brew"),
            ":output: can't be combined with :brew:",
        ),
        (
            ABOVE.replace("brew", "brwe"),
            "output, skip, brew",
        ),
    ],
)
def test_a_new_option_is_held_against_its_block(steps: Steps, page: str, what: str) -> None:
    problem = next(step for step in steps(page) if isinstance(step, PageProblem))
    assert what in problem.what


@pytest.mark.parametrize("option", FILE_ACTIONS)
def test_what_a_reader_does_with_a_file_is_an_option_of_that_name(
    steps: Steps, option: str
) -> None:
    assert OPTIONS[option].kinds == ("listing",)
    (step,) = steps(f".. code-block:: text\n   :caption: tea.txt\n   :{option}:\n\n   green\n")
    assert isinstance(step, Listing)
    assert step.file_action == option


def test_every_file_action_has_an_option() -> None:
    assert VERBS.keys() - OPTIONS.keys() == {"show"}


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_is_described(name: str) -> None:
    assert OPTIONS[name].description.endswith(".")
    assert OPTIONS[name].kinds
