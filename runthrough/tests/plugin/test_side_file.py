"""What a person sees of the side file: its steps are run, counted, listed and updated."""

from __future__ import annotations

from pathlib import Path

import pytest

from runthrough.model.site import Site
from runthrough.model.steps import SIDE_FILE

PAGE = """\
Kettle
======

.. code-block:: python
   :caption: Your kettle

   print("Boiling")

Say "Done" instead.

.. code-block:: console

   $ python3 kettle.py
   Done

Look for a cup:

.. code-block:: console

   $ ls cup

.. code-block:: console

   $ brew
"""
SIDE = """\
[index]
before = "touch tea"

[[index.block]]
holds = "Boiling"
caption = "kettle.py"
create = true

[[index.after]]
text = 'Say "Done" instead.'
path = "kettle.py"
diff = '''
-print("Boiling")
+print("Done")
'''

[[index.after]]
text = "$ python3 kettle.py"
session = '''
$ ls
kettle.py  tea
'''

[[index.block]]
holds = "ls cup"
status = 2

[[index.block]]
holds = "$ brew"
skip = "it needs a kettle"
"""


@pytest.fixture
def docs(pytester: pytest.Pytester, samples: Site) -> Path:
    """A page that wasn't written for a run, and what it can't say beside it."""
    docs = pytester.mkdir("docs")
    common = {"listings": "show", "unshown": "ignore"}
    (docs / "conf.py").write_text(f"runthrough_dialects = {{'*': {common!r}}}\n")
    (docs / "index.rst").write_text(PAGE)
    (docs / SIDE_FILE).write_text(SIDE)
    return docs


def change(docs: Path, old: str, new: str) -> None:
    file = docs / SIDE_FILE
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def run(pytester: pytest.Pytester, *more: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess("--runthrough", "docs", *more)


def test_a_page_is_run_with_what_it_cannot_say(pytester: pytest.Pytester, docs: Path) -> None:
    result = run(pytester)
    result.assert_outcomes(passed=7, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "ran 1 page: 7 steps, 4 commands, 1 file, 1 edit in * second*; 1 block skipped; "
            f"6 steps from {SIDE_FILE}"
        ]
    )


def test_without_the_side_file_it_fails(pytester: pytest.Pytester, docs: Path) -> None:
    (docs / SIDE_FILE).unlink()
    result = run(pytester)
    assert result.parseoutcomes()["failed"] >= 3
    assert SIDE_FILE not in result.stdout.str()


def test_all_that_it_says_is_listed_where_asked_for(pytester: pytest.Pytester, docs: Path) -> None:
    found = [line for line in run(pytester, "-v").outlines if line.startswith("from ")]
    assert found == [
        f"from docs/{SIDE_FILE}:{line}, on docs/index.rst: {what}"
        for line, what in [
            (2, "$ touch tea"),
            (6, "caption: kettle.py"),
            (7, "create"),
            (12, "Change kettle.py"),
            (19, "$ ls"),
            (26, "status: 2"),
            (30, "skip: it needs a kettle"),
        ]
    ]
    run(pytester, "-v").stdout.fnmatch_lines(["skipped docs/index.rst:24: it needs a kettle"])


def test_a_wrong_edit_is_reported_in_the_side_file(pytester: pytest.Pytester, docs: Path) -> None:
    change(docs, "-print", "-brint")
    result = run(pytester)
    result.stdout.fnmatch_lines([f"docs/{SIDE_FILE}:13: the lines to change aren't in kettle.py *"])


def test_an_entry_without_its_text_is_red_on_its_page(
    pytester: pytest.Pytester, docs: Path
) -> None:
    change(docs, "ls cup", "ls cups")
    result = run(pytester)
    result.stdout.fnmatch_lines(
        [f"docs/{SIDE_FILE}:25: no block of the page 'index' has the text 'ls cups'"]
    )
    assert result.ret == 1


def test_what_is_no_side_file_is_said_once(pytester: pytest.Pytester, docs: Path) -> None:
    change(docs, "holds", "hold")
    result = run(pytester)
    result.stdout.fnmatch_lines(
        [f"docs/{SIDE_FILE}:5: there's no key 'hold' here; did you mean 'holds'?"]
    )
    assert result.ret == 2


def test_an_update_rewrites_outputs_in_the_side_file(pytester: pytest.Pytester, docs: Path) -> None:
    change(docs, "kettle.py  tea\n", "kettle.py\n")
    result = run(pytester, "--runthrough-update", "--runthrough-update-anyway")
    assert result.ret == 0
    assert (docs / SIDE_FILE).read_text() == SIDE
    result.stdout.fnmatch_lines([f"rewritten docs/{SIDE_FILE}:21", "    -kettle.py"])


def test_an_update_refuses_what_is_written_with_escapes(
    pytester: pytest.Pytester, docs: Path
) -> None:
    change(docs, "'''\n$ ls\nkettle.py  tea\n'''", '"$ ls\\nkettle.py"')
    before = (docs / SIDE_FILE).read_text()
    result = run(pytester, "--runthrough-update", "--runthrough-update-anyway")
    assert result.ret == 1
    assert (docs / SIDE_FILE).read_text() == before
    result.stdout.fnmatch_lines(["What to do: It was not rewritten: *"])


def test_a_changed_side_file_is_read_again(pytester: pytest.Pytester, docs: Path) -> None:
    run(pytester).assert_outcomes(passed=7, skipped=1)
    change(docs, "status = 2", "status = 3")
    assert run(pytester).ret == 1


def test_a_changed_side_file_is_not_reused(pytester: pytest.Pytester, docs: Path) -> None:
    run(pytester, "--runthrough-reuse")
    run(pytester, "--runthrough-reuse").stdout.fnmatch_lines(["*8 steps reused*"])
    change(docs, "status = 2", "status = 3")
    assert run(pytester, "--runthrough-reuse").ret == 1


def test_a_report_says_it_of_each_row(pytester: pytest.Pytester, docs: Path) -> None:
    run(pytester, "--runthrough-report", "report.html")
    rows = (docs.parent / "report.html").read_text().split("<tr>")
    (status,) = [row for row in rows if "ls cup" in row]
    assert f">passed, with {SIDE_FILE}:26: status: 2<" in status
    (plain,) = [row for row in rows if "python3 kettle.py" in row]
    assert SIDE_FILE not in plain


def test_a_report_says_what_to_write_there(pytester: pytest.Pytester, docs: Path) -> None:
    change(docs, 'holds = "ls cup"\nstatus = 2', 'holds = "ls cup"\ntimeout = 9')
    result = run(pytester, "--runthrough-report", "report.html")
    result.stdout.fnmatch_lines(
        [
            "What to do: *':status: 2'.",
            "To leave the page unchanged, write what applies in runthrough.toml:",
            "    [[][[]index.block]]",
            '    holds = "ls cup"',
            "    status = 2",
        ]
    )
    report = (docs.parent / "report.html").read_text()
    assert "<pre>[[index.block]]\nholds = &#34;ls cup&#34;\nstatus = 2\n# or" in report


def test_what_a_report_says_to_write_finds_its_block(pytester: pytest.Pytester, docs: Path) -> None:
    cups = "".join(f".. code-block:: console\n\n   $ ls cup {one}\n\n" for one in ("", "b", "c"))
    (docs / "index.rst").write_text(f"Cups\n====\n\n{cups}")
    (docs / SIDE_FILE).write_text("")
    said = run(pytester).stdout.str()
    entries = [part.split("\n\n")[1] for part in said.split("To leave the page unchanged")[1:]]
    assert ["nth" in entry for entry in entries] == [True, False, False]
    (docs / "index.rst").write_text(f"Cups\n====\n\n{cups}{cups}")
    said = run(pytester).stdout.str()
    entries = [part.split("\n\n")[1] for part in said.split("To leave the page unchanged")[1:]]
    assert len(entries) == 6
    (docs / SIDE_FILE).write_text("\n".join(entries))
    run(pytester).assert_outcomes(passed=7)


def test_a_page_is_told_once_what_several_of_its_blocks_need(
    pytester: pytest.Pytester, docs: Path
) -> None:
    page = docs / "index.rst"
    page.write_text(f"{PAGE}\nAnd for a pot:\n\n.. code-block:: console\n\n   $ ls pot\n")
    change(docs, "\nstatus = 2", "\ntimeout = 9")
    result = run(pytester)
    assert result.stdout.str().count("If a reader is meant to see it fail") == 1
    result.stdout.fnmatch_lines(
        [
            "What to do: The same as for docs/index.rst:20.",
            "",
            "*:",
            "",
            "*",
            '    holds = "ls pot"',
        ]
    )
