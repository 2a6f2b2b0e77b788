"""What is typed at Python's prompt, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runthrough.matching.lenient import without_varying
from runthrough.model.steps import Console, Listing, PageProblem, Skip, Step, Unchecked

if TYPE_CHECKING:
    from tests.reading.conftest import Steps

CONF = "runthrough_dialects = {'*': {'sessions': ['console', 'pycon'], 'unclassified': 'count'}}\n"


def block(language: str, *lines: str) -> str:
    text = "".join(f"   {line}".rstrip() + "\n" for line in lines)
    return f".. code-block:: {language}\n\n{text}\n"


Shown = list[tuple[str, str, list[str]]]


def typed(steps: list[Step]) -> Shown:
    return [
        (one.read_by, one.text, [line.text for line in one.output])
        for step in steps
        if isinstance(step, Console)
        for one in step.commands
    ]


ONE = [("python", "1 + 1", ["2"])]


@pytest.mark.parametrize(
    "page",
    [
        block("pycon", ">>> 1 + 1", "2"),
        block("python", ">>> 1 + 1", "2"),
        block("default", ">>> 1 + 1", "2"),
        block("console", ">>> 1 + 1", "2"),
        "The sum::\n\n   >>> 1 + 1\n   2\n",
        ">>> 1 + 1\n2\n",
        ".. doctest::\n\n   >>> 1 + 1\n   2\n",
    ],
)
def test_a_block_with_pythons_prompt(steps: Steps, page: str) -> None:
    assert typed(steps(page, conf=f"extensions += ['sphinx.ext.doctest']\n{CONF}")) == ONE


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ((">>> a", ">>> b", "c"), [("python", "a", []), ("python", "b", ["c"])]),
        (
            (">>> def a():", "...     b", "...", ">>> c"),
            [("python", "def a():\n    b", []), ("python", "c", [])],
        ),
        ((">>> x = '''", "... ", "... a'''"), [("python", "x = '''\n\na'''", [])]),
        ((">>> a", "b", "", ">>> c"), [("python", "a", ["b"]), ("python", "c", [])]),
        ((">>> a", "b", "<BLANKLINE>", "c"), [("python", "a", ["b", "", "c"])]),
        ((">>> a", ">>>"), [("python", "a", [])]),
        ((">>> a", "...", "b"), [("python", "a", ["b"])]),
    ],
)
def test_statements_and_outputs(steps: Steps, lines: tuple[str, ...], shown: Shown) -> None:
    assert typed(steps(block("pycon", *lines), conf=CONF)) == shown


@pytest.mark.parametrize("command", ["python", "python3 -q", "python3.12 -q -i", "bin/python"])
def test_a_command_may_open_python(steps: Steps, command: str) -> None:
    page = block("console", f"$ {command}", "Python 3", ">>> 1 + 1", "2", "$ ls", "tea.py")
    shown = [("shell", command, []), *ONE, ("shell", "ls", ["tea.py"])]
    assert typed(steps(page, conf=CONF)) == shown


@pytest.mark.parametrize("command", ["python3 tea.py", "cat tea.txt"])
def test_another_command_may_print_pythons_prompt(steps: Steps, command: str) -> None:
    page = block("console", f"$ {command}", ">>> 1 + 1")
    assert typed(steps(page, conf=CONF)) == [("shell", command, [">>> 1 + 1"])]


def test_flags_of_doctest(steps: Steps) -> None:
    page = block(
        "pycon", ">>> a  # doctest: +SKIP", ">>> b  # doctest: +ELLIPSIS", "c ...", ">>> d"
    )
    (step,) = steps(page, conf=CONF)
    assert isinstance(step, Console)
    assert [one.text for one in step.commands] == ["b", "d"]
    assert [one.place.line for one in step.commands] == [4, 6]
    assert step.leniency.dots
    assert not step.leniency.blanks


IPYTHON = CONF.replace("'pycon'", "'ipython'")


@pytest.mark.parametrize("language", ["ipython", "python", "default", "bash"])
def test_a_block_with_ipythons_prompt(steps: Steps, language: str) -> None:
    page = block(
        language, "In [1]: def a():", "   ...:     b", "   ...:", "", "In [12]: a()", "Out[12]: c"
    )
    conf = IPYTHON.replace("{'sess", "{'scripts': ['bash'], 'sess")
    shown = [("ipython", "def a():\n    b", []), ("ipython", "a()", ["Out[12]: c"])]
    assert typed(steps(page, conf=conf)) == shown
    assert typed(steps(page, conf=conf.replace("'ipython'", "'pycon'"))) != shown


def test_a_command_opens_ipython(steps: Steps) -> None:
    (step,) = steps(block("console", "$ ipython", "IPython 9", "In [1]: a", "b"), conf=IPYTHON)
    assert typed([step]) == [("shell", "ipython", []), ("ipython", "a", ["b"])]


def test_the_number_of_a_result_is_not_compared(steps: Steps) -> None:
    (step,) = steps(block("ipython", "In [1]: a", "Out[1]: b"), conf=IPYTHON)
    assert isinstance(step, Console)
    assert without_varying(["Out[1]: b"], step.leniency) == without_varying(
        ["Out[7]: b"], step.leniency
    )
    assert step.title == "In: a"


def test_a_block_that_doctest_leaves_out_is_skipped(steps: Steps) -> None:
    (step,) = steps(block("pycon", ">>> a  # doctest: +SKIP", "b"), conf=CONF)
    assert isinstance(step, Skip)
    assert step.reason == "doctest leaves it out: +SKIP"


def test_an_output_before_any_prompt_is_a_mistake(steps: Steps) -> None:
    (step,) = steps(block("pycon", "a", ">>> b"), conf=CONF)
    assert isinstance(step, PageProblem)
    assert step.place.line == 3


def test_a_listing_may_begin_with_a_prompt(steps: Steps) -> None:
    page = ".. code-block:: text\n   :caption: tea.txt\n   :create:\n\n   >>> tea\n"
    assert isinstance(steps(page, conf=CONF)[0], Listing)


@pytest.mark.parametrize("option", [":status: 1", ":input: tea", ":terminal: tea", ":until: tea"])
def test_an_option_of_a_shell_does_not_fit(steps: Steps, option: str) -> None:
    (step,) = steps(f".. code-block:: pycon\n   {option}\n\n   >>> 1\n   1\n", conf=CONF)
    assert isinstance(step, PageProblem)
    assert f"{option.split()[0]} is for shell commands" in step.what


@pytest.mark.parametrize("language", ["pycon", "python"])
def test_without_the_dialect_they_are_none(steps: Steps, language: str) -> None:
    page = block(language, ">>> 1 + 1", "2")
    assert isinstance(steps(page)[0], PageProblem)
    assert isinstance(steps(page, conf="runthrough_unclassified = 'count'")[0], Unchecked)
