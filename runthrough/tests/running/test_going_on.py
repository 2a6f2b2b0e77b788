"""What becomes of a page after a failure, and of pages in another dialect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from shlex import quote

import pytest

from runthrough.model.results import Result
from runthrough.reading.site import read_site
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner

pytestmark = pytest.mark.slow

Run = Callable[..., list[Result]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Write a page, run it, and return what became of its steps, but for the page's end."""
    monkeypatch.chdir(tmp_path)

    def run(page: str, conf: str = "", **others: str) -> list[Result]:
        Path("conf.py").write_text(f'extensions = ["runthrough"]\n{conf}\n')
        for name, text in {"index": page, **others}.items():
            Path(f"{name}.rst").write_text(text)
        site = read_site(tmp_path, tmp_path / ".doctrees")
        with Runner(site, Options()) as runner:
            ran = [result for one in site.pages for result in runner.run(one)]
        return [result for result in ran if type(result.step).__name__ != "EndCheck"]

    return run


def console(*lines: str) -> str:
    return ".. code-block:: console\n\n" + "".join(f"   {line}\n" for line in lines) + "\n"


def listing(path: str, *lines: str, option: str = "", language: str = "text") -> str:
    head = f".. code-block:: {language}\n   :caption: {path}\n{option}\n"
    return head + "".join(f"   {line}\n" for line in lines) + "\n"


def verdicts(results: Sequence[Result]) -> list[str]:
    return [result.verdict for result in results]


def places(results: Sequence[Result]) -> list[int | None]:
    return [failure.place.line for result in results for failure in result.failures]


def test_a_wrong_output_does_not_block_the_page(run: Run) -> None:
    results = run(console("$ echo a", "b") + console("$ echo c", "c"))
    assert verdicts(results) == ["failed", "passed"]


def test_a_script_has_no_prompt_that_could_name_an_environment(run: Run) -> None:
    conf = "runthrough_dialects = {'*': 'common'}"
    script = ".. code-block:: bash\n\n   python3 -m venv --without-pip tea\n   . tea/bin/activate\n"
    page = f"{script}   echo a\n\n" + console("(tea) $ echo b", "b")
    assert verdicts(run(page, conf)) == ["passed", "passed"]


def test_an_error_that_lists_what_there_is_is_not_about_all_of_it(run: Run) -> None:
    choices = "invalid choice: 'scan' (choose from 'install', 'lock', 'run', 'shell')"
    page = console("$ test run = x") + console(f'$ echo "{choices}"; false')
    _, second = run(page)
    assert second.failure is not None
    assert second.failure.follows is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("test name = x", """echo '{"name": "green"}'"""),
        ("test name = x", """echo 'CREATE TABLE tea ("name" TEXT)'; false"""),
        ("ls cup.csv 'from cup'", "ls cup.txt"),
    ],
)
def test_what_an_output_merely_mentions_is_no_cause(run: Run, first: str, second: str) -> None:
    _, result = run(console(f"$ {first}") + console(f"$ {second}", "other"))
    assert result.failure is not None
    assert result.failure.follows is None


@pytest.mark.parametrize(
    "error",
    [
        'ERROR:  relation "tea_leaves" does not exist',
        "KeyError: 'tea_leaves'",
        "ModuleNotFoundError: No module named 'tea_leaves.green'",
        "Error: no table `tea_leaves` found",
    ],
)
def test_what_an_error_is_about_may_be(run: Run, error: str) -> None:
    first, second = run(console("$ test tea_leaves = x") + console(f"$ echo {quote(error)}; false"))
    assert first.failure and second.failure
    assert second.failure.follows == first.failure.place


def test_nor_does_a_wrong_status(run: Run) -> None:
    assert verdicts(run(console("$ false") + console("$ true"))) == ["failed", "passed"]


def test_every_command_of_a_block_is_tried(run: Run) -> None:
    results = run(console("$ echo a", "b", "$ true", "$ false", "$ echo d", "d", "$ echo e", "f"))
    assert verdicts(results) == ["failed"]
    assert places(results) == [4, 6, 10]


def test_a_site_may_stop_at_the_first(run: Run) -> None:
    page = console("$ echo a", "b", "$ false") + console("$ true")
    results = run(page, 'runthrough_after_failure = "stop"')
    assert verdicts(results) == ["failed", "blocked"]
    assert places(results) == [4]


@pytest.mark.parametrize("command", ["exit 3", "cat", "sleep 5"])
def test_what_cannot_be_tried_any_more_is_blocked(run: Run, command: str) -> None:
    page = console(f"$ {command}", "$ true") + console("$ true")
    results = run(page, "runthrough_timeout = 0.5")
    assert verdicts(results) == ["failed", "blocked"]


def test_a_step_about_a_file_that_was_not_made_is_blocked(run: Run) -> None:
    wrong = listing("none/tea.txt", "green", option="   :create:\n")
    results = run(wrong + listing("none/tea.txt", "green") + console("$ true"))
    assert verdicts(results) == ["failed", "blocked", "passed"]


def test_a_failure_that_follows_from_an_earlier_one_says_so(run: Run) -> None:
    page = console("$ cp none.txt tea.txt") + console("$ cat tea.txt") + console("$ cat milk.txt")
    first, second, third = run(page)
    assert first.failure and second.failure and third.failure
    assert first.failure.follows is None
    assert second.failure.follows == first.failure.place
    assert third.failure.follows is None


def test_a_wrong_output_still_introduces_its_values(run: Run) -> None:
    conf = 'runthrough_captures = {"order": r"T-[0-9]{4}"}'
    page = console("$ echo order T-$((1200 + 34)) made", "order T-9999 is made") + console(
        "$ echo order T-$((1200 + 34)) sent", "order T-9999 sent"
    )
    assert verdicts(run(page, conf)) == ["failed", "passed"]


def test_a_page_goes_on_from_one_that_failed(run: Run) -> None:
    page = console("$ echo a > tea.txt", "$ echo b", "c") + ".. toctree::\n\n   second\n"
    second = ":continues: index\n\n" + console("$ cat tea.txt", "a")
    assert verdicts(run(page, second=second)) == ["failed", "passed"]


def test_markup_that_cannot_be_read_blocks_nothing(run: Run) -> None:
    page = console("$ true") + "An :unknown:`role`.\n\n" + console("$ echo a", "a")
    assert verdicts(run(page)) == ["passed", "failed", "passed"]


COMMON = "runthrough_dialects = {'*': 'common'}"


@pytest.mark.parametrize("command", ['eval "$(no-such-pot)"', "no-such-pot; true"])
def test_a_missing_program_is_a_failure_whatever_the_status(run: Run, command: str) -> None:
    (result,) = run(f".. code-block:: bash\n\n   {command}\n\n", COMMON)
    assert result.failure is not None
    assert result.failure.what == (
        "bash hasn't found 'no-such-pot', although the command ended with status 0"
    )
    assert "skip it with ':skip: reason'. No folder on the page's PATH" in result.failure.advice


@pytest.mark.parametrize(
    "page",
    [
        ".. code-block:: bash\n\n   no-such-pot || echo none\n\n",
        console("$ no-such-pot; true", "bash: no-such-pot: command not found"),
        ".. code-block:: bash\n\n   echo 'bash: no-such-pot not found'\n\n",
        ".. code-block:: bash\n   :status: 127\n\n   no-such-pot\n\n",
    ],
)
def test_a_page_may_expect_that_it_is_missing(run: Run, page: str) -> None:
    assert verdicts(run(page, COMMON)) == ["passed"]


CHANGING = "runthrough_dialects = {'*': {'like': 'common', 'listings': '%s'}}"


def test_a_common_page_needs_no_markup_of_ours(run: Run) -> None:
    page = listing("shop/tea.py", "print('tea', 1 + 1)", language="python") + (
        ".. code-block:: bash\n\n   # look\n   python3 shop/tea.py\n   ls shop\n\n"
        + console("$ python3 shop/tea.py", "tea ...", "$ ls none", "ls: cannot access ...")
    )
    assert verdicts(run(page, COMMON)) == ["passed", "passed", "passed"]


@pytest.mark.parametrize(
    "wrong",
    [
        console("$ python3 -c 'print(1)'", "2"),
        console("$ ls none"),
        console("$ ls none", "other"),
        ".. code-block:: bash\n\n   false\n\n",
        ".. code-block:: bash\n\n   ls | false | cat\n\n",
        console("$ printf 'a\\nerror: b\\nc\\n'", "a", "...", "c"),
        console("$ echo took error: x", "took ..."),
    ],
)
def test_a_common_page_that_is_wrong_is_red(run: Run, wrong: str) -> None:
    assert verdicts(run(wrong, COMMON)) == ["failed"]


def test_a_listing_makes_its_file_once(run: Run) -> None:
    page = listing("tea.txt", "green") + console("$ cat tea.txt", "green")
    results = run(page + listing("tea.txt", "black"), COMMON)
    assert verdicts(results) == ["passed", "passed", "failed"]


@pytest.mark.parametrize(
    ("otherwise", "left"), [("replace", ["black"]), ("append", ["green", "black"])]
)
def test_the_same_caption_again_changes_the_file(run: Run, otherwise: str, left: list[str]) -> None:
    page = listing("tea.txt", "green") + listing("tea.txt", "black") + listing("tea.txt", "black")
    results = run(page + console("$ cat tea.txt", *left), CHANGING % otherwise)
    assert verdicts(results) == ["passed"] * 4


def test_each_command_of_a_block_has_its_status(run: Run) -> None:
    page = ".. code-block:: console\n   :status: 0 1\n\n   $ true\n   $ false\n"
    assert verdicts(run(page)) == ["passed"]
    assert verdicts(run(page.replace("0 1", "1 0"))) == ["failed"]


def test_lines_in_any_order(run: Run) -> None:
    page = ".. code-block:: console\n   :unordered:\n\n   $ printf 'a\\nb\\n'\n   b\n   a\n"
    assert verdicts(run(page)) == ["passed"]
    assert verdicts(run(page.replace("   b\n", "   c\n"))) == ["failed"]


PYTHON = "runthrough_dialects = {'*': {'sessions': ['console', 'pycon']}}"


def python(*lines: str) -> str:
    return ".. code-block:: pycon\n\n" + "".join(f"   {line}\n" for line in lines) + "\n"


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (python(">>> 1 + 1", "3"), "the output is not what the page shows"),
        (python(">>> 1 + 1"), "printed something, but the page shows no output"),
        (python(">>> 1 / 0"), "raises an error, but the page shows none"),
        (python(">>> x = 1", "1"), "printed less than the page shows"),
        (python(">>> 1 / 0", "Traceback (most recent call last):", "  ...", "KeyError: 0"), "not"),
        (python(">>> print('a')", "Traceback (most recent call last):", "  ...", "X: 0"), "not"),
        (python(">>> for x in [1]:", "...     print(x"), "this statement isn't complete"),
        (python(">>> input()", "''"), "waits for input"),
        (python(">>> import os; os._exit(3)"), "ended Python (status 3)"),
        (python("tea", ">>> 1", "1"), "comes before any prompt"),
        (console("$ python9 -q", ">>> 1", "1"), "Python"),
    ],
)
def test_a_statement_that_is_wrong_is_red(run: Run, wrong: str, what: str) -> None:
    results = run(wrong.replace("python9", "python3.99") + console("$ true"), PYTHON)
    assert verdicts(results) == ["failed", "passed"]
    assert results[0].failure is not None
    assert what in results[0].failure.what


def test_a_statement_that_does_not_end_is_red(run: Run) -> None:
    endless = python(">>> while True: pass").replace("pycon\n", "pycon\n   :timeout: 0.5\n")
    results = run(python(">>> x = 1") + endless + console("$ true"), PYTHON)
    assert verdicts(results) == ["passed", "failed", "passed"]
    assert results[1].failure is not None
    assert "hasn't ended after 0.5 s" in results[1].failure.what


def test_statements_have_the_environment_and_the_folder_of_the_shell(run: Run) -> None:
    page = console("$ mkdir tea && cd tea && export KIND=green") + python(
        ">>> import os", ">>> os.path.basename(os.getcwd()), os.environ['KIND']", "('tea', 'green')"
    )
    assert verdicts(run(page, PYTHON)) == ["passed", "passed"]


def test_without_the_dialect_python_is_not_typed_to(run: Run) -> None:
    assert verdicts(run(python(">>> 1", "1"), "runthrough_unclassified = 'count'")) == ["unchecked"]


def test_a_common_page_may_show_no_output_of_a_statement(run: Run) -> None:
    conf = "runthrough_dialects = {'*': {'like': 'common', 'sessions': ['pycon']}}"
    page = python(">>> 1 + 1", ">>> print('a long tail')", "a ...", ">>> 1 / 0")
    (result,) = run(page, conf)
    assert places([result]) == [6]


VALUES = """
runthrough_directory = "/home/ada/tea"
runthrough_values = {"/path/to/tea": "/home/ada/tea", "YOUR_NAME": "Ada"}
"""


def test_a_reader_s_own_values_are_put_in_their_place(run: Run) -> None:
    made = listing("shop.cfg", "[YOUR_NAME]", "folder = /path/to/tea/shop", option="   :create:\n")
    page = made + console(
        *("$ mkdir /path/to/tea/shop", "$ cat shop.cfg", "[YOUR_NAME]"),
        *("folder = /path/to/tea/shop", "$ pwd", "/path/to/tea", "$ ls -d ~+/shop"),
        "/path/to/tea/shop",
    )
    assert verdicts(run(page, VALUES)) == ["passed", "passed"]
    assert verdicts(run(page)) == ["passed", "failed"]


TEA = "class Tea:\n    kind = 'green'\n\n    def pour(self):\n        return self.kind\n"
INCLUDED = ".. literalinclude:: tea.txt\n   :caption: tea.py\n"


@pytest.mark.parametrize("otherwise", ["create", "replace", "append"])
@pytest.mark.parametrize(
    "part",
    [
        listing("tea.py", "def pour(self):", "    return self.kind"),
        listing("tea.py", "class Tea:", "    # ...", "    def pour(self):"),
        f"{INCLUDED}   :lines: 1,4\n\n",
        f"{INCLUDED}   :lines: 4-\n   :dedent:\n\n",
        f"{INCLUDED}   :pyobject: Tea.pour\n\n",
        INCLUDED + "\n",
    ],
)
def test_a_part_of_the_file_as_it_is_changes_nothing(
    run: Run, tmp_path: Path, otherwise: str, part: str
) -> None:
    (tmp_path / "tea.txt").write_text(TEA)
    whole = listing("tea.py", *TEA.splitlines())
    results = run(whole + part + console("$ wc -l tea.py", "5 tea.py"), CHANGING % otherwise)
    assert verdicts(results) == ["passed"] * 3


@pytest.mark.parametrize("otherwise", ["create", "replace", "append"])
def test_a_part_with_gaps_never_replaces_the_file(run: Run, tmp_path: Path, otherwise: str) -> None:
    (tmp_path / "tea.txt").write_text(TEA)
    page = listing("tea.py", "class Tea:") + f"{INCLUDED}   :lines: 1,4\n\n"
    results = run(page + console("$ wc -l tea.py", "1 tea.py"), CHANGING % otherwise)
    assert verdicts(results) == ["passed", "failed", "passed"]


LEAVING = """\
.. code-block:: console
   :leave-out: sudo: it needs root
               $EDITOR tea.txt: nobody looks

   $ echo green > tea.txt
   $ sudo rm tea.txt
   $ $EDITOR tea.txt
   black
   $ cat tea.txt
   green
"""


def test_a_command_of_a_block_may_be_left_out(run: Run) -> None:
    (result,) = run(LEAVING)
    assert result.verdict == "passed"
    assert result.step.counts == {"commands": 2, "untyped commands": 2}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("sudo: it", "rmdir: it", ":leave-out: lists 'rmdir', but no command of the block has"),
        ("sudo: it needs root", "a: b", ":leave-out: leaves out every command of the block"),
        ("sudo: it needs root", "sudo", "some text of a command, a colon and a reason"),
    ],
)
def test_what_is_left_out_has_to_be_there(run: Run, old: str, new: str, what: str) -> None:
    page = LEAVING.replace(old, new)
    if new == "a: b":
        page = page.replace("green", "tea").replace("sudo", "alias")
        page = page.replace("$EDITOR tea.txt: nobody", "t: nobody")
    failures = [failure for result in run(page) for failure in result.failures]
    assert any(what in failure.what for failure in failures), failures


def test_nothing_follows_from_a_command_that_did_its_work(run: Run) -> None:
    page = console("$ echo a | tee tea.txt", "b") + console("$ rm tea.txt; cat tea.txt", "c")
    first, second = run(page)
    assert first.failure and second.failure
    assert second.failure.follows is None
