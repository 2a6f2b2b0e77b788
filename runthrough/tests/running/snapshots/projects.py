"""A small project whose pages continue from each other, with a note of what was run."""

from __future__ import annotations

import pytest

CONF = """\
project = "x"
runthrough_after_failure = "stop"
runthrough_environment = ["LEDGER", "COLOUR"]
"""
PAGES = {
    "index": """\
Index
=====

.. toctree::

   first
   second
   third
   side
""",
    "first": """\
First
=====

.. code-block:: console

   $ echo first >> "$LEDGER"
   $ echo one > file

.. literalinclude:: given.txt
   :caption: given.txt
   :create:

.. code-block:: console

   $ cat file
   one
""",
    "second": """\
:continues: first
:starts-with: data.txt

Second
======

.. code-block:: console

   $ echo second >> "$LEDGER"
   $ cat file data.txt
   one
   data

.. code-block:: console

   $ echo two > file
""",
    "third": """\
:continues: second

Third
=====

.. code-block:: console

   $ echo third >> "$LEDGER"
   $ cat file
   two
""",
    "side": """\
:continues: first

Side
====

.. code-block:: console

   $ echo side >> "$LEDGER"
   $ cat file
   one
""",
    # Two pages that begin with nothing.
    "alone": """\
:orphan:

Alone
=====

.. code-block:: console

   $ echo alone >> "$LEDGER"
   $ ls
""",
}


class Project:
    """The pages, and the names of those that were run, in order."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pytester = pytester
        self.docs = pytester.mkdir("docs")
        self.ledger = pytester.path / "ledger"
        monkeypatch.setenv("LEDGER", str(self.ledger))
        (self.docs / "conf.py").write_text(CONF)
        (self.docs / "given.txt").write_text("given\n")
        (self.docs / "data.txt").write_text("data\n")
        for name, text in PAGES.items():
            (self.docs / f"{name}.rst").write_text(text)

    def run(self, *arguments: str, **results: int) -> pytest.RunResult:
        """Run pages, and hold what becomes of them against what is expected."""
        self.ledger.unlink(missing_ok=True)
        result = self.pytester.runpytest_inprocess("--runthrough", *(arguments or ("docs",)))
        if results:
            result.assert_outcomes(**results)
        return result

    @property
    def ran(self) -> list[str]:
        """The pages that the last run has run, in order."""
        return self.ledger.read_text().split() if self.ledger.exists() else []

    def edit(self, name: str, old: str, new: str) -> None:
        """Change the one place in a file of the site that holds a text."""
        file = self.docs / name
        text = file.read_text()
        assert text.count(old) == 1
        file.write_text(text.replace(old, new))
