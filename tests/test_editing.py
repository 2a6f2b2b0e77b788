"""Files that a page replaces, adds to and patches, and what cannot be done to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runthrough.reading.site import Site

Walk = Callable[[str], pytest.RunResult]
HEAD = """\
Page
====

.. code-block:: console

   $ printf 'one\\ntwo\\nthree\\ntwo' > numbers; printf '\\377' > binary; mkdir folder

"""


@pytest.fixture
def walk(pytester: pytest.Pytester, samples: Site) -> Walk:
    """Walk a page that begins with some files; return pytest's result."""
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text("")

    def perform(rest: str) -> pytest.RunResult:
        (docs / "index.rst").write_text(HEAD + rest)
        return pytester.runpytest_inprocess("--runthrough", "docs")

    return perform


def block(language: str, caption: str, text: str, option: str = "") -> str:
    """Write a block with a caption."""
    lines = [f".. code-block:: {language}", f"   :caption: {caption}"]
    if option:
        lines.append(f"   :{option}:")
    return "\n".join([*lines, "", *(f"   {line}" for line in text.split("\n")), "", ""])


def shows(*lines: str) -> str:
    """Write a block that shows what is in the file by now."""
    return "\n".join(
        [".. code-block:: console", "", "   $ cat numbers", *(f"   {line}" for line in lines), ""]
    )


@pytest.mark.parametrize(
    ("edit", "then"),
    [
        (block("text", "numbers", "four", "replace"), ["four"]),
        (block("text", "numbers", "four", "append"), ["one", "two", "three", "two", "four"]),
        (block("text", "~/dev/numbers", "four", "replace"), ["four"]),
        (block("diff", "numbers", " one\n-two\n+2"), ["one", "2", "three", "two"]),
        (block("diff", "numbers", " three\n-two"), ["one", "two", "three"]),
        (
            block("diff", "numbers", "@@ -1 +1 @@\n-one\n+1\n@@ -3 +3 @@\n-three\n+3"),
            ["1", "two", "3", "two"],
        ),
    ],
    ids=["replace", "append", "at home", "patch", "patch at the end", "two hunks"],
)
def test_a_file_is_changed_as_the_page_says(walk: Walk, edit: str, then: list[str]) -> None:
    walk(edit + shows(*then)).assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            block("text", "numbers", "x", "create"),
            "docs/index.rst:9: the page has the reader create /home/reader/dev/numbers, and it is "
            "there already",
        ),
        (
            block("text", "nowhere/numbers", "x", "create"),
            "docs/index.rst:9: /home/reader/dev/nowhere/numbers cannot be made: there is no folder "
            "/home/reader/dev/nowhere at this point",
        ),
        (
            block("text", "letters", "x", "append"),
            "docs/index.rst:9: there is no file /home/reader/dev/letters at this point; beside it: "
            "binary, folder, numbers",
        ),
        (
            block("text", "nowhere/numbers", "x"),
            "docs/index.rst:9: there is no file /home/reader/dev/nowhere/numbers at this point; "
            "beside it: not even its folder nowhere/",
        ),
        (block("text", "binary", "x"), "docs/index.rst:9: /home/reader/dev/binary is not text: *"),
        (
            block("diff", "numbers", "-two\n+2"),
            "docs/index.rst:11: the lines to change stand in 2 places of numbers (lines 2, 4)",
        ),
        (
            block("diff", "numbers", " one\n-too\n+2"),
            "docs/index.rst:12: the lines to change are not in numbers at this point",
        ),
    ],
    ids=["there", "no folder", "no file", "neither", "binary", "two places", "no place"],
)
def test_what_cannot_be_done_is_said_at_its_line(walk: Walk, edit: str, said: str) -> None:
    result = walk(edit)
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    result.stdout.fnmatch_lines([said])
