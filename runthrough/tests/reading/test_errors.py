"""What Sphinx can't read is said where it is; what's above it, and on other pages, still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runthrough.model.site import ReadingError
from runthrough.model.steps import Console, PageProblem

if TYPE_CHECKING:
    from tests.reading.conftest import Steps

TYPED = ".. code-block:: console\n\n   $ echo hi\n   hi\n\n"


def said(steps: Steps, page: str, files: dict[str, str] | None = None, conf: str = "") -> list[str]:
    """Name the kind and the place of each step of a page."""
    found = steps(page, files, conf)
    return [f"{type(step).__name__} {step.place}" for step in found]


@pytest.mark.parametrize(
    "wrong",
    [
        "See :shopref:`tea`.\n",
        ".. shop:: tea\n",
        ".. code-block:: console\n   :sttaus: 2\n\n   $ echo\n",
        ".. include:: nothing.rst\n",
    ],
)
def test_an_error_is_between_the_blocks_around_it(steps: Steps, wrong: str) -> None:
    page = f"Page\n====\n\n{TYPED}{wrong}\n{TYPED}"
    last = 9 + wrong.count("\n") + 3
    assert said(steps, page) == [
        "Console index.rst:6",
        "PageProblem index.rst:9",
        f"Console index.rst:{last}",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("One\ntwo\nthree :shop:`tea`\nfour\n", 6),
        ("- one\n\n  * a shop:\n    the :shop:`tea`\n", 7),
        ("Term\n   one\n   :shop:`tea`\n", 6),
        ("== ==========\na  b\n== ==========\nc  :shop:`tea`\n== ==========\n", 7),
        (".. csv-table::\n\n   1, 2\n   3, :shop:`tea`\n", 7),
        ("One :bar:`a`\ntwo :shop:`b`\n\n:shop:`c`\n", 5),
    ],
)
def test_a_role_is_at_its_own_line(steps: Steps, text: str, line: int) -> None:
    page = f"Page\n====\n\n{text}\nThe end.\n"
    found = [
        str(one.place) for one in steps(page) if isinstance(one, PageProblem) and "shop" in one.what
    ]
    assert found[0] == f"index.rst:{line}"


MARKDOWN = """\
# Page

```console
$ echo hi
hi
```

```{code-blok} console
$ ecoh
```

One
{shop}`tea`

{{ nothing }}

```{image} tea.png
$ ecoh
```
"""


def test_what_markdown_leaves_out_is_a_problem(steps: Steps) -> None:
    pytest.importorskip("myst_parser")
    conf = 'extensions += ["myst_parser"]\nmyst_enable_extensions = ["substitution"]\n'
    typed, *wrong = steps(MARKDOWN, conf=conf, name="index.md")
    assert isinstance(typed, Console)
    assert all(isinstance(one, PageProblem) for one in wrong)
    assert [one.place.line for one in wrong] == [8, 13, 15, 17]


def test_an_unknown_option_in_markdown_leaves_nothing_out(steps: Steps) -> None:
    pytest.importorskip("myst_parser")
    page = "# Page\n\n```{code-block} console\n:tea: green\n\n$ echo hi\nhi\n```\n"
    (typed,) = steps(page, conf='extensions += ["myst_parser"]\n', name="index.md")
    assert isinstance(typed, Console)


def test_an_error_below_an_include(steps: Steps) -> None:
    page = "Page\n====\n\n.. include:: part.txt\n\nSee :shopref:`tea`.\n\n" + TYPED
    assert said(steps, page, {"part.txt": TYPED}) == [
        "Console part.txt:3",
        "PageProblem index.rst:6",
        "Console index.rst:10",
    ]


def test_an_error_in_a_part_that_an_include_takes(steps: Steps) -> None:
    page = "Page\n====\n\n.. include:: part.txt\n   :start-after: cut\n"
    part = f"one\n\ntwo\n\ncut\n\n{TYPED}Text.\n\nSee :shopref:`tea`.\n"
    assert said(steps, page, {"part.txt": part}) == [
        "Console part.txt:9",
        "PageProblem part.txt:14",
    ]


def test_an_error_in_a_text_that_was_changed(steps: Steps) -> None:
    conf = """
def setup(app):
    app.connect("source-read", lambda app, name, source: source.__setitem__(
        0, source[0].replace("INTRO", "One.\\n\\nTwo.\\n\\nThree.")))
"""
    page = "Page\n====\n\nINTRO\n\nSee :shopref:`tea`.\n\n.. image::\n\n" + TYPED
    assert said(steps, page, conf=conf) == [
        "PageProblem index.rst:6",
        "PageProblem index.rst:8",
        "Console index.rst:12",
    ]


def test_an_error_without_a_name_in_a_text_that_was_changed_has_no_line(steps: Steps) -> None:
    conf = """
def setup(app):
    app.connect("source-read", lambda app, name, source: source.__setitem__(
        0, source[0].replace("INTRO", "One.\\n\\nTwo.\\n\\nThree.")))
"""
    page = "Page\n====\n\nINTRO\n\n== ==\na b c\n==\n\n" + TYPED
    problems = [step for step in steps(page, conf=conf) if isinstance(step, PageProblem)]
    assert problems
    assert {str(one.place) for one in problems} == {"index.rst"}


FAILS = """
from docutils.parsers.rst import Directive


class Fails(Directive):
    def run(self):
        raise {error}


def setup(app):
    app.add_directive("fails", Fails)
"""


@pytest.mark.parametrize("error", ["RecursionError('too deep')", "KeyError('tea')"])
def test_the_page_that_sphinx_cannot_read_is_named(steps: Steps, error: str) -> None:
    page = "Pages\n=====\n\n.. toctree::\n\n   one\n   two\n\n" + TYPED
    files = {"one.rst": f"One\n===\n\n{TYPED}.. fails::\n", "two.rst": f"Two\n===\n\n{TYPED}"}
    for _ in ("first read", "and again, from what was kept"):
        index, one, two = steps(page, files, FAILS.format(error=error))
        assert isinstance(index, Console)
        assert isinstance(one, PageProblem)
        assert str(one.place) == "one.rst"
        assert error.partition("(")[0] in one.what
        assert isinstance(two, Console)


def test_a_page_with_deep_nesting_is_named(steps: Steps) -> None:
    deep = "".join(f"{' ' * i}- a\n\n" for i in range(0, 1200, 2))
    found = steps("Page\n====\n\n" + TYPED, {"deep.rst": f":orphan:\n\nDeep\n====\n\n{deep}"})
    assert isinstance(found[0], Console)
    assert all(str(step.place) == "deep.rst" for step in found[1:])


UNREADABLE = """
from sphinx.parsers import Parser


class Never(Parser):
    supported = ("never",)

    def parse(self, inputstring, document):
        raise LookupError("pandoc" if inputstring.strip() else "empty")


def setup(app):
    app.add_source_suffix(".never", "never")
    app.add_source_parser(Never)
"""


def test_a_page_whose_parser_reads_nothing_is_named_with_its_first_error(steps: Steps) -> None:
    page = "Page\n====\n\n.. toctree::\n\n   one\n\n" + TYPED
    index, one = steps(page, {"one.never": "text"}, UNREADABLE)
    assert isinstance(index, Console)
    assert isinstance(one, PageProblem)
    assert str(one.place) == "one.never"
    assert "LookupError: pandoc" in one.what


HANDLER = """
import sys


def handle(app, *_):
    if app.env.docname == "one":
        {handle}


def setup(app):
    app.connect({event!r}, handle)
"""


@pytest.mark.parametrize("event", ["source-read", "doctree-read"])
@pytest.mark.parametrize("handle", ["raise KeyError('tea')", "sys.exit('tea')"])
def test_a_page_at_which_a_handler_gives_up_is_named(steps: Steps, event: str, handle: str) -> None:
    page = "Pages\n=====\n\n.. toctree::\n\n   one\n   two\n\n" + TYPED
    files = {"one.rst": f"One\n===\n\n{TYPED}", "two.rst": f"Two\n===\n\n{TYPED}"}
    index, one, two = steps(page, files, HANDLER.format(event=event, handle=handle))
    assert isinstance(index, Console)
    assert isinstance(one, PageProblem)
    assert str(one.place) == "one.rst"
    assert "tea" in one.what
    assert isinstance(two, Console)


def test_a_page_that_is_not_utf_8_is_named(steps: Steps) -> None:
    page = "Page\n====\n\n" + TYPED
    conf = "from pathlib import Path\nPath('one.rst').write_bytes(b'One\\xff')\n"
    index, one = steps(page, {"one.rst": ""}, conf)
    assert isinstance(index, Console)
    assert isinstance(one, PageProblem)
    assert str(one.place) == "one.rst"
    assert "UnicodeDecodeError" in one.what


def test_a_conf_py_that_exits_is_told(steps: Steps) -> None:
    with pytest.raises(ReadingError, match="SystemExit: tea"):
        steps("Page\n====\n", conf="import sys\ndef setup(app):\n    sys.exit('tea')\n")
