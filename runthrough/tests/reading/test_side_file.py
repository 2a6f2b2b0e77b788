"""What pages can't say is in a side file: it changes what their blocks ask, and adds steps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runthrough.model.steps import (
    SIDE_FILE,
    Console,
    EndCheck,
    Interrupt,
    Listing,
    Page,
    PageProblem,
    Patch,
    Request,
    Skip,
    Step,
)
from runthrough.reading.side_file import SideFileError
from runthrough.reading.site import read_site

if TYPE_CHECKING:
    from tests.reading.conftest import Steps

PAGE = """\
Tea
===

First make a folder.

.. code-block:: console

   $ mkdir tea
   $ cd tea

.. code-block:: python
   :caption: Your kettle

   print("Boiling")

Now change ``"Boiling"`` to "Done".

.. code-block:: console

   $ python kettle.py
   Done

Now stop.
"""


def told(steps: Steps, side: str, page: str = PAGE, **more: str) -> list[Step]:
    """Read a page with a side file, whose entries are about 'index'."""
    return steps(page, {SIDE_FILE: side, **more})


def block(keys: str) -> str:
    return f"[[index.block]]\n{keys}\n"


def after(keys: str) -> str:
    return f"[[index.after]]\n{keys}\n"


KETTLE = 'holds = "Boiling"\ncaption = "kettle.py"\ncreate = true\n'


def test_a_block_gets_options_and_a_caption(steps: Steps) -> None:
    _, listing, _ = told(steps, block(KETTLE))
    assert isinstance(listing, Listing)
    assert (listing.path, listing.file_action, listing.place.line) == ("kettle.py", "create", 14)
    assert str(listing.path_place) == f"{SIDE_FILE}:3"
    assert [note.what for note in listing.side_notes] == ["caption: kettle.py", "create"]
    assert [str(note.place) for note in listing.side_notes] == [f"{SIDE_FILE}:3", f"{SIDE_FILE}:4"]


def test_without_the_file_nothing_is_said(steps: Steps) -> None:
    found = steps(PAGE)
    assert isinstance(found[1], PageProblem)
    assert not any(step.side_notes for step in found)


@pytest.mark.parametrize(
    ("keys", "field", "value"),
    [
        ("timeout = 2.5", "timeout", 2.5),
        ('timeout = "3"', "timeout", 3),
        ('input = ["yes", ""]', "answers", ("yes", "")),
        ('input = "yes"', "answers", ("yes",)),
    ],
)
def test_values_are_those_of_toml_or_as_on_a_page(
    steps: Steps, keys: str, field: str, value: object
) -> None:
    *_, step = told(steps, block(KETTLE) + block(f'holds = "python kettle.py"\n{keys}'))
    assert getattr(step, field) == value


@pytest.mark.parametrize("status", ["[0, 3]", '"0 3"'])
def test_each_command_gets_its_status(steps: Steps, status: str) -> None:
    step, *_ = told(steps, block(f'holds = "mkdir tea"\nstatus = {status}'))
    assert isinstance(step, Console)
    assert [command.status for command in step.commands] == [0, 3]


def test_the_lines_of_a_block_are_typed(steps: Steps) -> None:
    side = block('holds = "echo"\nlanguage = "bash"')
    (step,) = told(steps, side, "::\n\n   echo tea\n   echo cups\n")
    assert isinstance(step, Console)
    assert [command.text for command in step.commands] == ["echo tea", "echo cups"]


def test_a_block_is_of_another_language(steps: Steps) -> None:
    page = ".. code-block:: none\n\n   $ ls\n   tea\n\n.. code-block:: text\n\n   -a\n   +b\n"
    side = block('holds = "-a"\nlanguage = "diff"\ncaption = "tea.txt"')
    _, patch = told(steps, side, page)
    assert isinstance(patch, Patch)
    assert patch.path == "tea.txt"


def test_a_block_is_skipped_whatever_its_page_says(steps: Steps) -> None:
    page = ".. code-block:: console\n   :status: 2\n\n   $ brew\n"
    (step,) = told(steps, block('holds = "brew"\nskip = "no kettle"'), page)
    assert isinstance(step, Skip)
    assert (step.reason, step.place.line) == ("no kettle", 4)
    assert [note.what for note in step.side_notes] == ["skip: no kettle"]


def test_a_block_is_the_output_of_the_one_before(steps: Steps) -> None:
    page = ".. code-block:: console\n\n   $ ls\n\n.. code-block:: text\n\n   tea\n"
    (step,) = told(steps, block('holds = "tea"\noutput = true'), page)
    assert isinstance(step, Console)
    assert [line.text for line in step.commands[0].output] == ["tea"]
    assert [note.what for note in step.side_notes] == ["output"]


@pytest.mark.parametrize("text", ["$ brew", "``$ brew``"])
def test_what_only_looks_like_a_command_is_skipped(steps: Steps, text: str) -> None:
    page = f"Tea\n===\n\n{text}\n"
    assert any(isinstance(step, PageProblem) for step in steps(page))
    found = told(steps, block('holds = "$ brew"\nskip = "no kettle"'), page)
    assert [type(step) for step in found] == [Skip]
    (problem,) = told(steps, block('holds = "$ brew"\nstatus = 1'), page)
    assert isinstance(problem, PageProblem)
    assert "can only be skipped" in problem.what
    assert str(problem.place) == f"{SIDE_FILE}:1"


EDIT = """\
text = "Now change "
path = "kettle.py"
diff = '''
-print("Boiling")
+print("Done")
'''
"""


def test_an_edit_told_in_prose_is_a_step_after_its_text(steps: Steps) -> None:
    _, listing, patch, console = told(steps, block(KETTLE) + after(EDIT))
    assert isinstance(listing, Listing) and isinstance(console, Console)
    assert isinstance(patch, Patch)
    assert (patch.path, str(patch.path_place)) == ("kettle.py", f"{SIDE_FILE}:8")
    assert [(line.text, line.place.line) for line in patch.hunks[0]] == [
        ('-print("Boiling")', 10),
        ('+print("Done")', 11),
    ]
    assert [note.what for note in patch.side_notes] == ["Change kettle.py"]


@pytest.mark.parametrize("paths", ["start", "reader"])
def test_an_edit_told_in_prose_has_the_paths_of_its_page(steps: Steps, paths: str) -> None:
    conf = f"runthrough_dialects = {{'*': {{'paths': {paths!r}}}}}"
    files = {SIDE_FILE: block(KETTLE) + after(EDIT)}
    _, listing, patch, _ = steps(PAGE, files, conf)
    assert isinstance(listing, Listing) and isinstance(patch, Patch)
    assert [listing.from_start, patch.from_start] == [paths == "start"] * 2


@pytest.mark.parametrize("action", ["create", "replace", "append"])
def test_a_file_told_in_prose(steps: Steps, action: str) -> None:
    side = after(f'text = "Tea"\npath = "tea.txt"\n{action} = """\ngreen\n\nblack\n"""')
    step, *_ = told(steps, side)
    assert isinstance(step, Listing)
    assert (step.path, step.file_action) == ("tea.txt", action)
    assert [line.text for line in step.lines] == ["green", "", "black"]


@pytest.mark.parametrize(
    ("commands", "typed"),
    [
        ('"createdb shop"', ["createdb shop"]),
        ('["a", "b"]', ["a", "b"]),
        ("'''\na \\\n  b\nc\n'''", ["a \\\n  b", "c"]),
    ],
)
@pytest.mark.parametrize("key", ["run", "before"])
def test_commands_told_in_prose(steps: Steps, key: str, commands: str, typed: list[str]) -> None:
    head = "[index]\n" if key == "before" else '[[index.after]]\ntext = "Tea"\n'
    step, *_ = told(steps, f"{head}{key} = {commands}\n")
    assert isinstance(step, Console)
    assert [command.text for command in step.commands] == typed
    assert step.leniency.unshown
    assert step.place.file.name == SIDE_FILE


def test_a_session_told_in_prose_has_outputs_and_options(steps: Steps) -> None:
    side = after('text = "Now stop."\nstatus = 3\nsession = """\n$ brew\nno kettle\n"""')
    *_, step = told(steps, side)
    assert isinstance(step, Console)
    (command,) = step.commands
    assert (command.text, command.status) == ("brew", 3)
    assert [line.text for line in command.output] == ["no kettle"]
    assert not step.leniency.unshown


def test_entries_may_be_on_a_line_each(steps: Steps) -> None:
    block = '{ holds = "Boiling", caption = "kettle.py", create = true }'
    edit = "{ text = \"Now change\", path = \"kettle.py\", diff = '''\n-Boiling\n+Done\n''' }"
    side = f"[index]\nblock = [\n    {block},\n]\nafter = [\n    {edit},\n]\n"
    _, listing, patch, _ = told(steps, side)
    assert isinstance(listing, Listing) and isinstance(patch, Patch)
    assert [note.place.line for note in listing.side_notes] == [3, 3]
    assert (patch.path, patch.place.line) == ("kettle.py", 7)


def test_statements_told_in_prose(steps: Steps) -> None:
    *_, step = told(
        steps, after('text = "Now stop."\nsession = """\n>>> 1 + 1\n2\n>>> exit()\n"""')
    )
    assert isinstance(step, Console)
    first, last = step.commands
    assert (first.text, first.read_by, last.text) == ("1 + 1", "python", "exit()")
    assert [line.text for line in first.output] == ["2"]


@pytest.mark.parametrize(
    ("shows", "lines"), [("", ["...", "^C"]), ("shows = 'no tea'", ["no tea", "no tea"])]
)
def test_what_a_reader_opens_or_stops_is_told_in_prose(
    steps: Steps, shows: str, lines: list[str]
) -> None:
    side = after(f"text = 'Tea'\nget = 'http://localhost:8000/'\nstatus = 404\n{shows}")
    side += after(f"text = 'Tea'\ninterrupt = true\nterminal = 'server'\n{shows}")
    get, interrupt, *_ = told(steps, side)
    assert isinstance(get, Request) and isinstance(interrupt, Interrupt)
    assert (get.url, get.status, interrupt.terminal) == ("http://localhost:8000/", 404, "server")
    assert [line.text for line in (*get.lines, *interrupt.lines)] == lines


def run_after(text: str, keys: str = "") -> str:
    return after(f"text = {text!r}\n{keys}\nrun = 'here'")


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("Tea", 0),
        ("make a folder", 0),
        ("cd tea", 1),
        ("Your kettle", 2),
        ("print(", 2),
        ('change "Boiling" to', 2),
        ('change ``"Boiling"``   to', 2),
        ("Now stop.", 3),
        ("Now stop", 3),
    ],
)
def test_a_step_comes_after_the_part_with_its_text(steps: Steps, text: str, position: int) -> None:
    found = told(steps, run_after(text))
    here = [isinstance(step, Console) and step.title == "$ here" for step in found]
    assert here.index(True) == position


def test_steps_after_the_same_text_keep_their_order(steps: Steps) -> None:
    side = "\n".join(after(f"text = 'Tea'\nrun = 'step{n}'") for n in range(3))
    assert [step.title for step in told(steps, side)[:3]] == ["$ step0", "$ step1", "$ step2"]


def test_a_step_after_a_command_comes_after_its_output(steps: Steps) -> None:
    page = (
        ".. code-block:: console\n\n   $ ls\n\n"
        ".. code-block:: text\n   :output:\n\n   tea\n\n.. code-block:: console\n\n   $ cd tea\n"
    )
    found = told(steps, run_after("$ ls"), page)
    assert [step.title for step in found] == ["$ ls", "$ here", "$ cd tea"]
    assert isinstance(found[0], Console) and found[0].commands[0].output


LISTED = "runthrough_dialects = {'*': {'like': 'common', 'outputs': ['text']}}\n"
LEAVES = ".. code-block:: text\n   :caption: leaves.txt\n   :create:\n\n   green\n"
MAY_BE_OUTPUT = "\n.. code-block:: text\n\n   green\n\n.. code-block:: console\n\n   $ brew\n"


@pytest.mark.parametrize(
    ("side", "page", "titles"),
    [
        ("[index]\nbefore = 'here'\n", MAY_BE_OUTPUT, ["$ here", "unchecked green", "$ brew"]),
        (
            after("text = 'Now'\nrun = 'here'"),
            f"{LEAVES}\nNow.\n{MAY_BE_OUTPUT}",
            ["Create leaves.txt", "$ here", "unchecked green", "$ brew"],
        ),
        (
            after("text = 'Now'\nrun = 'here'"),
            f".. code-block:: console\n\n   $ ls\n\nNow.\n{MAY_BE_OUTPUT}",
            ["$ ls", "$ here", "$ brew"],
        ),
    ],
)
def test_only_a_command_of_the_page_has_its_output_in_a_block_that_may_be_one(
    steps: Steps, side: str, page: str, titles: list[str]
) -> None:
    found = steps(page, {SIDE_FILE: side}, conf=LISTED)
    assert [step.title for step in found] == titles
    here = next(step for step in found if step.title == "$ here")
    assert isinstance(here, Console) and not here.commands[0].output


TWICE = (
    "Brew.\n\n.. code-block:: console\n\n   $ ls\n\nBrew.\n\n.. code-block:: console\n\n   $ ls\n"
)


@pytest.mark.parametrize(("nth", "titles"), [(1, "here ls ls"), (2, "ls here ls")])
def test_nth_says_which_of_several(steps: Steps, nth: int, titles: str) -> None:
    found = told(steps, run_after("Brew.", f"nth = {nth}"), TWICE)
    assert [step.title.removeprefix("$ ") for step in found] == titles.split()


def test_nth_says_which_block(steps: Steps) -> None:
    first, second = told(steps, block('holds = "ls"\nnth = 2\nskip = "no"'), TWICE)
    assert isinstance(first, Console) and isinstance(second, Skip)


def test_a_text_as_a_whole_comes_before_a_part_of_one(steps: Steps) -> None:
    page = "Tea\n===\n\nTea is hot.\n"
    (step,) = told(steps, run_after("Tea"), page)
    assert step.title == "$ here"


def test_a_text_is_not_looked_for_in_contents(steps: Steps) -> None:
    page = "Tea\n===\n\n.. contents::\n\nPour tea\n--------\n\nHot.\n\n.. toctree::\n\n   more\n"
    more = {"more.rst": "Pour tea\n========\n"}
    found = told(steps, run_after("Pour tea"), page, **more)
    assert [step.title for step in found] == ["$ here"]


def test_a_text_may_be_in_an_included_file(steps: Steps) -> None:
    page = "Tea\n===\n\n.. include:: part.txt\n"
    part = "Heat it.\n\n.. code-block:: console\n\n   $ heat\n"
    side = run_after("Heat it.") + block('holds = "heat"\ntimeout = 9')
    here, heat = told(steps, side, page, **{"part.txt": part})
    assert here.title == "$ here"
    assert isinstance(heat, Console) and heat.timeout == 9


def test_markdown_pages_have_a_side_file(steps: Steps) -> None:
    page = "# Tea\n\nNow *stop*.\n\n```console\n$ brew\n```\n"
    side = block('holds = "brew"\nstatus = 1') + run_after("Now stop.")
    files = {SIDE_FILE: side.replace("index", "tea"), "index.rst": ":orphan:\n", "tea.md": page}
    conf = 'extensions = ["runthrough", "myst_parser"]\n'
    here, brew = steps(":orphan:\n", files, conf=conf)
    assert here.title == "$ here"
    assert isinstance(brew, Console) and brew.commands[0].status == 1


def test_a_page_is_skipped_but_for_its_entries(steps: Steps) -> None:
    side = '[index]\nskip = "no kettle"\n' + block('holds = "mkdir"\ntimeout = 3')
    found = told(steps, side)
    assert [type(step) for step in found] == [Console, Skip, Skip]
    assert [[note.what for note in step.side_notes] for step in found] == [
        ["timeout: 3"],
        ["skip: no kettle"],
        ["skip: no kettle"],
    ]


def test_pages_of_a_pattern_have_a_head_too(steps: Steps) -> None:
    side = '["*"]\nskip = "all"\ntimeout = 4\n[index]\nskip = "this"\n'
    more = {"more.rst": ":orphan:\n\n" + PAGE}
    found = told(steps, side, **more)
    assert [step.reason for step in found if isinstance(step, Skip)] == ["this"] * 3 + ["all"] * 3


def test_a_page_has_a_time_limit(steps: Steps) -> None:
    page = PAGE + "\n.. code-block:: console\n   :timeout: 9\n\n   $ brew\n"
    found = told(steps, "[index]\ntimeout = 4\n" + block(KETTLE), page)
    assert [step.timeout for step in found if isinstance(step, Console)] == [4, 4, 9]
    assert [note.what for note in found[0].side_notes] == ["timeout: 4"]


def test_texts_that_vary_are_those_of_a_block_and_of_its_page(steps: Steps) -> None:
    side = "[index]\nvarying = ['[0-9]+ ms', 'id [0-9]+']\n"
    side += block("holds = 'mkdir'\nvarying = '[a-z]x'")
    first, _, last = told(steps, side + block(KETTLE))
    assert isinstance(first, Console) and isinstance(last, Console)
    assert last.leniency.varying == ("[0-9]+ ms", "id [0-9]+")
    assert first.leniency.varying == ("[a-z]x", *last.leniency.varying)
    assert [note.what for note in first.side_notes] == [
        "varying: [0-9]+ ms",
        "varying: id [0-9]+",
        "varying: [a-z]x",
    ]


def test_an_edit_in_a_tab_that_is_not_taken_is_not_made(steps: Steps) -> None:
    page = (
        "Tea\n===\n\n.. tab-set::\n\n   .. tab-item:: Kettle\n\n      Heat it.\n\n"
        "   .. tab-item:: Stove\n\n      Light it.\n"
    )
    conf = 'extensions = ["runthrough", "sphinx_design"]\n'
    side = after("text = 'Heat it.'\nrun = 'heat'") + after("text = 'Light it.'\nrun = 'light'")
    found = steps(page, {SIDE_FILE: side}, conf=conf)
    assert [type(step).__name__ for step in found] == ["Console", "OtherTab"]


@pytest.mark.parametrize(
    ("side", "line", "what", "advice"),
    [
        (
            block('holds = "python ketle.py"\nstatus = 1'),
            2,
            "no block of the page 'index' has the text 'python ketle.py'",
            "Did you mean '$ python kettle.py Done', at index.rst:20?",
        ),
        (
            block('holds = "tea"\nstatus = 1').replace("tea", "kettle"),
            2,
            "2 blocks of the page 'index' have the text 'kettle': index.rst:14 and index.rst:20",
            "add 'nth = 1'",
        ),
        (
            block('holds = "Done"\nnth = 2\nstatus = 1'),
            2,
            "1 block of the page 'index' has the text 'Done': index.rst:20. There's no number 2",
            "Fix 'nth'.",
        ),
        (
            run_after("Now pour"),
            2,
            "no place of the page 'index' has the text 'Now pour'",
            "as a reader sees it",
        ),
        (
            run_after("Now"),
            2,
            "2 places of the page 'index' have the text 'Now': index.rst:16 and index.rst:23",
            "Copy more",
        ),
        (
            block('holds = "Boiling"\nstatus = 1'),
            1,
            "the block at index.rst:11: :status: doesn't apply to a 'python' block",
            "Remove the option.",
        ),
        (
            block('holds = "mkdir tea"\nstatus = [0, 1, 2]'),
            1,
            "the block at index.rst:6: :status: 0 1 2 has 3 numbers, but the block has 2 commands",
            "Give one status",
        ),
        (
            block('holds = "mkdir tea"\ntimeout = 3') + block('holds = "cd tea"\nstatus = [0, 1]'),
            4,
            "two entries are about the same block, at index.rst:8: this one and the one at "
            "runthrough.toml:1",
            "into one",
        ),
        (
            after("text = 'Tea'\npath = 'a'\ndiff = 'no diff'"),
            4,
            "",
            "",
        ),
        (after("text = 'Tea'\nrun = 'echo \"a'"), 3, "this command isn't finished", ""),
    ],
)
def test_an_entry_that_fits_nothing_is_an_error(
    steps: Steps, side: str, line: int, what: str, advice: str
) -> None:
    problems = [
        step
        for step in told(steps, side, PAGE.replace("Your kettle", "kettle.py"))
        if isinstance(step, PageProblem)
    ]
    (problem,) = problems
    assert (str(problem.place), problem.place.line) == (f"{SIDE_FILE}:{line}", line)
    assert what in problem.what
    assert advice in problem.advice


@pytest.mark.parametrize(
    ("side", "said"),
    [
        ("[index\n", "runthrough.toml:1: this isn't valid TOML: Expected ']'"),
        ("[tutorial/start]\n", "runthrough.toml:1: this isn't valid TOML"),
        ("[index]\n[index]\n", "A page has one table"),
        (
            "[[index.block]]\nholds = 'a'\nskip = 'b'\n[index]\nblock = [{ holds = 'c' }]\n",
            "entries are either all in tables such as [[index.block]], or all in one list",
        ),
        (
            "[index]\nblock = [{ holds = 'c' }]\n[[index.block]]\nholds = 'a'\nskip = 'b'\n",
            "entries are either all in tables such as [[index.block]], or all in one list",
        ),
        (
            "[idnex]\n",
            "runthrough.toml:1: ['idnex'] isn't a page of this site; did you mean 'index'? Write a "
            "page's name",
        ),
        ('["tea/*"]\n', "runthrough.toml:1: ['tea/*'] doesn't match any page"),
        ("index = 1\n", "runthrough.toml:1: index is 1; expected a table"),
        (
            "[index]\nskp = 'a'\n",
            "runthrough.toml:2: there's no key 'skp' here; did you mean 'skip'?",
        ),
        ("[index]\nskip = 3\n", "runthrough.toml:2: skip is 3; expected a string"),
        ("[index]\ntimeout = 'no'\n", "runthrough.toml:2: timeout can't be 'no'"),
        ("[index]\nbefore = [3]\n", "runthrough.toml:2: before is 3; expected a string"),
        ("[index]\nstarts-with = [3]\n", "runthrough.toml:2: starts-with is [3]; expected a list"),
        ("[index.block]\nholds = 'a'\n", "runthrough.toml:1: 'block' is a list of entries"),
        ("[['*'.block]]\nholds = 'a'\nskip = 'b'\n", "'block' is about text on one page"),
        (block("skip = 'a'"), "runthrough.toml:1: this entry needs 'holds'"),
        (block("holds = 'a'"), "runthrough.toml:1: this entry says nothing about its block"),
        (
            block("holds = 'a'\nstatsu = 1"),
            "runthrough.toml:3: there's no key 'statsu' here; did you",
        ),
        (block("holds = 'a'\nvarying = '('"), "runthrough.toml:3: varying can't be '('"),
        (block("holds = 'a'\nvarying = 'a*'"), "'a*' matches an empty string"),
        (block("holds = 'a'\nstatus = -1"), "runthrough.toml:3: status can't be -1"),
        (block("holds = 'a'\nskip = true"), "runthrough.toml:3: skip can't be True"),
        (block("holds = 'a'\ncreate = 'a'"), "runthrough.toml:3: create can't be 'a'"),
        (block("holds = 'a'\ncreate = false"), "create is False; expected true, or leave it out"),
        (block("holds = 'a'\nnth = 0"), "runthrough.toml:3: nth is 0; expected a number from 1 up"),
        (after("text = 'a'"), "runthrough.toml:1: this entry needs exactly one of"),
        (after("text = 'a'\nrun = 'b'\ndiff = 'c'"), "it has diff and run"),
        (after("text = 'a'\ncreate = 'b'"), "runthrough.toml:1: 'create' needs the 'path'"),
        (after("text = 'a'\nrun = 'b'\npath = 'c'"), "runthrough.toml:1: 'run' isn't about a file"),
        (after("text = 'a'\nrun = ''"), "runthrough.toml:3: run is ''; expected a string"),
        (
            after("text = 'a'\nrun = 'b'\nshows = 'c'"),
            "runthrough.toml:4: 'shows' goes with get and interrupt, not with 'run'",
        ),
        (after("text = 'a'\nskip = 'b'"), "runthrough.toml:3: there's no key 'skip' here"),
    ],
)
def test_what_no_page_can_mean_is_said_of_the_site(steps: Steps, side: str, said: str) -> None:
    with pytest.raises(SideFileError) as caught:
        told(steps, side)
    assert said in str(caught.value)


def test_an_option_is_either_here_or_on_the_page(steps: Steps) -> None:
    page = ".. code-block:: console\n   :status: 2\n\n   $ brew\n"
    (problem,) = told(steps, block('holds = "brew"\nstatus = 3'), page)
    assert isinstance(problem, PageProblem)
    assert str(problem.place) == f"{SIDE_FILE}:3"
    assert "already has :status: on the page" in problem.what


MORE = """\
More
====

.. code-block:: console

   $ brew
"""


def continued(steps: Steps, folder: Path, side: str, more: str = MORE) -> dict[str, Page]:
    """Read a site of two pages, and return them by name."""
    steps(PAGE + "\n.. toctree::\n\n   more\n", {SIDE_FILE: side, "more.rst": more})
    site = read_site(folder, folder / ".doctrees")
    return {page.docname: page for page in site.pages}


@pytest.mark.parametrize("name", ["more", "'m*'", "'*'"])
def test_a_page_continues_from_another(steps: Steps, tmp_path: Path, name: str) -> None:
    pages = continued(steps, tmp_path, f"[{name}]\ncontinues = 'index'\n")
    assert (pages["more"].continues, pages["index"].continues) == ("index", None)
    assert [note.what for note in pages["more"].steps[0].side_notes] == ["continues: index"]
    assert not any(step.side_notes for step in pages["index"].steps)
    (end,) = [step for step in pages["index"].steps if isinstance(step, EndCheck)]
    assert end.continued


def test_the_head_of_a_page_comes_before_a_pattern(steps: Steps, tmp_path: Path) -> None:
    more = ":continues:\n\n" + MORE
    pages = continued(steps, tmp_path, "['m*']\ncontinues = 'index'\n", more)
    assert pages["more"].continues is None
    assert not any(step.side_notes for step in pages["more"].steps)


def test_the_head_of_a_page_contradicts_its_own_table(steps: Steps, tmp_path: Path) -> None:
    more = ":continues: index\n\n" + MORE
    pages = continued(steps, tmp_path, "[more]\ncontinues = 'index'\n", more)
    problem = pages["more"].steps[0]
    assert isinstance(problem, PageProblem)
    assert str(problem.place) == f"{SIDE_FILE}:2"
    assert "the head of the page 'more' already says ':continues:'" in problem.what


@pytest.mark.parametrize("name", ["inedx", "more"])
def test_a_page_to_continue_from_must_be_there(steps: Steps, tmp_path: Path, name: str) -> None:
    with pytest.raises(SideFileError, match=f"2: 'more' continues from '{name}', but there's no"):
        continued(steps, tmp_path, f"[more]\ncontinues = '{name}'\n")


def test_a_page_starts_with_files_beside_the_side_file(steps: Steps, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    pages = continued(steps, tmp_path, "[more]\nstarts-with = ['shop', 'conf.py']\n")
    assert pages["more"].starts_with == (tmp_path / "shop", tmp_path / "conf.py")
    assert [note.what for note in pages["more"].steps[0].side_notes] == [
        "starts-with: shop",
        "starts-with: conf.py",
    ]


def test_what_a_page_starts_with_must_be_there(steps: Steps) -> None:
    problem, *_ = told(steps, "[index]\nstarts-with = 'shop'\n")
    assert isinstance(problem, PageProblem)
    assert (str(problem.place), problem.at_start) == (f"{SIDE_FILE}:2", True)
    assert "the page starts with 'shop', but there's no such file or folder" in problem.what


def test_a_paragraph_may_be_named_with_both_its_colons(steps: Steps) -> None:
    page = "Brew it::\n\n   tea\n"
    side = after('text = "Brew it::"\nrun = "brew"')
    conf = "runthrough_unclassified = 'count'\n"
    found = steps(page, {SIDE_FILE: side}, conf=conf)
    assert [one.text for step in found if isinstance(step, Console) for one in step.commands] == [
        "brew"
    ]
