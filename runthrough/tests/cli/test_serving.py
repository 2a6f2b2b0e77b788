"""`runthrough serve` builds, serves and runs a site, and leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

pytest.importorskip("sphinx_autobuild")


@pytest.mark.slow
def test_sigterm_ends_the_server_and_the_run(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").touch()
    (docs / "index.rst").write_text("Tea\n===\n\n.. code-block:: console\n\n   $ sleep 3600\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "runthrough", "serve", "--", "--port", "0"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    while "Serving on http" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    # It comes to an end only when no process holds the pipe any more.
    printed = process.stdout.read()
    assert process.wait() == 0
    built = docs / "_build" / "html"
    assert printed.endswith(f"\nStopped. The pages from the last build are in {built}.\n")
    assert (built / "index.html").exists()
    running = [" ".join(one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"])]
    assert [line for line in running if str(tmp_path) in line] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["docs", "docs/conf.py"], 2, "docs/conf.py is a file: give a folder to build the site in"),
        (["docs", "--watch", "src"], 2, "--watch: there's no folder src; fix the path, or make"),
        (["docs", "--", "--no-such"], 1, "serve: the server ended by itself, with status 2"),
    ],
)
def test_a_server_that_cannot_run_is_an_error(
    tmp_path: Path, arguments: list[str], status: int, said: str
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "conf.py").touch()
    (tmp_path / "docs" / "index.rst").write_text("Tea\n===\n")
    command = [sys.executable, "-m", "runthrough", "serve", *arguments]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == status
    assert said in ran.stderr
