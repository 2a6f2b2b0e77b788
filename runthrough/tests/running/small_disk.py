"""Run pages where the temporary folder is a small file system of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

needs_unshare = pytest.mark.skipif(shutil.which("unshare") is None, reason="needs util-linux")
MOUNT = 'mount -t tmpfs -o size=3m none "$TMPDIR" && '
APART = ["unshare", "-Urm", "bash", "-c"]


def printed_on_small_disk(pytester: pytest.Pytester) -> str:
    """Run the pages in `docs`, with 3 MB for temporary files; return what pytest prints."""
    pytester._monkeypatch.setenv("TMPDIR", str(pytester.mkdir("t")))
    if subprocess.run([*APART, f"{MOUNT} true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount here")
    command = [sys.executable, "-m", "pytest", "--runthrough", "-p", "no:cacheprovider", "docs"]
    return subprocess.run(
        [*APART, f'{MOUNT} exec "$@"', "bash", *command],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    ).stdout
