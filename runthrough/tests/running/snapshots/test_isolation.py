"""What a page changes in its files, in whatever way, no other page sees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runthrough.model.report import explain
from runthrough.reading.site import read_site
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner

pytestmark = pytest.mark.slow

CHANGES = {
    "append": "echo more >> append",
    "truncate": "truncate --size 1 truncate",
    "overwrite": "echo other >| overwrite",
    "same-size-and-time": (
        "touch -r same-size-and-time time; "
        "printf bl | dd of=same-size-and-time conv=notrunc status=none; "
        "touch -r time same-size-and-time; rm time"
    ),
    "copy": "printf '%s\\n' black > other; cp -p other copy; rm other",
    "edit": "sed -i s/green/black/ edit",
    "map": (
        "python3 -c \"import mmap; file = open('map', 'r+b'); "
        "mmap.mmap(file.fileno(), 0)[:2] = b'bl'\""
    ),
    "link": "ln link other; echo more >> other; rm other",
    "chmod": "chmod 600 chmod",
    "touch": "touch -d '2021-01-01 00:00:00' touch",
    "remove": "rm remove",
    "rename": "mv rename renamed",
    "compiled.pyc": "echo more >> compiled.pyc",
    "sqlite": (
        "python3 -c \"import sqlite3; db = sqlite3.connect('sqlite'); "
        "db.execute('INSERT INTO tea VALUES (2)'); db.commit()\""
    ),
}
"""A command for each file, by the file's name."""
PLAIN = [name for name in CHANGES if name != "sqlite"]
LEFT = f"""\
Left
====

.. code-block:: console

   $ mkdir -p lib/site-packages; cd lib/site-packages
   $ for one in {" ".join(PLAIN)}; do echo green > $one; done
   $ chmod 640 *; touch -d '2020-02-02 02:02:02' *
   $ python3 -c "import sqlite3; sqlite3.connect('sqlite').execute('CREATE TABLE tea (number)')"
"""
LOOKS = """\
.. code-block:: console

   $ for one in {plain}; do echo $(cat $one; stat -c '%a %Y' $one) $one; done
{shown}
   $ python3 -c "import sqlite3; print(*sqlite3.connect('sqlite').execute('SELECT * FROM tea'))"
   <BLANKLINE>
   $ ls | wc -l
   {number}
""".format(
    plain=" ".join(PLAIN),
    shown="\n".join(f"   green 640 1580608922 {name}" for name in PLAIN),
    number=len(CHANGES),
).replace("   <BLANKLINE>\n", "\n")
BEGINS = ".. code-block:: console\n\n   $ true\n\n"
CHANGE = ".. code-block:: console\n\n" + "".join(f"   $ {one}\n" for one in CHANGES.values())
PAGES = {
    "left": LEFT,
    "changes": f":continues: left\n\nChanges\n=======\n\n{BEGINS}{CHANGE}",
    "looks": f":continues: left\n\nLooks\n=====\n\n{BEGINS}{LOOKS}",
    "later": f":continues: left\n\nLater\n=====\n\n{LOOKS}",
    "next": f":continues: left\n\nNext\n====\n\n{BEGINS}",
    "next-changes": f":continues: next\n\nChanges\n=======\n\n{BEGINS}{CHANGE}",
    "next-looks": f":continues: next\n\nLooks\n=====\n\n{BEGINS}{LOOKS}",
    "next-later": f":continues: next\n\nLater\n=====\n\n{LOOKS}",
}
"""A chain of two pages; after each, a page changes files, and two look at them."""


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    (tmp_path / "conf.py").write_text('extensions = ["runthrough"]\n')
    (tmp_path / "index.rst").write_text("Tea\n===\n\n.. toctree::\n   :glob:\n\n   *\n")
    for name, text in PAGES.items():
        (tmp_path / f"{name}.rst").write_text(text)
    with Runner(read_site(tmp_path, tmp_path / ".doctrees"), Options()) as runner:
        yield runner


def begin(runner: Runner, *docnames: str) -> None:
    for docname in docnames:
        runner.result(runner.site.page(docname), 0)


def passes(runner: Runner, *docnames: str) -> None:
    for docname in docnames:
        page = runner.site.page(docname)
        for result in runner.run(page):
            assert result.failure is None, explain(result.failure, page.file)


@pytest.mark.parametrize("before", ["", "next-"])
def test_pages_that_are_being_run(runner: Runner, before: str) -> None:
    begin(runner, "changes", "looks", "next-changes", "next-looks")
    passes(runner, f"{before}changes", "looks", "next-looks")


@pytest.mark.parametrize("before", ["", "next-"])
def test_snapshots(runner: Runner, before: str) -> None:
    passes(runner, f"{before}changes")
    ran_at = {docname: record.run_at for docname, record in runner.records.items()}
    passes(runner, "later", "next-later")
    assert {docname: runner.records[docname].run_at for docname in ran_at} == ran_at
