"""What a run can reach, and what it leaves to others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.living import PATIENCE

pytestmark = pytest.mark.slow

SECRET = "t0p-s3cret"
ENVIRONMENT = """\
Page
====

.. code-block:: console

   $ env | grep -c t0p-s3cret > found; cat found
   0
   ...
   $ cat /proc/$PPID/environ | grep -c t0p-s3cret > found; cat found
   0
   ...
"""
SLEEPS = """\
Page
====

.. code-block:: console

   $ touch {started}
   $ sleep 300
"""


def project(folder: Path, page: str) -> Path:
    docs = folder / "docs"
    docs.mkdir(parents=True)
    (docs / "conf.py").write_text("")
    (docs / "index.rst").write_text(page)
    return folder


def start(folder: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "--runthrough", "docs"],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Our own caller may ignore Ctrl-C, as a job in the background of a script does.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@pytest.mark.ordinary_user
def test_no_run_can_read_a_secret_of_its_caller(tmp_path: Path) -> None:
    page = ENVIRONMENT.replace("; cat found", " || cat found").replace("   ...\n", "")
    said, _ = start(project(tmp_path, page), DEPLOY_TOKEN=SECRET).communicate()
    assert "2 passed" in said, said


def test_a_variable_gets_in_where_conf_py_names_it(tmp_path: Path) -> None:
    page = "Page\n====\n\n.. code-block:: console\n\n   $ echo $DEPLOY_TOKEN\n   t0p-s3cret\n"
    folder = project(tmp_path, page)
    said, _ = start(folder, DEPLOY_TOKEN=SECRET).communicate()
    assert "1 failed" in said
    (folder / "docs" / "conf.py").write_text("runthrough_environment = ['DEPLOY_TOKEN']\n")
    said, _ = start(folder, DEPLOY_TOKEN=SECRET).communicate()
    assert "2 passed" in said, said


def test_ctrl_c_says_what_was_unfinished(tmp_path: Path) -> None:
    started = tmp_path / "started"
    process = start(project(tmp_path / "site", SLEEPS.format(started=started)))
    while not started.exists() and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert f"interrupted before it was finished: docs/index.rst:6: $ touch {started}" in said


@pytest.mark.ordinary_user
def test_two_runs_of_one_clone_do_not_meet(tmp_path: Path) -> None:
    address = "postgresql://reader:secret@localhost:5432/reader_base"
    page = "Page\n====\n\n.. code-block:: console\n\n   $ mkdir made; sleep 0.5; ls\n   made\n"
    folder = project(tmp_path, page)
    (folder / "docs" / "conf.py").write_text(f"runthrough_database = '{address}'\n")
    runs = [start(folder) for _ in range(2)]
    for run in runs:
        said, _ = run.communicate()
        assert "2 passed" in said, said
