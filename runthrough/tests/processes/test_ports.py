"""No two runs use the same port at a time."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from runthrough.processes.ports import PortError, claim, claim_free, is_free

OTHER = """\
import time
from runthrough.processes.ports import claim_free
print(claim_free(5000).number, flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the claims of these tests apart from those of runs."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_a_free_port_has_as_many_digits_as_the_one_that_is_shown() -> None:
    for like in (5000, 8000, 27017):
        port = claim_free(like)
        assert len(str(port.number)) == len(str(like))
        assert is_free(port.number)
        port.release()
    assert claim_free(80).number >= 1024


def test_a_port_on_which_something_listens_is_not_free() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        assert not is_free(listening.getsockname()[1])


def test_a_claimed_port_is_waited_for(tmp_path: Path) -> None:
    first = claim_free(5000)
    with pytest.raises(PortError, match=f"another run has used port {first.number} for 0.2 s"):
        claim(first.number, 0.2)
    threading.Timer(0.3, first.release).start()
    second = claim(first.number, 20)
    assert second.number == first.number
    second.release()
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_killed_holds_no_port(tmp_path: Path) -> None:
    environment = {"TMPDIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert other.stdout is not None
    number = int(other.stdout.readline())
    with pytest.raises(PortError):
        claim(number, 0.2)
    other.kill()
    other.wait()
    other.stdout.close()
    claim(number, 20).release()


def test_many_claims_at_a_time_are_all_different() -> None:
    claimed = [claim_free(5000) for _ in range(20)]
    assert len({port.number for port in claimed}) == 20
    for port in claimed:
        port.release()
