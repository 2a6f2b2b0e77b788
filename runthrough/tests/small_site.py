"""A small site that is right, and its twin that is wrong: tried on versions other than our own.

By hand, in an environment that has runthrough: `python -m tests.small_site` from runthrough/.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

CONF = """\
extensions = ["runthrough"]
runthrough_captures = {"id": "[0-9]+"}
"""
INDEX = """\
Tea
===

.. toctree::

   more

.. code-block:: console

   $ mkdir tea; cd tea
   $ echo "process $$"
   process 4711

.. code-block:: text
   :caption: kinds.txt
   :create:

   green
   black

.. code-block:: console

   $ sort kinds.txt
   black
   green
"""
MORE = """\
:continues: index

More tea
========

.. code-block:: diff
   :caption: kinds.txt

    green
   -black
   +white

.. code-block:: console

   $ cat kinds.txt
   green
   white

.. code-block:: console
   :status: 1

   $ cat none
   cat: none: No such file or directory

.. code-block:: console
   :skip: it needs hot water

   $ brew
"""
WRONG = MORE.replace("   white\n\n", "   red\n\n")


def write(folder: Path, more: str) -> None:
    """Write the site, with one text or another of its second page."""
    docs = folder / "docs"
    docs.mkdir(parents=True, exist_ok=True)
    for name, text in (("conf.py", CONF), ("index.rst", INDEX), ("more.rst", more)):
        (docs / name).write_text(text, encoding="utf-8")


def run(python: str | Path, folder: Path, *command: str) -> tuple[int, str]:
    """Run a module in a folder, and return its status and all that it printed."""
    done = subprocess.run(
        [python, "-m", *command],
        cwd=folder,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def try_site(python: str | Path, folder: Path, *, workers: bool = True) -> None:
    """Run both sites and build the right one with a Python that has what is to be tried.

    Raises AssertionError, with all that was printed, where the right site isn't green or the
    wrong one isn't red at its line.
    """
    pytest = ("pytest", "--runthrough", "docs")
    write(folder, MORE)
    for more in [(), *([("--numprocesses", "2")] if workers else [])]:
        status, printed = run(
            python, folder, *pytest, *more, "--runthrough-results", "docs/results.json"
        )
        assert status == 0, printed
        assert "ran 2 pages: 8 steps, 5 commands, 1 file, 1 edit" in printed, printed
    status, printed = run(python, folder, "sphinx", "-W", "-q", "docs", "built")
    assert status == 0, printed
    assert "it needs hot water" in (folder / "built" / "more.html").read_text(encoding="utf-8")
    write(folder, WRONG)
    status, printed = run(python, folder, *pytest)
    assert status == 1, printed
    assert "docs/more.rst:17: the output is not what the page shows" in printed, printed


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        try:
            try_site(sys.executable, Path(folder))
        except AssertionError as error:
            sys.exit(str(error))
