"""Pages that are right are called right, and each of their slightly wrong twins is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from runpy import run_path

import pytest

from runthrough.model.results import Failure
from runthrough.model.site import Site
from runthrough.model.steps import SIDE_FILE
from runthrough.reading.site import read_site
from runthrough.running.context import Context
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).parents[1] / "samples"


@dataclass(frozen=True)
class Right:
    """What running a page leaves behind, and what makes it wrong."""

    commands: int
    printed: list[str]
    old: str = ""
    new: str = ""
    fails_at: str | None = None
    """The line at which the twin is red, where it is not the first that differs."""


SERVER = "python3 -um http.server --bind 127.0.0.1 0 > server.log 2>&1"

PAGES = {
    "blank-line-in-output": Right(2, ["above", "", "below", "next"], "   above\n\n", "   above\n"),
    "no-newline-at-end": Right(2, ["cut short", "next"], "   cut short\n", "   cut shor\n"),
    "tabs-in-output": Right(
        1,
        ["name    size", "alembic.ini     3"],
        "   alembic.ini\t3\n",
        "   alembic.ini 3\n",
    ),
    "tabs-shown-as-blanks": Right(
        1, ["name    size", "alembic.ini     3"], "   alembic.ini     3", "   alembic.ini    3"
    ),
    "prompt-in-output": Right(
        2,
        ["To see more:", "$ ls -l", "next"],
        "   To see more:\n   $ ls -l\n",
        "   To see more:\n   $ ls -a\n",
    ),
    "prompt-in-listing": Right(
        1, ["$ ls -l", "shows more."], ":quotes:\n\n   $ ls -l", ":quotes:\n\n   $ ls -a"
    ),
    "output-in-another-language": Right(
        2, ["kept", '{"revision": null}'], '   {"revision": null}', '   {"revision": true}'
    ),
    "trailing-blanks": Right(1, ["one", "two"], "   two\n", "    two\n"),
    "ellipsis-for-nothing": Right(
        3, ["first", "last", "only"], "   ...\n   last\n", "   ...\n   next\n   last\n", "   next"
    ),
    "within-its-time": Right(
        1, ["done"], ":timeout: 9", ":timeout: 0.1", "   $ sleep 0.2 && echo done"
    ),
    "terminal-of-its-own": Right(1, ["answered 0"], "   answered 0\n", "   answered 1\n"),
    "one-tab-of-each-set": Right(2, ["here"], "   here\n", "   there\n"),
    "hash-in-quotes": Right(4, ["one # two", "one", "issue #3"], "   one # two\n", "   one\n"),
    "exclamation-mark": Right(2, ["Hello!", "Hello!world!!"], "   Hello!\n", "   Hello\n"),
    "here-document": Right(
        4,
        [
            *("# Not a comment", "", "> quoted $HOME", "    indented"),
            *("# Not a comment", "", "> quoted", "2"),
        ],
        "   > quoted\n   $",
        "   quoted\n   $",
    ),
    "loop-over-lines": Right(
        3,
        ["prompted one", "prompted two", "bare one", "bare two", "read one"],
        "   bare two\n",
        "   bare too\n",
    ),
    "trailing-backslashes": Right(
        5,
        ["one two", "one two three", "ends with \\", "ends with \\", "in quotes"],
        "   one two three\n",
        "   one two  three\n",
    ),
    "wraps-at-width": Right(
        5,
        [
            "24 80",
            "Everything that we have made so far is in the folder",
            "/home/reader/dev/migrations/versions, and nothing of it is lost.",
            "Everything that the last of all of our commands has made by now stands in /home/",
            "reader/dev/alembic.ini",
        ],
        "/home/\n   reader/dev",
        "/home/r\n   eader/dev",
    ),
    "ls-in-columns": Right(
        3,
        [
            "README.rst   an-日本語.txt  größe.txt  pyproject.toml    script.py.mako",
            "alembic.ini  env.py         models.py  requirements.txt  setup.cfg",
        ],
        "日本語.txt  größe.txt  py",
        "日本語.txt    größe.txt  py",
    ),
    "progress-bar": Right(
        4,
        ["reading 100%", "short", "working  done", "2 of 2", "done"],
        "   short\n",
        "   shortg beginning\n",
    ),
    "colours": Right(3, ["green and orange", "a link", "one  two"], "   a link\n", "   link\n"),
    "python-prompt": Right(
        1,
        [
            *(">>> price = 5", '>>> for name in "ab":', "...     print(name, price)", "..."),
            *("a 5", "b 5", ">>> exit()"),
        ],
    ),
    "short-answers": Right(
        2,
        ["Name [reader]:", "Pages: 12", "Hello reader, who reads 12 pages"],
        "Hello reader, who reads 12",
        "Hello Reader, who reads 12",
    ),
    "non-ascii": Right(
        7,
        [
            "/home/reader/dev/Übungen/Größe – 日本語",  # noqa: RUF001
            "naïve.py",
            "Ελλάδα ✓ 🐘 naïve café",
            "→ „eins“",
            "→ „zwei“",
            'print("Ελλάδα ✓ 🐘", "naïver Kaffee")',
        ],
        "🐘 naïve café",
        "🐘 naive café",
    ),
    "background-server": Right(
        8,
        ["[1] 4242", "hello", f"[1]+  Terminated              {SERVER}", "nobody answers"],
        "Terminated              python3 -um",
        "Terminated              python3 -mu",
    ),
    "server-stopped-last": Right(
        6,
        ["[1] 4242", "ready", "the server is process 4242", "4242"],
        "   4242\n",
        "   4243\n",
    ),
    "late-notices": Right(
        8,
        [
            *("[1] 4242", "next", "[1]+  Terminated              sleep 60"),
            *("[1] 4243", "[2] 4244"),
            *("[1] 4245", "meanwhile", "[1]+  Done                    sleep 0.6"),
        ],
    ),
    "notices-of-loops": Right(
        7,
        [
            *("[1] 4242", "[1]+  Terminated              while true; do", "    sleep 1;", "done"),
            *("[1] 4243", "all done", "[1] 4244", "[1]+  Done                    sleep 0.8"),
            *("all done again", "[1] 4245", "tick 1", "tick 2"),
        ],
    ),
    "server-and-answers": Right(
        1,
        [
            "Serving on http://127.0.0.1:5050/",
            *("{", '    "teas": [', '        "green",', '        "black"', "    ],"),
            *('    "open": true', "}", '{"error": "no /coffee?cups=2 on 5050"}'),
            *('{"teas":["green","black"],"open":true}', "port 8765"),
            *('"GET / HTTP/1.1" 200 -', '"GET /old HTTP/1.1" 302 -', '"GET / HTTP/1.1" 200 -'),
            *('"GET /coffee?cups=2 HTTP/1.1" 404 -', '"GET / HTTP/1.1" 200 -', "^C"),
        ],
        '   {"teas": ["green", "black"],\n',
        '   {"teas": ["green", "white"],\n',
    ),
    "stopped-with-ctrl-c": Right(
        3,
        [
            *("ready", "Counting", *(f"number {n}" for n in range(6))),
            *("^Cenough", "ended with 3"),
        ],
        "   enough\n",
        "   done\n",
    ),
    "second-terminal": Right(
        4,
        [
            *("/home/reader/dev/tea", "nothing:", "green", "green: 1", "white", "^C"),
            "/home/reader/dev/tea",
        ],
        "   white\n",
        "   black\n",
    ),
    "next-command-comes-later": Right(2, ["[1] 4242", "ready"]),
    "files-named": Right(
        4,
        ["no tea", "def cups():", "two cups", "one cup"],
        '# ...\n       print("two',
        '# ...\n       print("four',
    ),
    "answer-first": Right(1, ["95"], "\n   water = 95\n\nHow", "\n   water = 80\n\nHow"),
    "files-shown": Right(
        9,
        [
            *("green   3", "black   4", "3", "4", "green   3", "1 tea.tsv"),
            *("tea", "tea", "tea", "cups"),
        ],
        "   3\n   4",
        "   3\n   5",
    ),
    "python-session": Right(
        13,
        [
            *("2", "'cup cup '"),
            *("Traceback (most recent call last):", '  File "<stdin>", line 1, in <module>'),
            *('  File "<stdin>", line 2, in cups',),
            "TypeError: can't multiply sequence by non-int of type 'str'",
            *("green", "", "cup", "0", "1", "False", "tea.py", "a   long line"),
        ],
        "   'cup cup '",
        "   'cup cup'",
    ),
    "paths-from-start": Right(
        5, ["Tea", "source", "Green tea"], "   +Green", "   +White", "   Green tea"
    ),
    "files-included": Right(1, ["11 kettle.txt"]),
    "server-told-beside": Right(
        3,
        [
            "Serving HTTP on 127.0.0.1 port 5050 (http://127.0.0.1:5050/) ...",
            *("green", "^C", "Keyboard interrupt received, exiting.", "error: closed", "green"),
        ],
        "   $ cat tea.txt\n   green\n",
        "   $ cat tea.txt\n   black\n",
    ),
    "varying-values": Right(
        1, ["took 14 ns", "at 0x3f, in 2 steps"], "   at 0x7f01, in 2", "   at 0x7f01, in 3"
    ),
    "told-beside": Right(
        4,
        ["kettle.py", "Done", "Sugar? no", "no"],
        "   Sugar? no\n   no\n",
        "   Sugar? no\n   yes\n",
    ),
}

WITH_TWIN = [docname for docname, right in PAGES.items() if right.old]
"""Pages that need little time; the others' outputs are compared by the same code."""


@pytest.mark.parametrize("docname", PAGES)
def test_a_right_page_passes(docname: str, ran: Callable[[str], Context]) -> None:
    context = ran(docname)
    assert context.printed == PAGES[docname].printed
    assert context.commands == PAGES[docname].commands


def test_a_command_may_take_three_seconds(ran: Callable[[str], Context]) -> None:
    assert ran("three-seconds").printed == ["done"]


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The same pages, each with one small fault."""
    folder = tmp_path_factory.mktemp("twins")
    dialects = run_path(str(SAMPLES / "conf.py"))["runthrough_dialects"]
    conf = 'extensions = ["sphinx_design"]\nrunthrough_timeout = 60\n'
    conf += f"runthrough_dialects = {dialects!r}\n"
    conf += 'runthrough_ports = {5050: "TEA_PORT"}\n'
    (folder / "conf.py").write_text(conf, encoding="utf-8")
    side_file = (SAMPLES / SIDE_FILE).read_text(encoding="utf-8")
    (folder / SIDE_FILE).write_text(side_file, encoding="utf-8")
    (folder / "index.rst").write_text("Twins\n=====\n", encoding="utf-8")
    for docname in WITH_TWIN:
        right = PAGES[docname]
        text = (SAMPLES / f"{docname}.rst").read_text(encoding="utf-8")
        assert text.count(right.old) == 1, docname
        twin = text.replace(right.old, right.new)
        (folder / f"{docname}.rst").write_text(twin, encoding="utf-8")
    return read_site(folder, tmp_path_factory.mktemp("doctrees"))


@pytest.fixture
def wrong(twins: Site) -> Iterator[Callable[[str], Failure]]:
    """Run a twin, and return why it is red."""
    runner = Runner(twins, Options(show=lambda said: None))

    def run_page(docname: str) -> Failure:
        page = twins.page(docname)
        results = [runner.result(page, number) for number in range(len(page.steps))]
        (failure,) = [one.failure for one in results if one.failure is not None]
        return failure

    yield run_page
    runner.end()


@pytest.mark.parametrize("docname", WITH_TWIN)
def test_a_slightly_wrong_twin_fails(docname: str, wrong: Callable[[str], Failure]) -> None:
    place = wrong(docname).place
    twin = place.file.read_text(encoding="utf-8").split("\n")
    page = (SAMPLES / f"{docname}.rst").read_text(encoding="utf-8").split("\n")
    differing = next(line for line, other in zip(twin, page, strict=False) if line != other)
    assert place.line is not None
    assert twin[place.line - 1] == (PAGES[docname].fails_at or differing)


def test_a_value_that_an_output_introduces_can_be_quoted(passes: Callable[[str], None]) -> None:
    passes("quotes-a-new-value")


def test_a_listing_may_leave_out_lines_and_indentation(passes: Callable[[str], None]) -> None:
    passes("listing-dedented")
