"""A run takes from a cache what passed before under the same conditions, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from runthrough.model.site import Site

CACHE = ("--runthrough", "--runthrough-cache", "cache")
PAGES = {
    "index": """\
Index
=====

.. toctree::

   first
   second
   alone

.. code-block:: console

   $ echo index
   index
""",
    "first": """\
First
=====

.. code-block:: console

   $ echo first >> "$LEDGER"
   $ echo one > file
""",
    "second": """\
:continues: first

Second
======

.. code-block:: console

   $ echo second >> "$LEDGER"
   $ cat file
   one

.. code-block:: console
   :skip: it needs hot water

   $ brew
""",
    "alone": """\
Alone
=====

.. code-block:: console

   $ echo alone >> "$LEDGER"
""",
}
CONF = """\
project = "x"
runthrough_environment = ["LEDGER"]
"""
ALL = ["first", "second", "alone"]


class Project:
    """A site of four pages, three of which note that they were run."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pytester = pytester
        self.docs = pytester.mkdir("docs")
        self.ledger = pytester.path / "ledger"
        # As a path that isn't absolute: what these lead to counts.
        monkeypatch.setenv("LEDGER", f"{'../' * 20}{str(self.ledger)[1:]}")
        (self.docs / "conf.py").write_text(CONF)
        for name, text in PAGES.items():
            (self.docs / f"{name}.rst").write_text(text)
        self.said = ""
        """All that the last run has printed."""

    def edit(self, name: str, old: str, new: str) -> None:
        file = self.docs / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    def put_in_git(self) -> None:
        self.pytester.run("git", "init", "-q")
        ignored = "ledger\n*.pyc\n.pytest_cache\n"
        (self.pytester.path / ".gitignore").write_text(ignored)

    def run(self, *arguments: str, status: int = 0) -> list[str]:
        """Run pages with the cache; return which of them were run."""
        self.ledger.write_text("")
        ran = self.pytester.runpytest_inprocess(*CACHE, *(arguments or ("docs",)))
        self.said = ran.stdout.str()
        assert ran.ret == status, self.said
        return self.ledger.read_text().split()

    @property
    def counted(self) -> str:
        """What the closing line says of the cache."""
        found = re.search(r"(\d+ pages?) from the cache.*?, (\d+) run", self.said)
        assert found, self.said
        return f"{found[1]}, {found[2]}"


@pytest.fixture
def project(pytester: pytest.Pytester, samples: Site, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The samples are read before it, since pytester forgets what is imported while it runs."""
    return Project(pytester, monkeypatch)


def test_a_page_that_passed_is_not_run_again_and_says_when_and_where_it_was(
    project: Project,
) -> None:
    results = project.docs / "results.json"
    write = ("--runthrough-results", str(results), "docs")
    assert project.run(*write) == ALL
    assert project.counted == "0 pages, 4"
    before = json.loads(results.read_text())["pages"]
    assert project.run("--runthrough-show-steps", *write) == []
    assert project.counted == "4 pages, 0"
    assert "\nsecond\n  cached: ran 20" in project.said
    after = json.loads(results.read_text())["pages"]
    for page, steps in after.items():
        for new, old in zip(steps, before[page], strict=True):
            assert new["ran_on"]
            assert new["is_reused"]
            assert (new["verdict"], new["counts"]) == (old["verdict"], old["counts"])
            assert new["when"] <= old["when"]


def test_a_page_that_must_be_run_costs_its_chain_and_nothing_else(project: Project) -> None:
    project.run()
    project.edit("second.rst", "$ cat file", "$ cat  file")
    assert project.run() == ["first", "second"]
    assert project.counted == "2 pages, 2"
    assert project.run() == []
    project.edit("first.rst", "echo one", "echo  one")
    assert project.run() == ["first", "second"]


def test_prose_is_no_part_of_what_led_to_a_page(project: Project) -> None:
    project.run()
    project.edit("first.rst", "=====\n", "=====\n\nWe make a file.\n")
    assert project.run() == []


def test_a_page_that_failed_is_not_kept_nor_what_continues_from_it(project: Project) -> None:
    project.edit("first.rst", "echo one > file", "echo one | tee file\n   two")
    assert project.run(status=1) == ALL
    assert project.run(status=1) == ["first", "second"]
    assert project.counted == "2 pages, 2"


def test_a_selection_takes_what_it_needs(project: Project) -> None:
    project.run()
    assert project.run("docs", "-k", "echo and second") == []
    assert project.counted == "1 page, 0"
    project.edit("second.rst", "$ cat file", "$ cat  file")
    assert project.run("docs/second.rst") == ["first", "second"]
    assert project.run("docs/second.rst", "-k", "echo and second") == []
    project.edit("second.rst", "$ cat  file", "$ cat   file")
    assert project.run("docs", "-k", "echo and second") == ["first", "second"]
    assert project.run("docs/second.rst") == ["first", "second"]  # a part of a page isn't kept


def test_a_page_that_was_run_without_the_one_before_is_not_kept(project: Project) -> None:
    reason = "not cached, because first, which it continues from, isn't in the cache: second"
    for _ in range(2):
        assert project.run("docs/second.rst") == ["first", "second"]
        assert reason in project.said
    assert project.run() == ALL
    assert reason not in project.said


def test_workers_take_and_add_the_same(project: Project) -> None:
    assert sorted(project.run("docs", "-n", "2")) == sorted(ALL)
    assert project.run() == []
    project.edit("alone.rst", "echo alone", "echo  alone")
    assert project.run("docs", "-n", "2") == ["alone"]
    assert project.counted == "3 pages, 1"


def test_a_folder_from_another_machine_is_used(project: Project) -> None:
    project.run()
    cache = project.pytester.path / "cache"
    shutil.copytree(cache, project.pytester.path / "copy")
    shutil.rmtree(cache)
    assert project.run("--runthrough-cache", "copy", "docs") == []


def test_a_refresh_runs_all_and_takes_back_what_is_wrong_by_now(project: Project) -> None:
    outside = '   $ echo alone >> "$LEDGER"\n   $ test -s $LEDGER.here || echo gone\n'
    project.edit("alone.rst", '   $ echo alone >> "$LEDGER"\n', outside)
    here = Path(f"{project.ledger}.here")
    here.write_text("here\n")
    assert project.run() == ALL
    here.unlink()  # by a path that isn't on the page
    assert project.run() == []
    assert project.run("--runthrough-cache-refresh", "docs", status=1) == ALL
    assert project.run(status=1) == ["alone"]


def test_what_is_too_old_is_run(project: Project) -> None:
    project.run()
    assert project.run("--runthrough-cache-days", "0.0000001", "docs") == ALL
    assert "which is too long ago" in project.said


def test_what_is_damaged_is_run_and_named(project: Project) -> None:
    project.run()
    for file in (project.pytester.path / "cache").glob("*.runthrough"):
        file.write_bytes(file.read_bytes()[:-7])
    assert project.run() == ALL
    assert project.said.count("it's damaged: its digest doesn't match") == 4
    assert project.run() == []


def test_runs_at_the_same_time_share_a_folder(project: Project) -> None:
    project.ledger.write_text("")
    command = [sys.executable, "-m", "pytest", "-q", *CACHE, "docs"]
    runs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    for run in runs:
        printed = run.communicate()[0]
        assert run.returncode == 0, printed
        assert "4 run" in printed
        assert "--runthrough-cache:" not in printed
    assert sorted(project.ledger.read_text().split()) == sorted(ALL * 2)
    assert project.run() == []
    assert project.counted == "4 pages, 0"


def test_a_file_of_the_cache_is_no_folder(project: Project) -> None:
    (project.pytester.path / "cache").write_text("mine\n")
    ran = project.pytester.runpytest_inprocess(*CACHE, "docs")
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines(["*cache exists, but it isn't a folder*"])


def test_a_cache_that_cannot_be_written_spoils_nothing(project: Project) -> None:
    (project.pytester.path / "file").write_text("")
    assert project.run("--runthrough-cache", "file/cache", "docs") == ALL
    assert "nothing more was written to" in project.said


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (
            "docs/conftest.py",
            "def pytest_runthrough_start_page(page, start):\n    pass\n",
            "a pytest_runthrough_start_page hook sets up",
        ),
        (
            "docs/conftest.py",
            "import pytest\n@pytest.fixture(autouse=True)\ndef kettle():\n    pass\n",
            "the fixture 'kettle' sets up the page",
        ),
        ("docs/conf.py", CONF + "runthrough_uncached = ['*']\n", "runthrough_uncached lists"),
        (
            "docs/conf.py",
            CONF + "runthrough_services = {'pot': {'class': 'pot:Pot'}}\n",
            "runthrough_services has a service",
        ),
    ],
)
def test_what_a_key_cannot_see_is_always_run(
    project: Project, name: str, text: str, reason: str
) -> None:
    (project.docs / "pot.py").write_text(POT)
    (project.pytester.path / name).write_text(text)
    for _ in range(2):
        assert project.run() == ALL
        assert f"not cached, because {reason}" in project.said
    assert not list(project.pytester.path.glob("cache/*.runthrough"))


POT = """\
from contextlib import contextmanager
from runthrough.services import Instance

class Running:
    name, version, address, path = "Pot", "1", "here", ()
    def create(self, template): return Instance("pot")
    def has(self, instance): return True
    def drop(self, instance): pass
    def drop_all_but(self, names): pass
    def contents(self, instance): return {}

class Pot:
    def can_keep(self, environ): return True
    @contextmanager
    def start(self, launch): yield Running()
"""


def test_a_given_server_is_never_proven(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from runthrough.cache.provable import reason_against_site
    from runthrough.reading.site import read_site

    database = "runthrough_database = 'postgresql://ada:secret@localhost:5432/tea'\n"
    (project.docs / "conf.py").write_text(CONF + database)
    site = read_site(project.docs, project.pytester.path / "doctrees")
    assert reason_against_site(site, {}) == ""
    given = {"DATABASE_URL": "postgresql://ada@db/tea"}
    assert "the server that DATABASE_URL names" in reason_against_site(site, given)


def test_what_changes_while_pages_run_is_not_kept(project: Project) -> None:
    given = project.pytester.path / "given.txt"
    given.write_text("one\n")
    project.edit("alone.rst", "   $ echo alone", f"   $ echo two > {given}\n   $ echo alone")
    project.run()
    assert "not cached, because something that led to the page has changed since" in project.said
    assert project.run() == ["alone"]


def test_what_a_variable_of_the_project_names_counts(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = project.pytester.path / "given.txt"
    given.write_text("one\n")
    monkeypatch.setenv("GIVEN", f"file={given}")
    (project.docs / "conf.py").write_text(CONF.replace("]", ', "GIVEN"]'))
    project.edit("alone.rst", "   $ echo alone", "   $ cat ${GIVEN#*=}\n   one\n   $ echo alone")
    assert project.run() == ALL
    assert project.run() == []
    given.write_text("two\n")
    assert project.run(status=1) == ALL


def test_what_a_conftest_imports_counts(project: Project) -> None:
    beside = project.docs / "beside.py"
    beside.write_text("COLOUR = 'green'\n")
    (project.docs / "conftest.py").write_text("import beside\n")
    for _ in range(2):
        assert project.run() == ALL  # outside of git, nothing says what belongs to the project
    project.put_in_git()
    assert project.run() == ALL
    assert project.run() == []
    beside.write_text("COLOUR = 'black'\n")
    assert project.run() == ALL


def test_a_pattern_of_pages_that_are_not_there_is_an_error(project: Project) -> None:
    (project.docs / "conf.py").write_text(CONF + "runthrough_uncached = ['alnoe']\n")
    project.run(status=2)
    assert "runthrough_uncached" in project.said


def test_what_is_packed_for_download_is_there_after_a_run_from_the_cache(
    project: Project,
) -> None:
    (project.docs / "conf.py").write_text(
        CONF + "runthrough_checkpoints = {'first': {'folder': '.', 'begin': ['ls']}}\n"
    )
    assert project.run() == ALL
    (archive,) = project.docs.glob("_build/runthrough/checkpoints/*.zip")
    data = archive.read_bytes()
    shutil.rmtree(project.docs / "_build")
    assert project.run() == []
    assert archive.read_bytes() == data


def test_what_is_packed_long_before_it_is_reported_is_kept(project: Project) -> None:
    # The second page is read first, and has the first one run; that one is reported afterwards.
    project.edit("index.rst", "   first\n   second\n", "   second\n   first\n")
    project.edit("second.rst", "   $ cat file", "   $ sleep 1.5; cat file")
    (project.docs / "conf.py").write_text(
        CONF + "runthrough_checkpoints = {'first': {'folder': '.', 'begin': ['ls']}}\n"
    )
    assert project.run() == ALL
    assert project.run() == []


def test_an_archive_that_a_page_no_longer_packs_is_named(project: Project) -> None:
    (project.docs / "conf.py").write_text(
        CONF + "runthrough_checkpoints = {'first': {'folder': 'pot', 'begin': ['ls']}}\n"
    )
    archive = project.docs / "_build" / "runthrough" / "checkpoints" / "first.zip"
    archive.parent.mkdir(parents=True)
    archive.touch()
    assert project.run() == ALL
    said = "not cached, because what it offers for download is older than this run: first"
    assert said in project.said
    assert project.run() == ["first", "second"]


def test_a_page_before_the_folder_that_is_packed_is_kept(project: Project) -> None:
    (project.docs / "conf.py").write_text(
        CONF + "runthrough_checkpoints = {'*': {'folder': 'pot', 'begin': ['ls']}}\n"
    )
    project.edit("second.rst", "   $ cat file", "   $ mkdir pot && cp file pot\n   $ cat file")
    assert project.run() == ALL
    (archive,) = project.docs.glob("_build/runthrough/checkpoints/*.zip")
    archive.unlink()
    assert project.run() == []
    assert archive.exists()


@pytest.mark.parametrize(
    ("confdir", "page"),
    [("docs", "docs/alone.rst"), (".", "alone.rst")],
    ids=["in a folder", "at the top"],
)
def test_any_file_of_a_project_whose_programs_pages_run_counts(
    project: Project, confdir: str, page: str
) -> None:
    root = project.pytester.path
    if confdir == ".":
        for file in list(project.docs.iterdir()):
            file.rename(root / file.name)
    programs = project.pytester.mkdir("programs")
    (programs / "brew").write_text('#!/bin/bash\ncat "${0%/*}/../data/tea"\n')
    (programs / "brew").chmod(0o755)
    data = project.pytester.mkdir("data") / "tea"
    data.write_text("green\n")
    path = "programs" if confdir == "." else "../programs"
    (root / confdir / "conf.py").write_text(f"{CONF}runthrough_path = [{path!r}]\n")
    text = (root / page).read_text()
    (root / page).write_text(text + "   $ brew\n   green\n")
    project.put_in_git()
    assert project.run(page) == ["alone"]
    assert project.run(page) == []
    data.write_text("black\n")
    assert project.run(page, status=1) == ["alone"]
