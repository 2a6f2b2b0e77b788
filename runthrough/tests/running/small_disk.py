"""Run pages where the temporary folder is a small file system of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

needs_unshare = pytest.mark.skipif(shutil.which("unshare") is None, reason="needs util-linux")
MOUNTED = """\
mount -t tmpfs -o size=3m none "$TMPDIR" || exit 77
exec "$@"
"""


def printed_on_small_disk(pytester: pytest.Pytester) -> str:
    """Run the pages in `docs`, with 3 MB for temporary files; return what pytest prints."""
    pytester._monkeypatch.setenv("TMPDIR", str(pytester.mkdir("t")))
    command = [sys.executable, "-m", "pytest", "--runthrough", "-p", "no:cacheprovider", "docs"]
    done = subprocess.run(
        ["unshare", "-Urm", "bash", "-c", MOUNTED, "bash", *command],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        pytest.skip("this machine lets nobody mount here")
    return done.stdout
