"""Tabs are alternatives: a reader takes one of each set, whatever extension has made them."""

from __future__ import annotations

import pytest

from runthrough.model.converting import SettingsError
from runthrough.model.steps import Console, OtherTab, PageProblem, Skip
from tests.reading.conftest import Steps

DESIGN = (
    "extensions = ['runthrough', 'sphinx_design']",
    """\
.. tab-set::

   .. tab-item:: Linux

      .. code-block:: console

         $ echo linux

   .. tab-item:: A *Mac*

      .. code-block:: console

         $ echo mac
""",
)
INLINE = (
    "extensions = ['runthrough', 'sphinx_inline_tabs']",
    """\
.. tab:: Linux

   .. code-block:: console

      $ echo linux

.. tab:: A *Mac*

   .. code-block:: console

      $ echo mac
""",
)
SPHINX_TABS = (
    "extensions = ['runthrough', 'sphinx_tabs.tabs']",
    """\
.. tabs::

   .. tab:: Linux

      .. code-block:: console

         $ echo linux

   .. tab:: A *Mac*

      .. code-block:: console

         $ echo mac
""",
)
GROUPS = (SPHINX_TABS[0], SPHINX_TABS[1].replace(".. tab::", ".. group-tab::"))
MARKDOWN = (
    "extensions = ['runthrough', 'myst_parser', 'sphinx_design']\n"
    "myst_enable_extensions = ['colon_fence']",
    """\
::::{tab-set}
:::{tab-item} Linux
```console
$ echo linux
```
:::
:::{tab-item} A *Mac*
```console
$ echo mac
```
:::
::::
""",
)
MADE_BY = {
    "sphinx-design": DESIGN,
    "sphinx-inline-tabs": INLINE,
    "sphinx-tabs": SPHINX_TABS,
    "sphinx-tabs, groups": GROUPS,
    "MyST": MARKDOWN,
}
NEEDED = {"sphinx-inline-tabs": "sphinx_inline_tabs", "sphinx-tabs": "sphinx_tabs"}


def on_page(made_by: str) -> dict[str, str]:
    """Return a page with two tabs, as arguments for `steps`."""
    for name, module in NEEDED.items():
        if made_by.startswith(name):
            pytest.importorskip(module)
    conf, text = MADE_BY[made_by]
    return {"page": text, "conf": conf, "name": "index.md" if made_by == "MyST" else "index.rst"}


@pytest.mark.parametrize("made_by", MADE_BY)
def test_the_first_tab_is_taken(steps: Steps, made_by: str) -> None:
    first, second = steps(**on_page(made_by))
    assert isinstance(first, Console)
    assert first.commands[0].text == "echo linux"
    assert second == OtherTab(second.place, "$ echo mac", "A Mac", untyped=1)


@pytest.mark.parametrize("made_by", MADE_BY)
def test_a_label_decides(steps: Steps, made_by: str) -> None:
    page = on_page(made_by)
    page["conf"] += "\nrunthrough_tabs = ['A Mac', 'Linux']"
    first, second = steps(**page)
    assert first == OtherTab(first.place, "$ echo linux", "Linux", untyped=1)
    assert isinstance(second, Console)


@pytest.mark.parametrize("made_by", MADE_BY)
def test_a_page_may_have_tabs_to_go_through(steps: Steps, made_by: str) -> None:
    page = on_page(made_by)
    page["page"] = (
        f"---\ntabs: all\n---\n{page['page']}"
        if made_by == "MyST"
        else f":tabs: all\n\n{page['page']}"
    )
    assert [type(step) for step in steps(**page)] == [Console, Console]


def test_a_tab_within_a_tab(steps: Steps) -> None:
    inner = DESIGN[1].replace("Linux", "pip").replace("A *Mac*", "uv").replace("echo", "install")
    text = DESIGN[1].replace(
        "         $ echo linux\n", "         $ echo linux\n\n" + indented(inner)
    )
    found = steps(text, conf=f"{DESIGN[0]}\nrunthrough_tabs = ['uv']")
    labels = [step.label if isinstance(step, OtherTab) else None for step in found]
    assert labels == [None, "pip", None, "A Mac"]


def indented(text: str) -> str:
    return "".join(f"      {line}" if line.strip() else line for line in text.splitlines(True))


def test_a_skipped_block_is_skipped_in_every_tab(steps: Steps) -> None:
    text = DESIGN[1].replace(
        "console\n\n         $ echo mac", "console\n         :skip: Needs a Mac.\n\n         $ brew"
    )
    assert isinstance(steps(text, conf=DESIGN[0])[1], Skip)


def test_what_is_unclear_in_another_tab_is_no_problem_of_this_path(steps: Steps) -> None:
    text = DESIGN[1].replace("console\n\n         $ echo mac", "ini\n\n         a = 1")
    assert isinstance(steps(text, conf=DESIGN[0])[1], OtherTab)
    text = DESIGN[1].replace("console\n\n         $ echo linux", "ini\n\n         a = 1")
    assert isinstance(steps(text, conf=DESIGN[0])[0], PageProblem)


def test_values_that_another_tab_names_are_not_checked(steps: Steps) -> None:
    text = DESIGN[1] + "\n      Its id is ``0123456789ab``.\n"
    conf = f"{DESIGN[0]}\nrunthrough_captures = {{'id': '[0-9a-f]{{12}}'}}"
    assert [type(step) for step in steps(text, conf=conf)] == [Console, OtherTab]


def test_tabs_of_languages(steps: Steps) -> None:
    text = """\
.. tab-set-code::

   .. code-block:: console

      $ ls

   .. code-block:: powershell-prompt

      > dir
"""
    first, second = steps(text, conf=DESIGN[0])
    assert isinstance(first, Console)
    assert second == OtherTab(second.place, "> dir", "POWERSHELL-PROMPT")


OUTPUT = """
.. code-block:: text
   :output:

   linux
"""


def test_an_output_below_tabs_is_that_of_the_command_in_the_tab(steps: Steps) -> None:
    console, other = steps(DESIGN[1] + OUTPUT, conf=DESIGN[0])
    assert isinstance(console, Console)
    assert [line.text for line in console.commands[0].output] == ["linux"]
    assert isinstance(other, OtherTab)


@pytest.mark.parametrize("block", ["bat", "console\n         :skip: Needs a Mac."])
def test_a_skipped_block_in_another_tab_keeps_no_output_from_its_command(
    steps: Steps, block: str
) -> None:
    text = DESIGN[1].replace("console\n\n         $ echo mac", f"{block}\n\n         echo mac")
    console, other = steps(text + OUTPUT, conf=DESIGN[0])
    assert isinstance(console, Console)
    assert [line.text for line in console.commands[0].output] == ["linux"]
    assert isinstance(other, Skip)


def test_an_output_in_another_tab_is_of_no_command_here(steps: Steps) -> None:
    text = DESIGN[1] + "".join(f"      {line}".rstrip() + "\n" for line in OUTPUT.splitlines())
    console, *others = steps(text, conf=DESIGN[0])
    assert isinstance(console, Console)
    assert console.commands[0].output == ()
    assert [type(step) for step in others] == [OtherTab, OtherTab]


def test_labels_are_a_list(steps: Steps) -> None:
    with pytest.raises(SettingsError, match=r"runthrough_tabs is 'Linux'; expected a list"):
        steps(DESIGN[1], conf=f"{DESIGN[0]}\nrunthrough_tabs = 'Linux'")
