"""`runthrough init` looks at a site, and declares what it has seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runthrough.cli import main
from runthrough.model.steps import Console, Listing, Skip
from runthrough.reading.site import read_site

pytestmark = pytest.mark.slow

PAGE = """\
Tea
===

Create ``kettle.py``:

.. code-block:: python

   print("hot")

.. code-block:: bash

   # three minutes
   python3 kettle.py
   sort < leaves > sorted

.. code-block:: console

   ada@shop:~/tea$ ls
   ada@shop:~/tea$ python3 kettle.py

.. code-block:: text

   hot

.. code-block:: console

   $ flask run
   $ brew <kind of tea>

.. code-block:: powershell

   dir
"""

Init = Callable[..., str]


@pytest.fixture
def init(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Init:
    """Write a site and look at it; return what's printed."""
    monkeypatch.chdir(tmp_path)
    Path("docs").mkdir()
    Path("docs/conf.py").write_text("project = 'Tea'\n")
    Path("docs/index.rst").write_text(PAGE)

    def init(*options: str, status: int = 0) -> str:
        assert main(["init", *options]) == status
        return capsys.readouterr().out

    return init


def test_it_says_what_it_has_seen(init: Init) -> None:
    said = init("--dry-run")
    for line in (
        "docs: 1 page, 6 blocks",
        "2 sessions: console (2); prompts user@host:~$ (1), $ (1)",
        "1 script: bash (1)",
        "1 file: named by sentence (1)",
        "1 output: text (1)",
        "1 block: for other shells, powershell (1)",
        "4 of 4 commands in sessions show no output",
        "docs/index.rst:27: flask run",
        "docs/index.rst:28: brew <kind of tea>",
        "remove the word from 'files' in conf.py:\n    docs/index.rst:8: kettle.py (sentence)\n",
        "'outputs' in conf.py:\n    docs/index.rst:23: hot (text)\n",
    ):
        assert line in said, line
    assert Path("docs/conf.py").read_text() == "project = 'Tea'\n"
    assert not Path("docs/runthrough.toml").exists()


def test_what_it_writes_is_read(init: Init) -> None:
    init()
    assert Path("docs/conf.py").read_text().startswith("project = 'Tea'\n\n\n# What the blocks")
    assert Path("docs/runthrough.toml").read_text().count('holds = "') == 1
    assert Path("docs/runthrough.toml").read_text().endswith('"\n')
    (page,) = read_site(Path("docs").absolute()).pages
    kinds = [type(step).__name__ for step in page.steps]
    assert kinds == ["Listing", "Console", "Console", "Skip", "Skip", "EndCheck"]
    listing, script, session = page.steps[:3]
    assert isinstance(listing, Listing) and isinstance(script, Console)
    assert listing.path == "kettle.py"
    assert [command.text for command in script.commands] == [
        "python3 kettle.py",
        "sort < leaves > sorted",
    ]
    assert isinstance(session, Console)
    assert [line.text for line in session.commands[1].output] == ["hot"]


def test_a_prompt_without_a_command_is_read_like_a_comment(init: Init) -> None:
    session = "   $ ls\n   leaves\n   $\n   $ cat leaves\n   green\n   $\n"
    Path("docs/index.rst").write_text(f".. code-block:: console\n\n{session}")
    assert "0 of 2 commands in sessions show no output" in init()
    (page,) = read_site(Path("docs").absolute()).pages
    assert [type(step).__name__ for step in page.steps] == ["Console", "EndCheck"]


def test_it_lists_the_files_that_the_proposed_dialect_would_write(init: Init) -> None:
    listing = "Look:\n\n.. code-block:: python\n\n   print('hot')\n"
    script = ".. code-block:: bash\n\n   python3 kettle.py\n"
    Path("docs/index.rst").write_text(f"{listing}\n{script}")
    assert "    docs/index.rst:5: kettle.py (command)\n" in init()
    (page,) = read_site(Path("docs").absolute()).pages
    assert [type(step).__name__ for step in page.steps] == ["Listing", "Console", "EndCheck"]


def test_a_percent_sign_is_a_prompt_before_what_the_site_runs(init: Init) -> None:
    session = "Then::\n\n   % stir\n   % pour tea\n   tea\n\n"
    comment = ".. code-block:: tex\n\n   % Green tea\n   \\tea\n\n"
    Path("docs/index.rst").write_text(f"One::\n\n   $ pour pot\n\n{session}{comment}")
    said = init()
    assert "  2 sessions: default (2); prompts $ (1), % (1)\n" in said
    assert "  1 block: not checked" in said
    (page,) = read_site(Path("docs").absolute()).pages
    kinds = [type(step).__name__ for step in page.steps]
    assert kinds == ["Console", "Console", "Unchecked", "EndCheck"]


def test_it_changes_nothing_twice(init: Init) -> None:
    init()
    before = [Path("docs", name).read_bytes() for name in ("conf.py", "runthrough.toml")]
    said = init(status=1)
    assert "docs/conf.py: left alone, because it already has runthrough_dialects" in said
    assert "docs/runthrough.toml: left alone: something with this name exists by now" in said
    after = [Path("docs", name).read_bytes() for name in ("conf.py", "runthrough.toml")]
    assert after == before


def test_a_site_that_cannot_be_read_is_named(
    init: Init, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("docs/conf.py").write_text("extensions = ['no_such']\n")
    assert main(["init"]) == 2
    assert "runthrough init: Sphinx can't read docs" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "is_server"),
    [
        ("gunicorn --reload shop.app", True),
        ("LEAVES=green celery -A shop worker", True),
        ("pip install gunicorn", False),
        ("poetry add gunicorn", False),
        ("celery worker --help", False),
        ("python3 -m http.server", True),
        ("python3 shop.py", False),
        ("python3 daphne.py", False),
        ("cat gunicorn.conf.py", False),
    ],
)
def test_what_keeps_running_is_known_by_its_command(
    init: Init, command: str, is_server: bool
) -> None:
    Path("docs/index.rst").write_text(f"Tea\n===\n\n.. code-block:: console\n\n   $ {command}\n")
    assert ("keep running" in init("--dry-run")) == is_server


@pytest.mark.parametrize(
    ("command", "is_shell"),
    [("pipenv shell", True), ("nix-shell -p tea", True), ("poetry run brew", False)],
)
def test_a_shell_that_is_not_the_page_s_is_known_by_its_command(
    init: Init, command: str, is_shell: bool
) -> None:
    Path("docs/index.rst").write_text(f"Tea\n===\n\n.. code-block:: console\n\n   $ {command}\n")
    assert ("start a shell that a run can't type into" in init("--dry-run")) == is_shell


@pytest.mark.parametrize(
    ("command", "is_syntax"),
    [
        ("brew [OPTIONS] TEA", True),
        ("brew [--hot] tea1 ... teaN", True),
        ("brew [-t MINUTES] green", True),
        ("[ -f leaves ] && brew", False),
        ("grep '[-+]' leaves", False),
    ],
)
def test_what_only_shows_syntax_is_known_by_its_brackets(
    init: Init, command: str, is_syntax: bool
) -> None:
    Path("docs/index.rst").write_text(f"Tea\n===\n\n.. code-block:: console\n\n   $ {command}\n")
    assert ("only show the syntax" in init("--dry-run")) == is_syntax


@pytest.mark.parametrize(
    ("lines", "is_output"),
    [
        ("hot", True),
        ("['green', 'black']", True),
        ("price = 4", True),
        ("def brew(tea):\n       return tea", False),
        ("@lid\n   async def brew(tea): ...", False),
        ("import kettle\n\n   kettle.brew()", False),
        ("with kettle.open():\n       brew()", False),
    ],
)
def test_code_after_a_command_is_no_output(init: Init, lines: str, is_output: bool) -> None:
    Path("docs/index.rst").write_text(f"Brew::\n\n   $ brew\n\nThus::\n\n   {lines}\n")
    said = init("--dry-run")
    assert ("1 output: default (1)" in said) == is_output
    assert ("outputs=('default',)" in said) == is_output


@pytest.mark.parametrize(("code", "is_output"), [(1, True), (2, False)])
def test_no_block_is_an_output_where_most_are_code(init: Init, code: int, is_output: bool) -> None:
    command = "Brew::\n\n   $ steep\n\nThus::\n\n"
    page = f"{command}   hot\n\n" + f"{command}   import kettle\n\n" * code
    Path("docs/index.rst").write_text(page)
    said = init("--dry-run")
    assert ("outputs=('default',)" in said) == is_output
    assert f"not checked, default ({code if is_output else code + 1})" in said


def test_a_clone_that_needs_an_account_is_known_by_its_url(init: Init) -> None:
    page = ".. code-block:: console\n\n   $ git clone {}github.com{}shop/tea\n"
    Path("docs/index.rst").write_text(page.format("git@", ":"))
    assert "need something that a run doesn't have" in init("--dry-run")
    Path("docs/index.rst").write_text(page.format("https://", "/"))
    assert "need something that a run doesn't have" not in init("--dry-run")


def test_a_block_in_another_section_is_no_output(init: Init) -> None:
    page = "Tea\n===\n\n::\n\n   $ steep\n\nPots\n====\n\n::\n\n   brown\n"
    Path("docs/index.rst").write_text(page)
    assert "1 block: not checked, default (1)" in init("--dry-run")


@pytest.mark.parametrize(
    ("language", "other", "numbered"),
    [
        ("console", "$ flask run --debug", 1),
        ("console", "$ flask  run", 2),
        ("console", "$ `flask run`", 1),
        ("bash", "flask run", 0),
    ],
)
def test_an_entry_is_about_one_block(init: Init, language: str, other: str, numbered: int) -> None:
    page = Path("docs/index.rst")
    page.write_text(f"{PAGE}\n.. code-block:: {language}\n\n   {other}\n")
    init()
    assert Path("docs/runthrough.toml").read_text().count("nth = ") == numbered
    (read,) = read_site(Path("docs").absolute()).pages
    kinds = [type(step).__name__ for step in read.steps]
    assert kinds.count("Skip") == 3 and "PageProblem" not in kinds


@pytest.mark.parametrize(
    ("language", "block", "typed"),
    [
        ("bash", "flask run\nsteep", ["steep"]),
        ("bash", "docker run \\\n  --rm tea\nsteep \\\n  --hot", ["steep \\\n  --hot"]),
        ("console", "$ steep\n$ git push\n$ sudo pour: now\n$ steep", ["steep", "steep"]),
        ("console", "$ flask run\n$ flask run --debug", None),
        ("console", "$ flask run\n$ echo 'flask run'", None),
    ],
)
def test_only_what_cannot_be_typed_is_left_out(
    init: Init, language: str, block: str, typed: list[str] | None
) -> None:
    lines = "".join(f"   {line}\n" for line in block.split("\n"))
    Path("docs/index.rst").write_text(f"Tea\n===\n\n.. code-block:: {language}\n\n{lines}")
    init()
    (page,) = read_site(Path("docs").absolute()).pages
    step = page.steps[0]
    if typed is None:
        assert isinstance(step, Skip)
    else:
        assert isinstance(step, Console)
        assert [command.text for command in step.commands] == typed


def test_guesses_are_listed_up_to_a_bound(init: Init) -> None:
    block = "Create ``{}.py``:\n\n.. code-block:: python\n\n   print()\n\n"
    Path("docs/index.rst").write_text("".join(map(block.format, range(12))))
    said = init("--dry-run")
    assert "    docs/index.rst:5: 0.py (sentence)\n" in said
    assert said.count("(sentence)\n") == 10
    assert "    and 2 more\n" in said
