"""The place of a block is where its author wrote it, or the file alone; never a wrong line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sphinx.util.i18n import CatalogInfo

from runthrough.model.places import Place
from runthrough.model.steps import Console, PageProblem
from runthrough.reading.docstrings import real

if TYPE_CHECKING:
    from tests.reading.conftest import Steps

PART = """\
Head of the part.

More head.

.. cut here

Text.

.. code-block:: console

   $ echo hi
   ho

.. end here

Foot.
"""
COUNTS = """\
Page
====

{include}
"""


def place(step: object) -> str:
    """The place of a block's first line, as a person sees it."""
    assert isinstance(step, (Console, PageProblem)), step
    return str(step.place)


@pytest.mark.parametrize(
    "options",
    [
        "",
        "   :start-after: cut here\n",
        "   :end-before: end here\n",
        "   :start-line: 4\n",
        "   :start-line: 2\n   :end-line: 14\n",
        "   :start-line: -12\n",
        "   :start-after: Head of\n   :end-before: Foot\n",
    ],
)
def test_an_include_that_leaves_lines_out(steps: Steps, options: str) -> None:
    page = COUNTS.format(include=f".. include:: parts/part.rst\n{options}")
    (step,) = steps(page, {"parts/part.rst": PART}, 'exclude_patterns = ["parts"]\n')
    assert place(step) == "parts/part.rst:11"
    assert isinstance(step, Console)
    assert str(step.commands[0].output[0].place) == "parts/part.rst:12"


def test_an_include_has_moved_all_its_blocks_alike(steps: Steps) -> None:
    part = "$ ls\n====\n\n.. cut here\n\n.. code-block:: console\n\n   $ ls\n\n"
    part += ".. code-block:: console\n\n   $ echo hi\n   ho\n"
    page = COUNTS.format(include=".. include:: part.txt\n   :start-after: cut here\n")
    first, second = steps(page, {"part.txt": part})
    assert place(first) == "part.txt:8"
    assert place(second) == "part.txt:12"


@pytest.mark.parametrize("option", ["code: console", "literal:\n   :class: x"])
def test_an_include_as_a_literal_block(steps: Steps, option: str) -> None:
    page = COUNTS.format(include=f".. include:: parts/typed.txt\n   :{option}\n   :start-line: 1\n")
    typed = {"parts/typed.txt": "above\n$ echo hi\nho\n"}
    (step,) = steps(page, typed, 'exclude_patterns = ["parts"]\n')
    assert place(step) == "parts/typed.txt:2"


def test_an_include_as_code_has_its_language(steps: Steps) -> None:
    page = COUNTS.format(include=".. include:: typed.sh\n   :code: bash\n   :start-line: 1\n")
    conf = "runthrough_dialects = {'*': {'scripts': ['bash']}}"
    (step,) = steps(page, {"typed.sh": "above\necho hi\n"}, conf)
    assert isinstance(step, Console)
    assert str(step.commands[0].place) == "typed.sh:2"


def test_an_include_within_an_include(steps: Steps) -> None:
    page = COUNTS.format(include=".. include:: outer.txt\n   :start-after: one\n")
    files = {"outer.txt": "one\n\n.. include:: part.txt\n   :start-after: cut here\n"}
    (step,) = steps(page, {**files, "part.txt": PART})
    assert place(step) == "part.txt:11"


def test_equal_blocks_are_told_apart_by_their_order(steps: Steps) -> None:
    same = ".. code-block:: console\n\n   $ echo hi\n   ho\n\n"
    page = f"Page\n====\n\n{{{{ intro }}}}\n\n{same}{same}{same}"
    conf = """
def setup(app):
    app.connect("source-read", lambda app, name, source: source.__setitem__(
        0, source[0].replace("{{ intro }}", "One.\\n\\nTwo.\\n\\nThree.\\n\\nFour.")))
"""
    assert [place(step) for step in steps(page, conf=conf)] == [
        "index.rst:8",
        "index.rst:13",
        "index.rst:18",
    ]


HANDLER = """
def fill(app, name, source):
    source[0] = source[0].replace("{{ intro }}", "One.\\n\\nTwo.").replace("VERSION", "1.2.3")
    source[0] = source[0].replace("{{ typed }}", "$ echo typed\\n   typed")


def setup(app):
    app.connect("source-read", fill)
"""


def test_a_text_that_a_handler_fills_in_where_it_is(steps: Steps) -> None:
    page = "Page\n====\n\n.. code-block:: console\n\n   $ pip install shop==VERSION\n   done\n"
    (step,) = steps(page, conf=HANDLER)
    assert place(step) == "index.rst:6"


def test_a_text_that_is_nowhere_has_no_line(steps: Steps) -> None:
    page = "Page\n====\n\n{{ intro }}\n\n.. code-block:: console\n\n   {{ typed }}\n"
    (step,) = steps(page, conf=HANDLER)
    assert place(step) == "index.rst"


def test_a_handler_of_included_text(steps: Steps) -> None:
    page = COUNTS.format(include=".. include:: part.txt\n")
    conf = """
def setup(app):
    app.connect("include-read", lambda app, path, name, source: source.__setitem__(
        0, "New.\\n\\nNewer.\\n\\n" + source[0]))
"""
    (step,) = steps(page, {"part.txt": PART}, conf)
    assert place(step) == "part.txt:11"


def test_a_prolog_moves_no_line_and_has_its_own(steps: Steps) -> None:
    page = "Page\n====\n\n.. code-block:: console\n\n   $ echo |hi|\n"
    conf = 'rst_prolog = """\n.. |hi| replace:: hello\n\n.. note:: A\n\n   B\n"""\n'
    (step,) = steps(page, conf=conf)
    assert place(step) == "index.rst:6"
    epilog = 'rst_epilog = """\n.. code-block:: console\n\n   $ echo bye\n"""\n'
    _, last = steps(page, conf=epilog)
    assert place(last) == "conf.py:5"


MODULE = '''\
"""A teapot.

Line three.
"""


class Kettle:
    """A kettle.

    .. code-block:: console

       $ echo same
       same
    """

    def pour(self):
        """
        Pour.

        .. code-block:: console

           $ echo same
           same
        """


def pour(kind):
    r"""Pour a cup.

    From a shell:

    .. code-block:: console

       $ printf 'pouring\\n'
       poured

    """
'''


def test_docstrings_are_in_their_module(steps: Steps) -> None:
    conf = "import sys\nsys.path.insert(0, 'pk')\nextensions += ['sphinx.ext.autodoc']\n"
    page = "Page\n====\n\n.. automodule:: read_teapot\n   :members:\n   :member-order: bysource\n"
    found = steps(page, {"pk/read_teapot.py": MODULE}, conf)
    assert [place(step) for step in found] == [
        "pk/read_teapot.py:12",
        "pk/read_teapot.py:22",
        "pk/read_teapot.py:34",
    ]


def test_a_docstring_that_is_not_found_has_no_line(tmp_path: Path) -> None:
    module = tmp_path / "teapot.py"
    module.write_text(MODULE, encoding="utf-8")
    named = Path(f"{module}:docstring of teapot")
    assert real(Place(Path(f"{named}.pour"), 3)) == Place(module, 30)
    assert real(Place(Path(f"{named}.Kettle.pour"), 1)) == Place(module, 18)
    assert real(Place(Path(f"{named}.pour"), None)) == Place(module, None)
    module.write_text("def (", encoding="utf-8")
    other = Path(f"{tmp_path / 'other.py'}:docstring of other.pour")
    assert real(Place(other, 3)) == Place(tmp_path / "other.py", None)


MAKES = '''
from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.util.docutils import SphinxDirective


class later(nodes.General, nodes.Element):
    pass


class Made(Directive):
    """A block that is made of what isn't on the page."""

    required_arguments = 1

    def run(self):
        return [nodes.literal_block("", "$ date\\n" + self.arguments[0])]


class Later(Directive):
    """The same, put there after the page was read."""

    required_arguments = 1

    def run(self):
        return [later(text=self.arguments[0])]


def replace(app, doctree):
    for node in list(doctree.findall(later)):
        node.replace_self(nodes.literal_block("", "made of " + node["text"], language="text"))


def setup(app):
    app.add_directive("made", Made)
    app.add_directive("later", Later)
    app.connect("doctree-read", replace)
'''


def test_a_generated_block_is_at_its_directive(steps: Steps) -> None:
    page = """\
Page
====

Text.

.. made:: tea

.. later:: coffee

.. later:: milk

.. note::

   .. later:: sugar

More.

.. later:: honey

.. parsed-literal::

   $ echo **bye**
"""
    assert [place(step) for step in steps(page, conf=MAKES)] == [
        "index.rst:6",
        "index.rst:8",
        "index.rst:10",
        "index.rst:14",
        "index.rst:18",
        "index.rst:22",
    ]


def test_what_literalinclude_adds_is_on_the_page(steps: Steps) -> None:
    page = """\
Page
====

.. literalinclude:: typed.txt
   :language: console
   :lines: 3-
   :prepend: $ echo one
   :append: $ echo three
"""
    (step,) = steps(page, {"typed.txt": "a\nb\n$ echo two\n"})
    assert isinstance(step, Console)
    assert [str(one.place) for one in step.commands] == [
        "index.rst:4",
        "typed.txt:3",
        "index.rst:4",
    ]


def test_a_translation_is_in_its_catalog(steps: Steps, tmp_path: Path) -> None:
    page = "Page\n====\n\n.. code-block:: console\n\n   $ echo hi\n   ho\n"
    catalog = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

#: ../index.rst:4
msgid ""
"$ echo hi\\n"
"ho"
msgstr ""
"$ echo hallo\\n"
"ho"
"""
    conf = (
        'language = "de"\nlocale_dirs = ["locales"]\n'
        'gettext_additional_targets = ["literal-block"]\n'
    )
    file = tmp_path / "locales/de/LC_MESSAGES/index.po"
    file.parent.mkdir(parents=True)
    file.write_text(catalog, encoding="utf-8")
    CatalogInfo(str(file.parent), "index", "utf-8").write_mo("de")
    (step,) = steps(page, conf=conf)
    assert isinstance(step, Console)
    assert step.commands[0].text == "echo hallo"
    assert place(step) == "locales/de/LC_MESSAGES/index.po:10"


def test_a_block_in_a_table(steps: Steps) -> None:
    table = """\
+---+--------------------------+
| a | .. code-block:: console  |
|   |                          |
| b |    $ echo one            |
|   |    two                   |
+---+--------------------------+
"""
    (typed,) = steps(f"Page\n====\n\n{table}")
    assert isinstance(typed, Console)
    assert place(typed) == "index.rst:7"
    assert typed.commands[0].output[0].place.line == 8


def test_markdown(steps: Steps) -> None:
    pytest.importorskip("myst_parser")
    page = """\
# Page

```console

$ echo one
```

:::{note}
```{code-block} console
:timeout: 5

$ echo two
```
:::

````{note}
```{code-block} console
---
timeout: 5
---
$ echo three
```
````

- in a list

  ```console
  $ echo four
  ```

```{include} part.txt
:start-after: cut
```
"""
    conf = 'extensions += ["myst_parser"]\nmyst_enable_extensions = ["colon_fence"]\n'
    part = "one\n\ncut\n\n```console\n$ echo five\n```\n"
    found = steps(page, {"part.txt": part}, conf, name="index.md")
    assert [place(step) for step in found] == [
        "index.md:5",
        "index.md:12",
        "index.md:21",
        "index.md:28",
        "part.txt:6",
    ]
