"""Conventions by which pages name the file of a block: what is one, and what isn't."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runthrough.model.steps import Console, Listing, PageProblem, Patch, Step, Unchecked

if TYPE_CHECKING:
    from tests.reading.conftest import Steps


def conf(*files: str, more: str = "") -> str:
    fields = f"files={files!r}, listings='create', unclassified='count'"
    return (
        f"from runthrough import Dialect\nrunthrough_dialects = {{'*': Dialect({fields}{more})}}\n"
    )


def block(language: str, *lines: str, options: str = "") -> str:
    text = "".join(f"   {line}".rstrip() + "\n" for line in lines)
    return f".. code-block:: {language}\n{options}\n{text}\n"


def paths(steps: list[Step]) -> list[str]:
    return [step.path if isinstance(step, (Listing, Patch)) else "" for step in steps]


@pytest.mark.parametrize(
    ("language", "line", "path"),
    [
        ("python", "# content of test_tea.py", "test_tea.py"),
        ("python", "# contents of ./shop/tea.py", "shop/tea.py"),
        ("python", "# tea.py", "tea.py"),
        ("python", "# file: tea.py", "tea.py"),
        ("python", "# filename: 'tea.py'", "tea.py"),
        ("python", "## shop/tea.py", "shop/tea.py"),
        ("javascript", "// tea.js", "tea.js"),
        ("sql", "-- tea.sql", "tea.sql"),
        ("html", "<!-- tea.html -->", "tea.html"),
        ("jinja", "{# tea.html #}", "tea.html"),
        ("ini", "; content of tea.cfg", "tea.cfg"),
        ("css", "/* tea.css */", "tea.css"),
        ("make", "# Makefile", "Makefile"),
        ("text", "# .env", ".env"),
    ],
)
def test_the_first_line_may_name_the_file(
    steps: Steps, language: str, line: str, path: str
) -> None:
    (step,) = steps(block(language, line, "green"), conf=conf("first line"))
    assert isinstance(step, Listing)
    assert step.path == path
    assert [line.text for line in step.lines] == ["green"]
    assert step.path_place.line == 3


@pytest.mark.parametrize(
    "line",
    [
        "# pour the tea",
        "# os.path",
        "# e.g.",
        "# tea.py is called",
        "# see https://tea.example/tea.py",
        "# /etc/tea.conf",
        "# ../tea.py",
        "# tea.html",
        "tea.py",
    ],
)
def test_another_first_line_names_none(steps: Steps, line: str) -> None:
    (step,) = steps(block("python", line, "green"), conf=conf("first line"))
    assert isinstance(step, Unchecked)


@pytest.mark.parametrize(
    ("sentence", "path"),
    [
        ("Create ``hello.py`` with:", "hello.py"),
        ("Edit :file:`shop/hello.py`:", "shop/hello.py"),
        ("Like ``tea.py``. Now write ``hello.py``:", "hello.py"),
        ("Write ``hello.py`` next to ``tea.py`` and ``shop.py``, with:", "hello.py"),
        ("Like our ``tea.py``, write ``hello.py``:", "hello.py"),
        ("Move it from ``tea.py`` to ``hello.py``:", "hello.py"),
        ("Open ``hello.py`` (``hello.py`` alone):", "hello.py"),
        ("In the package's ``hello.py``, ``shop/hello.py``:", "shop/hello.py"),
        ("Call ``app.route`` in ``hello.py``:", "hello.py"),
        ("The template ``tea.html`` goes with ``hello.py``:", "hello.py"),
    ],
)
def test_the_sentence_before_may_name_the_file(steps: Steps, sentence: str, path: str) -> None:
    (step,) = steps(f"{sentence}\n\n{block('python', 'green')}", conf=conf("sentence"))
    assert isinstance(step, Listing)
    assert (step.path, step.path_place.line) == (path, 1)


@pytest.mark.parametrize(
    ("name", "language", "path"),
    [
        (".tearc", "ini", ".tearc"),
        ("shop/.tearc", "yaml", "shop/.tearc"),
        (".tearc", "python", ""),
        (".ini", "ini", ""),
    ],
)
def test_a_name_with_a_dot_first_is_a_file_of_settings(
    steps: Steps, name: str, language: str, path: str
) -> None:
    page = f"Create ``{name}``:\n\n" + block(language, "green")
    assert paths(steps(page, conf=conf("sentence"))) == [path]


def test_the_sentence_may_end_in_two_colons(steps: Steps) -> None:
    page = "Edit :file:`Makefile`::\n\n   tea:\n"
    assert paths(steps(page, conf=conf("sentence"))) == ["Makefile"]


def test_a_caption_may_be_between_the_sentence_and_its_block(steps: Steps) -> None:
    page = "Create ``tea.py``:\n\n" + block("python", "a", options="   :caption: All the tea\n")
    assert paths(steps(page, conf=conf("sentence"))) == ["tea.py"]


@pytest.mark.parametrize(
    ("sentence", "language", "line"),
    [
        ("The tea:", "python", "green"),
        ("Call ``tea.pour``:", "python", "green"),
        ("Call ``tea.py``.\n\nThis is green:", "python", "green"),
        ("Call ``tea.py``. This is green:", "python", "green"),
        ("Write ``tea.py``, and run it with:", "default", "python tea.py"),
        ("Load ``tea.py``:", "html", "green"),
        ("Load ``tea.py``:", "pycon", ">>> import tea"),
        ("Load ``tea.py``:", "python", ">>> import tea"),
        ("Run ``brew.sh``:", "bash", "./brew.sh"),
        ("In ``/etc/tea.conf``:", "ini", "green"),
        ("In :file:`{shop}/tea.py`:", "python", "green"),
    ],
)
def test_another_sentence_names_none(steps: Steps, sentence: str, language: str, line: str) -> None:
    (step,) = steps(f"{sentence}\n\n{block(language, line)}", conf=conf("sentence"))
    assert isinstance(step, Unchecked)


def test_a_shell_script_may_be_named_by_its_sentence(steps: Steps) -> None:
    page = "Create ``brew.sh``:\n\n" + block("bash", "#!/bin/sh", "echo tea")
    assert paths(steps(page, conf=conf("sentence", more=", scripts=('bash',)"))) == ["brew.sh"]


def test_a_sentence_that_names_two_files_is_a_mistake(steps: Steps) -> None:
    page = "Change ``tea.py`` and ``shop.py``:\n\n" + block("python", "green")
    (step,) = steps(page, conf=conf("sentence"))
    assert isinstance(step, PageProblem)
    assert "'tea.py' (the sentence before it) or 'shop.py' (the sentence before it)" in step.what
    assert "':caption: path'" in step.advice


def test_a_caption_and_a_first_line_that_differ_are_a_mistake(steps: Steps) -> None:
    page = block("python", "# tea.py", "green", options="   :caption: shop.py\n")
    (step,) = steps(page, conf=conf("caption", "first line"))
    assert isinstance(step, PageProblem)
    assert "'shop.py' (its caption) or 'tea.py' (its first line)" in step.what


def test_a_caption_counts_more_than_the_sentence(steps: Steps) -> None:
    page = "Import it from ``tea.py``:\n\n" + block("python", "a", options="   :caption: shop.py\n")
    assert paths(steps(page, conf=conf("caption", "sentence"))) == ["shop.py"]


def test_a_caption_is_prose_where_the_dialect_leaves_it_out(steps: Steps) -> None:
    page = block("python", "a", options="   :caption: tea.py\n")
    assert isinstance(steps(page, conf=conf("sentence"))[0], Unchecked)


MAKE = ".. code-block:: console\n\n   $ {}\n\n"


@pytest.mark.parametrize(
    ("typed", "named", "path"),
    [
        ("touch shop/tea.py", "tea.py", "shop/tea.py"),
        ("cat ./shop/tea.py", "tea.py", "shop/tea.py"),
        ("touch shop/tea.py tea.py", "tea.py", "tea.py"),
        ("touch shop/tea.py pot/tea.py", "tea.py", "tea.py"),
        ("touch shop/tea.py", "old/tea.py", "old/tea.py"),
        ("touch shop/__init__.py", "__init__.py", "__init__.py"),
        ("touch shop/tea.py\n   $ cd shop", "tea.py", "tea.py"),
    ],
)
def test_a_sentence_may_leave_out_the_folder(
    steps: Steps, typed: str, named: str, path: str
) -> None:
    page = f"{MAKE.format(typed)}Change ``{named}``:\n\n{block('python', 'green')}"
    assert paths(steps(page, conf=conf("sentence"))) == ["", path]


def test_a_listing_says_which_folder_a_later_sentence_means(steps: Steps) -> None:
    first = f"Write ``shop/tea.py``:\n\n{block('python', 'green')}"
    page = f"{first}Change ``tea.py``:\n\n{block('python', 'black')}"
    assert paths(steps(page, conf=conf("sentence"))) == ["shop/tea.py", "shop/tea.py"]


def test_a_diff_changes_the_file_that_its_sentence_names(steps: Steps) -> None:
    page = "Change ``tea.py``:\n\n" + block("diff", "-green", "+black")
    (step,) = steps(page, conf=conf("sentence"))
    assert isinstance(step, Patch)
    assert step.path == "tea.py"


RUN = block("console", "$ cd shop", "$ python3 hello.py --tea")


def test_the_next_command_may_name_the_file(steps: Steps) -> None:
    found = steps(block("python", "green") + "Run it:\n\n" + RUN, conf=conf("command"))
    assert paths(found) == ["hello.py", ""]
    assert isinstance(found[0], Listing)
    assert found[0].path_place.line == 10


@pytest.mark.parametrize(
    "page",
    [
        RUN + block("python", "green") + RUN,
        block("python", "green") + block("json", "[]") + RUN,
        block("json", "[]") + RUN,
        block("text", "green") + RUN,
        block("python", "green") + block("console", "$ ls"),
        block("python", "green"),
    ],
)
def test_another_command_names_none(steps: Steps, page: str) -> None:
    found = steps(page, conf=conf("command"))
    assert all(isinstance(step, (Unchecked, Console)) for step in found)


@pytest.mark.parametrize(
    ("first", "command", "path"),
    [
        ("tea.py", "python3 shop/tea.py", ""),
        ("old/tea.py", "python3 shop/tea.py", "shop/tea.py"),
    ],
)
def test_nor_does_one_whose_file_may_be_on_the_page_already(
    steps: Steps, first: str, command: str, path: str
) -> None:
    listing = f"Write ``{first}``:\n\n{block('python', 'green')}"
    page = f"{listing}\nA part:\n\n{block('python', 'black')}" + block("console", f"$ {command}")
    assert paths(steps(page, conf=conf("sentence", "command"))) == [first, path, ""]


def test_a_command_that_names_two_files_is_a_mistake(steps: Steps) -> None:
    page = block("python", "green") + block("console", "$ python3 tea.py shop.py")
    first, _ = steps(page, conf=conf("command"))
    assert isinstance(first, PageProblem)
    assert "'tea.py' (the command after it) or 'shop.py' (the command after it)" in first.what


def test_a_file_of_the_project_has_its_own_name(steps: Steps) -> None:
    page = ".. literalinclude:: code/tea.py\n   :lines: 2\n"
    (step,) = steps(page, {"code/tea.py": "a\nb\nc\n"}, conf=conf("literalinclude"))
    assert isinstance(step, Listing)
    assert (step.path, step.path_place.line) == ("tea.py", 1)
    assert [line.text for line in step.lines] == ["b"]
    assert [line.text for line in step.whole] == ["a", "b", "c"]


def test_what_may_be_an_output_is_a_file_only_where_no_command_lacks_one(steps: Steps) -> None:
    text = "It writes ``tea.txt``:\n\n" + block("text", "green")
    asks = conf("sentence", more=", outputs=('text',)")
    (console,) = steps(block("console", "$ cat tea.txt") + text, conf=asks)
    assert isinstance(console, Console)
    assert [line.text for line in console.commands[0].output] == ["green"]
    _, listing = steps(block("console", "$ cat tea.txt", "green") + text, conf=asks)
    assert isinstance(listing, Listing)
