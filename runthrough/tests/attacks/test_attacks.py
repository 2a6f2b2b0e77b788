"""Whatever a page does or meets: the run ends, reports at file:line, and leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.attack import Attack, try_attack, try_together
from tests.attacks.table import ATTACKS

pytestmark = [pytest.mark.attack, pytest.mark.slow]
ABOUT_USERS = {"supervisors", "disks", "folders", "many"}
"""Topics whose attacks meet permissions and limits that root is above."""


def parameters(*, alone: bool) -> list[Any]:
    """Return the attacks on whole runs one by one, and those of pages by their topic."""
    parameters: list[Any] = []
    for topic, attacks in ATTACKS.items():
        marks = [pytest.mark.ordinary_user] if topic in ABOUT_USERS else []
        tried = [
            attack
            for attack in attacks
            if attack.is_for_us and not attack.slow and attack.needs_own_run == alone
        ]
        if alone:
            for attack in tried:
                parameters.append(pytest.param(attack, marks=marks, id=attack.name))
        elif tried:
            parameters.append(pytest.param(tried, marks=marks, id=topic))
    return parameters


@pytest.mark.parametrize("attack", parameters(alone=True))
def test_an_attack_on_a_run(attack: Attack) -> None:
    verdict = try_attack(attack)
    assert not verdict.wrong, "\n".join([*verdict.wrong, verdict.output])


@pytest.mark.parametrize("attacks", parameters(alone=False))
def test_attacks_on_pages_of_one_run(attacks: list[Attack]) -> None:
    verdict = try_together(attacks)
    assert not verdict.wrong, "\n".join([*verdict.wrong, verdict.output])
