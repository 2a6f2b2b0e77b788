"""A service of a project's own: a real Valkey, which its pages use at the address they show."""

from __future__ import annotations

import importlib
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from runthrough.model.converting import ServiceClass
from runthrough.processes.rundir import run_directory
from runthrough.running.shared import Shared
from runthrough.running.snapshots.store import Store
from runthrough.services import Launch, ServiceError
from runthrough.services.configured import find_modules_in, made
from runthrough.services.programs import run_program
from tests.living import below, living, wait_until

SERVICE = Path(__file__).with_name("valkey_service.py")
CONF = """\
runthrough_services = {
    "store": {"class": "valkey_service:Valkey", "address": "localhost:6379/0"},
}
runthrough_environment = ["PATH", "LEDGER"]
"""
SHOP = """\
Shop
====

.. toctree::

   sold-out
   restocked

.. code-block:: python
   :caption: shop.py
   :create:

   import sys

   import valkey

   shop = valkey.from_url("valkey://localhost:6379/0", decode_responses=True)
   print(shop.execute_command(*sys.argv[1:]))

.. code-block:: console

   $ python shop.py KEYS "*"
   []
   $ python shop.py SET tea green
   True
   $ echo "The shop is at $STORE"
   The shop is at localhost:6379/0
   $ echo $STORE >> "$LEDGER"
"""
SOLD_OUT = """\
:continues: index

Sold out
========

.. code-block:: console

   $ python shop.py GETDEL tea
   green
   $ grep -o "valkey:[^\\"]*" shop.py
   valkey://localhost:6379/0
   $ echo $STORE
   localhost:6379/0
   $ echo $STORE >> "$LEDGER"
"""
RESTOCKED = """\
:continues: index

Restocked
=========

.. code-block:: console

   $ python shop.py APPEND tea " and black"
   15
   $ python shop.py GET tea
   green and black
   $ echo $STORE >> "$LEDGER"
"""
STEPS = 7


@pytest.fixture
def docs(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A site of three pages, two of which begin with what the first leaves in the store."""
    temporary = str(tmp_path_factory.mktemp("temporary"))
    monkeypatch.setenv("TMPDIR", temporary)
    monkeypatch.setattr(tempfile, "tempdir", temporary)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    monkeypatch.setenv("LEDGER", str(pytester.path / "ledger"))
    docs = pytester.mkdir("docs")
    shutil.copy(SERVICE, docs)
    (docs / "conf.py").write_text(CONF)
    for name, text in (("index", SHOP), ("sold-out", SOLD_OUT), ("restocked", RESTOCKED)):
        (docs / f"{name}.rst").write_text(text)
    return docs


Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, docs: Path) -> Run:
    """Run the site, or some of its pages, as a person does; nothing is left running."""

    def run(*arguments: str) -> pytest.RunResult:
        result = pytester.runpytest_subprocess("--runthrough", *(arguments or ("docs",)))
        assert servers() == []
        return result

    return run


def servers() -> list[psutil.Process]:
    """Return the living servers that were started for this test."""
    folder = tempfile.gettempdir()
    return living(lambda one: one.name().startswith("valkey") and one.cwd().startswith(folder))


def test_each_page_has_a_store_at_the_address_that_it_shows(run: Run) -> None:
    result = run()
    result.assert_outcomes(passed=STEPS)
    result.stdout.re_match_lines([r"ran 3 pages: .* on Valkey \d+\.\d+\.\d+; 0 blocks skipped"])


def test_workers_share_one_server(run: Run, pytester: pytest.Pytester) -> None:
    result = run("-n", "2", "docs")
    result.assert_outcomes(passed=STEPS)
    used = (pytester.path / "ledger").read_text().split()
    assert len(set(used)) == len(used) == 3  # each page's own
    assert len({address.partition("/")[0] for address in used}) == 1
    result.stdout.re_match_lines([r"ran 3 pages: .* on Valkey \d+\.\d+\.\d+; 0 blocks skipped"])


def test_another_process_finds_the_module(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    find_modules_in(docs)
    service = importlib.import_module(SERVICE.stem).RunningValkey("localhost:6379/0", 7000, "9.1")
    shared = Shared(Store(docs), {"store": service}, "a run", docs)
    program = "import pickle, sys; print(pickle.load(sys.stdin.buffer).services['store'].address)"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(shared),
        capture_output=True,
        cwd="/",
        check=True,
    )
    assert ran.stdout == b"127.0.0.1:7000\n"


def test_what_an_earlier_run_has_kept_is_used_again(run: Run, docs: Path) -> None:
    run("--runthrough-reuse", "docs").assert_outcomes(passed=STEPS)
    page = docs / "restocked.rst"
    page.write_text(page.read_text().replace("GET tea", "GET  tea"))
    result = run("--runthrough-reuse", "docs")
    result.assert_outcomes(passed=STEPS)
    result.stdout.re_match_lines([r"ran 3 pages: .*; 5 steps reused from \d\d:\d\d, 2 run"])


def test_a_service_that_changes_makes_all_pages_new(run: Run, docs: Path) -> None:
    run("--runthrough-reuse", "docs").assert_outcomes(passed=STEPS)
    with (docs / SERVICE.name).open("a") as file:
        file.write("# changed\n")
    result = run("--runthrough-reuse", "docs")
    result.stdout.fnmatch_lines(["ran 3 pages: *; 0 steps reused, 7 run"])


def test_a_difference_is_reported_with_the_pages_address(run: Run, docs: Path) -> None:
    page = docs / "sold-out.rst"
    page.write_text(page.read_text().replace("   green\n", "   black\n", 1))
    result = run("docs/sold-out.rst")
    result.stdout.fnmatch_lines(["*docs/sold-out.rst:9: the output is not what the page shows*"])
    page.write_text(SOLD_OUT.replace("   valkey://localhost:6379/0\n", "   valkey://nowhere\n"))
    result = run("docs/sold-out.rst")
    result.stdout.fnmatch_lines(["*+valkey://localhost:6379/0"])
    result.stdout.no_fnmatch_line("*127.0.0.1*")


def test_a_killed_run_leaves_no_server(
    pytester: pytest.Pytester, docs: Path, tmp_path: Path
) -> None:
    sleeps = SHOP.replace('   $ echo "The', '   $ sleep 300\n   $ echo "The')
    (docs / "index.rst").write_text(sleeps)
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "--runthrough", "docs"], stdout=subprocess.DEVNULL
    )
    wait_until(lambda: below(process.pid, "sleep 300") != [])
    assert len(servers()) == 1
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_until(lambda: servers() == [])
    left = Path(tempfile.gettempdir())
    wait_until(lambda: list(left.glob("runthrough-*/services/store/*")) == [])


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("not_there:Store", "not_there:Store can't be imported: ModuleNotFoundError"),
        ("valkey_service:Other", "valkey_service:Other can't be imported: AttributeError"),
        ("valkey_service:Valkey", "valkey_service:Valkey refuses its options: .*'address'"),
    ],
)
def test_a_class_that_cant_be_made_is_named(
    docs: Path, monkeypatch: pytest.MonkeyPatch, path: str, reason: str
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    with pytest.raises(ServiceError, match=rf"services\['store'\]: {reason}"):
        made("store", ServiceClass(path, {}), docs)


def test_whatever_a_service_raises_is_said_with_its_name(run: Run, docs: Path) -> None:
    (docs / "broken.py").write_text(
        "class Store:\n"
        "    def can_keep(self, environ): return True\n"
        "    def start(self, launch): raise KeyError('no program')\n"
    )
    (docs / "conf.py").write_text("runthrough_services = {'store': {'class': 'broken:Store'}}\n")
    result = run("docs/index.rst")
    result.assert_outcomes(failed=1, skipped=2)
    assert "Traceback" not in result.stdout.str()
    result.stdout.fnmatch_lines(["the service 'store' can't start: KeyError: 'no program'"])


def test_a_program_that_ends_is_shown_with_its_log(tmp_path: Path) -> None:
    with run_directory() as own:
        launch = Launch(tmp_path, False, os.environ, print, own)
        argv = ["/bin/sh", "-c", "echo no memory >&2; exit 3"]
        with (
            pytest.raises(ServiceError, match=r"/bin/sh ended with status 3;.*\n  no memory"),
            run_program(launch, argv, lambda: False),
        ):
            raise AssertionError("it isn't ready")
