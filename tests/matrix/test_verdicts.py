"""The lines of a probe become a verdict."""

from __future__ import annotations

import json

from matrix.results import Failure, Result
from matrix.verdicts import read

STEPS = ("import", "async work", "bulk insert", "drop tables", "autogenerate", "upgrade", "check")


def printed(*steps: str, **errors: str) -> str:
    said = [*((step, None) for step in steps), *errors.items()]
    return "".join(json.dumps({"step": step, "error": error}) + "\n" for step, error in said)


def verdict(output: str, errors: str = "", before: list[Failure] | None = None) -> Result:
    return read(output, errors, {"python": "3.12.1"}, before or [])


def test_a_probe_that_reaches_its_end_works() -> None:
    result = verdict(printed(*STEPS, "end"))
    assert result == Result("works", {"python": "3.12.1"}, (), STEPS)


def test_a_step_that_a_project_can_live_without_makes_it_work_partly() -> None:
    result = verdict(printed("import", "end", check="invalid choice"))
    assert (result.verdict, result.failures) == ("partly", (Failure("check", "invalid choice"),))


def test_a_step_that_a_project_needs_makes_it_fail() -> None:
    assert verdict(printed("import", "end", downgrade="no")).verdict == "fails"


def test_a_probe_that_is_killed_fails_although_all_that_it_said_was_good() -> None:
    result = verdict(printed(*STEPS), "Segmentation fault\n\n")
    assert result.verdict == "fails"
    assert result.failures == (Failure("after check", "Segmentation fault"),)


def test_a_probe_that_is_killed_fails_although_it_has_failed_only_in_part() -> None:
    result = verdict(printed("import", check="invalid choice"), "Killed")
    assert result.verdict == "fails"
    assert result.failures[-1] == Failure("after check", "Killed")


def test_a_probe_that_says_nothing_fails() -> None:
    assert verdict("").failures == (Failure("after the start", "nothing was printed"),)


def test_what_only_went_in_by_force_fails_and_both_errors_are_told() -> None:
    refused = Failure("install", "alembic 1.15.1 depends on SQLAlchemy>=1.4.0")
    assert verdict(printed(*STEPS, "end"), before=[refused]).verdict == "fails"
    both = verdict(printed(**{"import": "AttributeError"}), before=[refused]).failures
    assert both == (refused, Failure("import", "AttributeError"))


def test_what_a_library_prints_in_between_is_no_step() -> None:
    noise = 'null\n3\n{}\n["step"]\nUserWarning: pkg_resources\n'
    assert verdict(noise + printed("import", "end") + noise).passed == ("import",)
