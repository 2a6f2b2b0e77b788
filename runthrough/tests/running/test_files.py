"""Files that a page replaces, adds to and patches, and what cannot be done to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runthrough.model.site import Site
from tests.running.small_disk import needs_unshare, printed_on_small_disk

RunPage = Callable[[str], pytest.RunResult]
HEAD = """\
Page
====

.. code-block:: console

   $ printf 'one\\ntwo\\nthree\\ntwo' > numbers; printf '\\377' > binary; mkdir folder

"""


@pytest.fixture
def run_page(pytester: pytest.Pytester, samples: Site) -> RunPage:
    """Run a page that begins with some files; return pytest's result."""
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text("runthrough_after_failure = 'stop'\n")

    def run_step(rest: str) -> pytest.RunResult:
        (docs / "index.rst").write_text(HEAD + rest)
        return pytester.runpytest_inprocess("--runthrough", "docs")

    return run_step


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
def test_a_file_is_changed_as_the_page_says(run_page: RunPage, edit: str, then: list[str]) -> None:
    run_page(edit + shows(*then)).assert_outcomes(passed=4)


@pytest.mark.parametrize("line_end", [r"\n", r"\r\n", r"  \n"])
def test_a_diff_changes_nothing_but_its_own_lines(run_page: RunPage, line_end: str) -> None:
    lines = "".join(f"{number}{line_end}" for number in ("one", "2", "three"))
    make = rf"printf 'one{line_end}two{line_end}three{line_end}' > numbers"
    again = f"printf '{lines}' | cmp - numbers"
    if line_end.startswith(" "):
        again = again.replace("2  ", "2")  # readers don't see these blanks
    command = ".. code-block:: console\n\n   $ {}\n\n"
    page = command.format(make) + block("diff", "numbers", " one\n-two\n+2\n three")
    run_page(page + command.format(again)).assert_outcomes(passed=5)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            block("text", "numbers", "x", "create"),
            "docs/index.rst:9: the page has the reader create /home/reader/dev/numbers, but it "
            "already exists",
        ),
        (
            block("text", "nowhere/numbers", "x", "create"),
            "docs/index.rst:9: /home/reader/dev/nowhere/numbers can't be created: there's no "
            "folder /home/reader/dev/nowhere at this point",
        ),
        (
            block("text", "letters", "x", "append"),
            "docs/index.rst:9: there's no file /home/reader/dev/letters at this point; in the "
            "same folder: binary, folder, numbers",
        ),
        (
            block("text", "nowhere/numbers", "x"),
            "docs/index.rst:9: there's no file /home/reader/dev/nowhere/numbers at this point; "
            "in the same folder: nothing, because there's no folder nowhere/",
        ),
        (block("text", "binary", "x"), "docs/index.rst:9: /home/reader/dev/binary isn't text: *"),
        (
            block("diff", "numbers", "-two\n+2"),
            "docs/index.rst:11: the lines to change appear in 2 places in numbers (lines 2, 4)",
        ),
        (
            block("diff", "numbers", " one\n-too\n+2"),
            "docs/index.rst:12: the lines to change aren't in numbers at this point",
        ),
    ],
    ids=["there", "no folder", "no file", "neither", "binary", "two places", "no place"],
)
def test_what_cannot_be_done_is_said_at_its_line(run_page: RunPage, edit: str, said: str) -> None:
    result = run_page(edit)
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    result.stdout.fnmatch_lines([said])


UNFIT = {
    "a huge file": ("truncate -s 40G it", "has 42,949,672,960 bytes, but no listing shows more"),
    "a pipe": ("mkfifo it", "is a pipe, not a file"),
    "a folder": ("mkdir it", "is a folder, not a file"),
    "a socket": (
        "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"it\")'",
        "it can't be read: No such device or address",
    ),
    "a device": ("ln -s /dev/zero it", "it is outside of the run's home, through a symbolic link"),
    "a loop": ("ln -s it it", "it isn't a path to a file"),
}


@pytest.mark.parametrize("what", UNFIT)
@pytest.mark.parametrize("how", ["show", "append", "replace", "change"])
def test_what_is_no_text_file_is_named_and_never_waited_for(
    run_page: RunPage, what: str, how: str
) -> None:
    command, said = UNFIT[what]
    edit = {
        "show": block("text", "it", "x"),
        "append": block("text", "it", "x", "append"),
        "replace": block("text", "it", "x", "replace"),
        "change": block("diff", "it", "-x\n+y"),
    }[how]
    result = run_page(f".. code-block:: console\n\n   $ {command}\n\n{edit}")
    result.assert_outcomes(passed=2, failed=1, skipped=1)
    result.stdout.fnmatch_lines([f"docs/index.rst:13: *{said}*"])


@pytest.mark.parametrize("how", ["append", "replace", "change"])
def test_another_name_of_a_file_keeps_its_content(
    run_page: RunPage, pytester: pytest.Pytester, how: str
) -> None:
    outside = pytester.path / "outside"
    outside.write_text("mine\n")
    edit = {
        "append": block("text", "hard", "x", "append"),
        "replace": block("text", "hard", "x", "replace"),
        "change": block("diff", "hard", "-mine\n+x"),
    }[how]
    home = pytester.mkdir("homes")
    pytester._monkeypatch.setenv("TMPDIR", str(home))
    command = f".. code-block:: console\n\n   $ ln {outside} hard\n\n"
    shown = ".. code-block:: console\n\n   $ tail -n 1 hard\n   x\n"
    run_page(command + edit + shown).assert_outcomes(passed=5)
    assert outside.read_text() == "mine\n"


@pytest.mark.parametrize(
    ("caption", "named"),
    [
        ("../../x", " (it's /home/x)"),
        ("../../../../../x", " (it's /x)"),
        ("~/../x", " (it's /home/x)"),
        ("/etc/hostname", ""),
    ],
)
def test_a_path_that_leads_out_is_named_as_the_pages_would(
    run_page: RunPage, caption: str, named: str
) -> None:
    result = run_page(block("text", caption, "x", "create"))
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            f"docs/index.rst:9: {caption} is outside of the run's home{named}; nothing was read "
            "or written"
        ]
    )


@needs_unshare
@pytest.mark.parametrize("how", ["create", "append", "replace", "change"])
def test_a_full_disk_is_named_at_the_block(pytester: pytest.Pytester, how: str) -> None:
    edit = {
        "create": block("text", "g", "x", "create"),
        "append": block("text", "f", "x", "append"),
        "replace": block("text", "f", "x\n" * 4000 + "x", "replace"),
        "change": block("diff", "f", "-one\n+" + "x" * 9000),
    }[how]
    docs = pytester.mkdir("docs")
    # Long, so that the home is made in TMPDIR, however long that is.
    (docs / "conf.py").write_text(f"runthrough_directory = '/home/{'x' * 200}/dev'\n")
    fill = "echo one > f; head -c 4090 /dev/zero | tr '\\0' x >> f; echo >> f"
    fill += "; head -c 5000000 /dev/zero > full 2>&- || true"
    (docs / "index.rst").write_text(
        f"Page\n====\n\n.. code-block:: console\n\n   $ {fill}\n\n{edit}"
    )
    printed = printed_on_small_disk(pytester)
    assert "can't be written: No space left on device" in printed
    assert "docs/index.rst:9: " in printed
    assert "Traceback" not in printed
