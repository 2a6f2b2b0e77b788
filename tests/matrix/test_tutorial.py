"""pytest's report on a run becomes a verdict."""

from __future__ import annotations

import pytest

from matrix.installing import NotInstalledError
from matrix.results import Failure, Result
from matrix.tutorial import ENGINE, read

PASSED = '<testcase name="a"/>'
SKIPPED = '<testcase name="b"><skipped message="blocked"/></testcase>'
SKIPPED_BLOCK = '<testcase name="b"><skipped message="skipped: A picture."/></testcase>'
FAILED = """\
<testcase name="c">
  <properties><property name="place" value="docs/tutorial/install.rst:71"/></properties>
  <failure message="short">command: pip check
the page expects nothing

</failure>
</testcase>
"""


def ran(*steps: str) -> Result:
    return read(f"<testsuites><testsuite>{''.join(steps)}</testsuite></testsuites>", {})


def test_what_runs_the_pages_is_a_package_that_pip_can_install() -> None:
    assert 'name = "runthrough"' in (ENGINE / "pyproject.toml").read_text()


def test_a_run_in_which_every_step_passed_works() -> None:
    assert ran(PASSED, PASSED) == Result("works", passed=("2 steps of the tutorial",))


def test_what_a_page_skips_is_not_missing() -> None:
    assert ran(PASSED, SKIPPED_BLOCK) == Result("works", passed=("1 steps of the tutorial",))


def test_a_run_with_a_failure_fails_at_its_place() -> None:
    expected = (Failure("docs/tutorial/install.rst:71", "the page expects nothing"),)
    result = ran(PASSED, FAILED, SKIPPED)
    assert (result.verdict, result.failures) == ("fails", expected)


@pytest.mark.parametrize("steps", [(), (SKIPPED,), (PASSED, SKIPPED), (SKIPPED_BLOCK,)])
def test_a_run_that_left_something_out_is_none(steps: tuple[str, ...]) -> None:
    with pytest.raises(NotInstalledError):
        ran(*steps)
