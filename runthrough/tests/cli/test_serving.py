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
