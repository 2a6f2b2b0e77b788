from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from runthrough.processes import rundir
from tests.services.postgresql.runs import Base, Start

HOLD = """
import sys, time
from pathlib import Path
from runthrough.processes import rundir
print(rundir.create(Path(sys.argv[1])).path, flush=True)
time.sleep(60)
"""


def test_the_folder_of_a_living_run_stays(tmp_path: Path) -> None:
    run = rundir.create(tmp_path)
    assert rundir.sweep([tmp_path]) == []
    assert run.path.is_dir()
    run.remove()
    assert not run.path.exists()


@pytest.mark.ordinary_user
def test_only_we_can_enter_a_new_folder(tmp_path: Path) -> None:
    run = rundir.create(tmp_path)
    assert run.path.stat().st_mode & 0o777 == 0o700
    assert run.path.name.startswith(f"runthrough-{os.geteuid()}-")
    run.remove()


@pytest.mark.ordinary_user
def test_the_folder_of_a_killed_run_goes(start: Start, base: Base) -> None:
    run = start("-c", HOLD, str(base.path))
    left = Path(run.ready())
    (left / "cluster").mkdir()
    assert rundir.sweep([base.path]) == []
    run.end(signal.SIGKILL)
    assert rundir.sweep([base.path]) == [left]
    assert not left.exists()


def test_what_no_run_has_locked_is_not_ours_to_remove(tmp_path: Path) -> None:
    prefix = f"runthrough-{os.geteuid()}-"
    (tmp_path / f"{prefix}other").mkdir()
    (tmp_path / f"{prefix}file").touch()
    real = rundir.create(tmp_path / f"{prefix}other")
    os.close(real.lock)
    (tmp_path / f"{prefix}link").symlink_to(real.path)
    assert rundir.sweep([tmp_path]) == []
    assert len(list(tmp_path.iterdir())) == 3
