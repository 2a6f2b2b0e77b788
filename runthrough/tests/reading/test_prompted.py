"""Sessions in the directive `prompt`, which draws the prompts itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runthrough.model.steps import Console, PageProblem, Skip, Step, Unchecked

if TYPE_CHECKING:
    from tests.reading.conftest import Steps

CONF = (
    'extensions += ["tests.reading.prompt_directive"]\n'
    "runthrough_dialects = {'*': {'like': 'common', 'unshown': 'error'}}\n"
)
REAL = CONF.replace("tests.reading.prompt_directive", "sphinx-prompt")


def prompt(head: str, *lines: str, options: str = "") -> str:
    text = "".join(f"   {line}".rstrip() + "\n" for line in lines)
    return f".. prompt:: {head}\n{options}\n{text}\n"


def typed(steps: list[Step]) -> list[tuple[str, str | None, int | None]]:
    return [
        (one.text, one.environment, one.place.line)
        for step in steps
        if isinstance(step, Console)
        for one in step.commands
    ]


@pytest.mark.parametrize("conf", [CONF, REAL])
def test_every_line_is_typed(steps: Steps, conf: str) -> None:
    if conf is REAL:
        pytest.importorskip("sphinx_prompt")
    page = prompt("bash $", "mkdir \\", "  tea", "", "for x in 1; do", "  echo $x", "done")
    (step,) = steps(page, conf=conf)
    assert typed([step]) == [
        ("mkdir \\\n  tea", "", 3),
        ("for x in 1; do\n  echo $x\ndone", "", 6),
    ]
    assert isinstance(step, Console)
    assert step.leniency.unshown


@pytest.mark.parametrize(
    "page",
    [
        prompt("bash", "pwd"),
        prompt("", "pwd", options="   :language: bash\n"),
        prompt("bash #", "pwd"),
        prompt("text %", "pwd"),
        prompt("", "pwd", options="   :prompts: ada@shop:~$\n"),
    ],
)
def test_it_may_have_any_prompt_of_a_shell(steps: Steps, page: str) -> None:
    assert [text for text, _, _ in typed(steps(page, conf=CONF))] == ["pwd"]


@pytest.mark.parametrize(
    "page",
    [
        prompt("bash (tea)$", "pwd"),
        prompt("bash", "pwd", options="   :prompts: (tea) $\n"),
        prompt("bash (tea)$ auto", "(tea)$ pwd"),
    ],
)
def test_its_prompt_may_name_an_environment(steps: Steps, page: str) -> None:
    assert [named for _, named, _ in typed(steps(page, conf=CONF))] == ["tea"]


def test_prompts_in_its_lines_tell_commands_from_outputs(steps: Steps) -> None:
    page = prompt("bash $,# auto", "$ sudo -s", "# ls", "tea.txt")
    (step,) = steps(page, conf=CONF)
    assert isinstance(step, Console)
    assert not step.leniency.unshown
    assert [one.text for one in step.commands] == ["sudo -s", "ls"]
    assert [line.text for line in step.commands[1].output] == ["tea.txt"]
    assert [line.place.line for line in step.commands[1].output] == [5]


def test_it_takes_the_options_of_a_session(steps: Steps) -> None:
    page = prompt("bash $", "false", options="   :status: 1\n") + prompt(
        "bash $", "rm -r /", options="   :skip: it ends badly\n"
    )
    asked, skip = steps(page, conf=CONF)
    assert isinstance(asked, Console)
    assert asked.commands[0].status == 1
    assert isinstance(skip, Skip)
    assert skip.reason == "it ends badly"


def test_other_shells_and_languages_are_not_typed(steps: Steps) -> None:
    page = prompt("powershell", "dir") + prompt("batch", "dir") + prompt("scala >", "val tea = 1")
    first, second, third = steps(page, conf=CONF)
    assert isinstance(first, Skip)
    assert isinstance(second, Skip)
    assert isinstance(third, Unchecked)


def test_without_the_dialect_it_is_none(steps: Steps) -> None:
    conf = CONF.splitlines()[0]
    (step,) = steps(prompt("bash $", "pwd"), conf=conf)
    assert isinstance(step, PageProblem)
    (step,) = steps(prompt("bash $", "pwd"), conf=f"{conf}\nrunthrough_unclassified = 'count'\n")
    assert isinstance(step, Unchecked)


def test_lines_for_python_are_its_statements(steps: Steps) -> None:
    conf = CONF.replace("'like': 'common'", "'like': 'common', 'sessions': ['prompt', 'pycon']")
    page = prompt("python >>>", "for x in 1, 2:", "    print(x)", "print('tea')")
    assert [text for text, _, _ in typed(steps(page, conf=conf))] == [
        "for x in 1, 2:\n    print(x)",
        "print('tea')",
    ]


MARKDOWN = """\
# Tea

```{prompt} bash $
ls cup
```

:::{note}
```{prompt} bash $
---
language: bash
---

ls pot
```
:::

::::{tab-set}
:::{tab-item} One

```{prompt} bash $
ls kettle
```
:::
::::
"""


def test_in_markdown_each_command_has_its_line(steps: Steps) -> None:
    extensions = 'extensions += ["myst_parser", "sphinx_design"]\n'
    syntax = 'myst_enable_extensions = ["colon_fence"]\n'
    read = steps(MARKDOWN, conf=f"{CONF}{extensions}{syntax}", name="index.md")
    lines = MARKDOWN.split("\n")
    expected = [lines.index(f"ls {one}") + 1 for one in ("cup", "pot", "kettle")]
    assert [line for _, _, line in typed(read)] == expected


def test_text_that_an_extension_adds_above_moves_no_line(steps: Steps) -> None:
    adds = (
        "def add(app, docname, source):\n"
        "    source[0] = '..\\n\\n' + source[0]\n\n"
        "def setup(app):\n"
        "    app.connect('source-read', add)\n"
    )
    (command,) = typed(steps(prompt("bash $", "ls cup"), conf=f"{CONF}{adds}"))
    assert command == ("ls cup", "", 3)
