"""What pip prints tells versions that do not go together from a machine that cannot fetch."""

from __future__ import annotations

import pytest

from matrix.installing import NotInstalledError, why

CONFLICT = """\
ERROR: Cannot install alembic==1.15.1 and gino==1.0.1 because these package versions conflict.

The conflict is caused by:
    gino 1.0.1 depends on SQLAlchemy<1.4 and >=1.2.16
    alembic 1.15.1 depends on SQLAlchemy>=1.4.0

ERROR: ResolutionImpossible: for help visit a page
"""
BUILD = """\
  error: subprocess-exited-with-error
      asyncpg/protocol.c:1:2: error: too few arguments to function '_PyLong_AsByteArray'
      error: command '/usr/bin/gcc' failed with exit code 1
      [end of output]
  ERROR: Failed building wheel for asyncpg
ERROR: Could not build wheels for asyncpg, which is required
"""
OTHER_PYTHON = """\
ERROR: Ignored the following versions that require a different python version: 9.9
ERROR: Could not find a version that satisfies the requirement asyncpg==9.9 (from versions: 0.1)
"""
NETWORK = """\
WARNING: Retrying after connection broken by 'NewConnectionError'
ERROR: Could not find a version that satisfies the requirement alembic==1.14.1 (from versions: none)
"""


def test_a_conflict_is_told_by_the_side_that_asks_for_more() -> None:
    assert why(CONFLICT) == "alembic 1.15.1 depends on SQLAlchemy>=1.4.0"


def test_a_build_is_told_by_the_compilers_own_error() -> None:
    assert why(BUILD) == "error: too few arguments to function '_PyLong_AsByteArray'"


def test_a_version_for_other_pythons_is_told_as_such() -> None:
    assert "require a different python version" in why(OTHER_PYTHON)


def test_a_machine_without_network_says_nothing_about_versions() -> None:
    with pytest.raises(NotInstalledError, match=r"pip says: ERROR: Could not find"):
        why(NETWORK)
