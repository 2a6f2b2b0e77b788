"""What another clock and another locale change, and what they leave alone."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest

from runthrough.twice.variations import LATER, Variation, other_clock, other_locale

WAITS = "import datetime, time; time.sleep(0.01); print(datetime.date.today())"


def run(variation: Variation, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a program under a variation; skip the test where this machine can't vary it."""
    if variation.missing:
        pytest.skip(variation.missing)
    environment = {**os.environ, **variation.environment}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def test_a_program_waits_as_usual_on_another_day() -> None:
    first = date.today()
    ran = run(other_clock(), sys.executable, "-c", WAITS)
    assert ran.stderr == ""
    assert date.fromisoformat(ran.stdout.strip()) in {first + LATER, date.today() + LATER}


def test_messages_stay_in_english_in_another_locale() -> None:
    ran = run(other_locale(), "bash", "-c", "cd /nowhere; echo $LC_ALL$LC_MESSAGES")
    assert "No such file or directory" in ran.stderr
    assert ran.stdout == "C.UTF-8\n"
