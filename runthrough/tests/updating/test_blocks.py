"""One page with each kind of block that an update rewrites, and one with what it leaves alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.updating.sites import Updated, update_site, write_site

pytestmark = pytest.mark.slow

HEAD = """\
Page
====

.. code-block:: console

   $ printf 'one\\ntwo\\nthree\\n\\tfour\\nfive\\nsix\\n' > numbers
   $ fresh() { head -c 6 /dev/urandom | od -An -tx1 | tr -d ' \\n'; }
   $ fresh > a; fresh > b; fresh > c; fresh > d

"""

MARKED = re.compile(r"<([^|<>]*)\|([^|<>]*)>")
RIGHT = {
    "a changed line": "$ seq 3\n1\n<4|2>\n3",
    "a missing line": "$ seq 3\n1\n<|2\n>3",
    "a missing last line": "$ seq 3\n1\n2<|\n3>",
    "a line too many": "$ seq 3\n1\n<and\n|>2\n3",
    "another order": "$ seq 2\n<2\n|>1<|\n2>",
    "nothing shown": "$ seq 2<|\n1\n2>",
    "nothing printed": "$ true<\nnothing|>",
    "blank lines": "$ printf 'a\\n\\nb\\n'\na<|\n>\nb",
    "below another line of a command": "$ seq \\\n    2<|\n1\n2>",
    "below a here-document": "$ cat << END\n> one\n> END\n<two|one>",
    "another prompt": "$ VIRTUAL_ENV=.venv\n(.venv) $ seq 2<|\n1\n2>\n(.venv) $ unset VIRTUAL_ENV",
    "between commands": "$ echo a\n<b|a>\n\n$ echo c\nc",
    "dots that still hold": "$ seq 9\n1\n...\n<five 5|5>\n...\n<10|9>",
    "dots at both ends": "$ seq 9\n...\n5\n<seven|6>\n7\n...",
    "the last line after dots": "$ seq 9\n1\n...\n<nine|9>",
    "a pattern": "$ date +'today is %F'\n<now|today> is 1999-12-31",
    "a pattern of a line that stays": "$ date +'%F%nb'\n1999-12-31\n<a|b>",
    "a known path": "$ echo in $PWD\n<at|in> /home/reader/dev",
    "a value in a line that stays": "$ cat a; echo; echo b\n1975ea83b712\n<c|b>",
    "the same value afterwards": "$ echo is $(cat a)\n<was ae1027a6acfa|is 1975ea83b712>",
    "a value in a line that changes": "$ echo b is $(cat b)\nb <was|is> ae1027a6acfa",
    "that value in a command": "$ test $(cat b) = ae1027a6acfa && echo same\n<other|same>",
    "a value of two": "$ echo $(cat c) $(cat b)!\n33b7f1e6c2d4 ae1027a6acfa<|!>",
    "a tab in a line that stays": "$ printf 'a\\tb\\nc\\n'\na\tb\n<d|c>",
    "wide characters": "$ echo größe 日本語\n<groesse|größe> 日本語",
}
"""`<before|after>` in the text of a console block."""

LISTINGS = {
    "a changed line of a listing": "one\n<too|two>\nthree",
    "its first line": "<One|one>\ntwo\nthree",
    "a missing line of a listing": "one\n<|two\n>three",
    "a line too many of a listing": "two\n<2.5\n|>three",
    "a tab in a listing": "three\n\t<fore|four>\nfive",
    "the lines after those left out": "one\n# ...\n\tfour\n<cinq|five>\nsix",
}

CREATING = """\
.. code-block:: text
   :caption: made
   :create:

   made on the page
"""


def before(text: str) -> str:
    return MARKED.sub(r"\1", text)


def after(text: str) -> str:
    return "\n".join(line.rstrip() for line in MARKED.sub(r"\2", text).split("\n"))


def indent(text: str, margin: str) -> str:
    return "\n".join((margin + line).rstrip() for line in text.split("\n"))


def console(text: str) -> str:
    return ".. code-block:: console\n\n" + indent(text, "   ")


def listing(text: str) -> str:
    return ".. code-block:: text\n   :caption: numbers\n\n" + indent(text, "   ")


NESTED = {
    "a note": ".. note::\n\n" + indent(console("$ echo a\n<b|a>"), "   "),
    "a list": "- item\n\n  1. item\n\n" + indent(console("$ seq 3\n1\n<|2\n>3"), "     "),
    "a quote": indent(console("$ echo a<|\na>"), "    "),
    "a table": ".. list-table::\n\n   * - " + indent(console("$ echo a<|\na>"), "       ").strip(),
    "a dropdown": ".. dropdown:: Title\n\n" + indent(console("$ echo a\n<b|a>"), "   "),
    "a tab": ".. tab-set::\n\n   .. tab-item:: Title\n\n"
    + indent(console("$ echo a\n<b|a>"), "      "),
    "tabs as indentation": ".. code-block:: console\n\n\t$ seq 2\n\t1<|\n\t2>",
    "without a directive": "Text::\n\n   $ seq 2\n   1\n   <3|2>",
    "an output of its own": console("$ echo '$ 5'; echo a")
    + "\n\n.. code-block:: text\n   :output:\n\n   $ 5\n   <b|a>",
    "a first line of an output of its own": console("$ echo '$ 5'; echo a")
    + "\n\n.. code-block:: text\n   :output:\n\n   <|$ 5\n   >a",
    "a status": ".. code-block:: console\n   :status: 1\n\n"
    + indent("$ echo FAILED: b; false\nFAILED: <a|b>", "   "),
    "a created file": CREATING.rstrip(),
}

CASES = {
    **{name: console(text) for name, text in RIGHT.items()},
    **{name: listing(text) for name, text in LISTINGS.items()},
    **NESTED,
}


def page(cases: dict[str, str]) -> str:
    """Put all cases on one page, each below its name."""
    return HEAD + "\n\n".join(f"Here: {name}\n\n{text}" for name, text in cases.items()) + "\n"


def parts(text: str) -> dict[str, str]:
    """Take a page apart again."""
    found = re.split(r"^Here: (.*)\n\n", text, flags=re.M)
    return {name: part.rstrip("\n") for name, part in zip(found[1::2], found[2::2], strict=True)}


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Updated:
    """The page with all that an update rewrites, rewritten."""
    folder = tmp_path_factory.mktemp("right")
    wrong = {name: before(text) for name, text in CASES.items()}
    return update_site(write_site(folder, {"index.rst": page(wrong)}), folder / "cache")


@pytest.mark.parametrize("name", CASES)
def test_it_is_written_as_the_run_has_shown_it(updated: Updated, name: str) -> None:
    assert parts(updated.text())[name] == after(CASES[name])


def test_all_of_it_counts_as_passed(updated: Updated) -> None:
    assert updated.failures == []
    assert updated.reasons == []
    assert updated.written == sum(len(MARKED.findall(text)) for text in CASES.values())


def test_a_second_run_changes_nothing(updated: Updated, tmp_path: Path) -> None:
    text = updated.text()
    again = update_site(updated.docs, tmp_path)
    assert again.failures == []
    assert again.written == 0
    assert updated.text() == text


REFUSED = {
    "a prompt": (console("$ echo '$ 5'\n5"), "it would be read as a command"),
    "a prompt alone": (console("$ echo '$'\n5"), "would be read as a command"),
    "dots": (console("$ echo ...\n5"), "would be read as lines left out"),
    "dots in an output of its own": (
        console("$ echo ...") + "\n\n.. code-block:: text\n   :output:\n\n   5",
        "would be read as lines left out",
    ),
    "an error": (console("$ echo FAILED: x\npassed"), "looks like an error"),
    "an error behind dots": (
        console("$ printf 'a\\nERROR\\nb\\n'\na\n...\nc"),
        "'...' hides a line that looks like an error",
    ),
    "an error behind dots, and nothing else": (
        console("$ printf 'a\\nERROR\\nb\\n'\na\n...\nb"),
        "'...' hides a line that looks like an error",
    ),
    "no sure place": (console("$ seq 9\n...\nfive\n..."), "it's not clear which"),
    "one value for two": (
        console("$ cat a; echo; cat b; echo\n1975ea83b712\n1975ea83b712"),
        "the page's revision 1975ea83b712 stood for",
    ),
    "a table drawn by hand": (
        "+---------------------------+\n| .. code-block:: console   |\n"
        "|                           |\n|    $ echo a               |\n"
        "|    b                      |\n+---------------------------+",
        "isn't written the way it's shown",
    ),
    "a listing of nothing in the file": (
        listing("eins\nzwei"),
        "it's not clear which lines of the file are meant",
    ),
    "a listing of nothing in a file of one line": (
        ".. code-block:: text\n   :caption: single\n\n   eins",
        "it's not clear which lines of the file are meant",
    ),
    "a listing of two places": (
        ".. code-block:: text\n   :caption: twice\n\n   a\n   c",
        "it's not clear which lines of the file are meant",
    ),
    "a comment that would skip": (
        ".. code-block:: text\n   :caption: skips\n\n   a\n   b\n   c",
        "would be read as lines left out",
    ),
    "a value that no output has shown": (
        ".. code-block:: text\n   :caption: secret\n\n   begin\n   middle\n   end",
        "no output of this run has shown the revision",
    ),
    "an excerpt": (".. code-block:: text\n   :quotes:\n\n   never printed", "nothing has printed"),
}
FILES = """

.. code-block:: console

   $ printf 'a\\nb\\na\\nd\\n' > twice; printf 'a\\n# ...\\nc\\n' > skips
   $ echo up > single
   $ (echo begin; fresh; echo; echo end) > secret

"""


LONG = {
    "an output that the page does not show": ("$ seq 1000", "$ seq 1000", 1, 1000),
    "an output that has grown": ("$ seq 1000\n1\n1000", "$ seq 1000\n1", 2, 999),
    "the end of an output": ("$ seq 1000\n1\n2", "$ seq 1000\n1\n2", 3, 1000),
}


@pytest.mark.parametrize("name", LONG)
def test_of_a_long_output_both_ends_are_written(tmp_path: Path, name: str) -> None:
    shown, above, first, last = LONG[name]
    docs = write_site(tmp_path, {"index.rst": "Page\n====\n\n" + console(shown) + "\n"})
    updated = update_site(docs, tmp_path / "cache")
    written = [*range(first, first + 5), "...", *range(last - 4, last + 1)]
    rest = ["1000"] if last == 999 else []
    expected = "\n".join([above, *map(str, written), *rest])
    assert updated.text() == "Page\n====\n\n" + console(expected) + "\n"
    assert update_site(docs, tmp_path / "again").written == 0


def test_forty_lines_are_written_as_they_are(tmp_path: Path) -> None:
    docs = write_site(tmp_path, {"index.rst": "Page\n====\n\n" + console("$ seq 40") + "\n"})
    assert "   20\n" in update_site(docs, tmp_path / "cache").text()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (console("$ seq 500; echo ERROR; seq 500"), "'...' hides a line that looks like an error"),
        (
            console("$ head -c 5000 /dev/zero | tr '\\0' x; echo"),
            "prints a line of 5,000 characters",
        ),
        (
            console("$ seq 170 > numbers")
            + "\n\n"
            + listing("\n".join(str(n) for n in range(1, 171) if not 60 < n <= 110)),
            "the file has 50 lines there, but an update adds at most 40",
        ),
    ],
)
def test_what_is_too_long_is_left_to_a_person(tmp_path: Path, text: str, reason: str) -> None:
    docs = write_site(tmp_path, {"index.rst": "Page\n====\n\n" + text + "\n"})
    updated = update_site(docs, tmp_path / "cache")
    (failure,) = updated.failures
    assert reason in failure.advice
    assert updated.written == 0


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Updated:
    """The page with all that an update leaves to a person, and a line that it corrects."""
    folder = tmp_path_factory.mktemp("refused")
    text = HEAD + FILES + "\n\n".join(text for text, _ in REFUSED.values())
    last = "\n\n" + console("$ echo last\nfirst") + "\n"
    return update_site(write_site(folder, {"index.rst": text + last}), folder / "cache")


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_left_as_it_is_and_red_for_a_reason(refused: Updated, name: str) -> None:
    text, reason = REFUSED[name]
    assert text in refused.text()
    failure = refused.failures[list(REFUSED).index(name)]
    assert reason.removeprefix("it ") in f"{failure.what}; {failure.advice}"


def test_the_run_goes_on_after_it(refused: Updated) -> None:
    assert len(refused.failures) == len(REFUSED)
    assert refused.text().endswith("   $ echo last\n   last\n")
