"""Whatever a page does or meets: the run ends, reports at file:line, and leaves nothing behind."""

from __future__ import annotations

import pytest

from tests.attacks.attack import Attack, try_attack
from tests.attacks.table import ATTACKS

pytestmark = [pytest.mark.attack, pytest.mark.slow]
TRIED = [attack for attack in ATTACKS if attack.is_for_us and not attack.slow]


@pytest.mark.parametrize("attack", TRIED, ids=[attack.name for attack in TRIED])
def test_an_attack(attack: Attack) -> None:
    verdict = try_attack(attack)
    assert verdict.wrong == (), verdict.output
